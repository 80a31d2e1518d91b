import ArgumentParser
import Base
import JSON
import Manifest
import Reconciler

struct PlanCommand: LookCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what apply would do. Changes nothing.")

    @OptionGroup var arguments: ManifestArguments
    @OptionGroup var options: CommonOptions
    @OptionGroup var width: ParallelOption
    @OptionGroup var time: TimeLimit

    @Flag(help: "Exit 2 where there are changes.")
    var detailedExitcode = false

    @Option(help: ArgumentHelp("Also write the plan there, for approval: reconcile apply FILE.", valueName: "file"))
    var out: String?

    @OptionGroup var release: ReleaseOptions

    func check(_ fleet: Fleet) throws(Failure) -> Fleet {
        let fleet = fleet.withoutConflicts
        if let out { try PlanWriter(path: out, options: options).check(against: fleet) }
        return fleet
    }

    func look(
        at manifest: Manifest, in member: Fleet.Member, _ access: SharedAccess
    ) async throws(Failure) -> PlanReport {
        let session = try await Session.open(
            manifest, options, access: access, ledger: .reading, terms: release.terms,
            emit: LookTalk.emit(manifest.environment, options))
        let plan = try await session.converger().plan(patience: Converger.nearTime)
        // What is blocked cannot be approved.
        let approvable =
            out == nil || plan.blocker != nil
            ? nil : try PlanFile.member(member.path, plan, of: manifest)
        return PlanReport(
            environment: manifest.environment, plan: CommandHint(manifest: member.path).fill(plan),
            approvable: approvable, countsChanges: detailedExitcode)
    }

    func finish(_ results: [(member: Fleet.Member, result: Result<PlanReport, Failure>)]) -> [Base.ExitCode] {
        guard let out else { return [] }
        let plans = results.map { _, result -> PlanFile.Member? in
            if case .success(let report) = result { report.approvable } else { nil }
        }
        return PlanWriter(path: out, options: options).write(plans, terms: release.terms)
    }
}

/// What an apply would do to an environment.
struct PlanReport: Report {
    let environment: String
    let plan: Plan
    /// nil where no file is wanted, or the plan is blocked.
    let approvable: PlanFile.Member?
    let countsChanges: Bool

    var exit: Base.ExitCode {
        if let blocker = plan.blocker { return blocker.exit }
        return countsChanges && !plan.isConverged ? .changesPending : .converged
    }

    var json: JSON { PlanJSON.render(plan, environment: environment) }
    var markdown: MarkdownText { Markdown.plan(plan, environment: environment) }

    func text(_ style: Style) -> TerminalText {
        PlanText(style: style).render(plan, environment: environment)
    }
}
