import ArgumentParser
import Base
import JSON
import Reconciler

struct PlanCommand: AsyncParsableCommand, Bounded {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what apply would do. Changes nothing.")

    @OptionGroup var arguments: ManifestArguments
    @OptionGroup var options: CommonOptions
    @OptionGroup var time: TimeLimit

    @Flag(help: "Exit 2 where there are changes.")
    var detailedExitcode = false

    @Option(help: ArgumentHelp("Also write the plan there, for approval: reconcile apply FILE.", valueName: "file"))
    var out: String?

    var limit: Duration? { time.timeout }

    func run() async throws {
        let fleet = try Invocation.load(arguments.manifests, options).withoutConflicts
        let writer = PlanWriter(path: out, options)
        try Invocation.told(options) { () throws(Failure) in try writer.check(against: fleet) }
        try await Invocation.look(fleet, options) { [options, detailedExitcode] member, shared in
            await Self.plan(member, options, shared.access, writer, detailed: detailedExitcode)
        } finally: {
            await writer.write(manifests: $0)
        }
    }

    private static func plan(
        _ member: Fleet.Member, _ options: CommonOptions, _ access: SharedAccess, _ writer: PlanWriter,
        detailed: Bool
    ) async -> Invocation.End {
        var environment = member.environment
        do {
            let manifest = try member.manifest.get()
            environment = manifest.environment
            let session = try await Session.open(
                manifest, options, access: access, ledger: .reading, emit: LookTalk.emit(manifest.environment, options))
            let plan = try await session.converger().plan()
            try await writer.take(member.path, plan, environment: manifest.environment)
            let exit: Base.ExitCode =
                if let blocker = plan.blocker { blocker.exit } else {
                    detailed && !plan.isConverged ? .changesPending : .converged
                }
            return Invocation.End(exit: exit) {
                show(CommandHint(manifest: member.path).fill(plan), environment: manifest.environment, options)
            }
        } catch {
            return .failed(error, member, environment: environment, options)
        }
    }

    private static func show(_ plan: Plan, environment: String, _ options: CommonOptions) {
        let text =
            switch options.output {
            case .json: TerminalText(json: PlanJSON.render(plan, environment: environment))
            case .markdown: Terminal.gap + TerminalText(Markdown.plan(plan, environment: environment))
            case .text:
                PlanText(style: .out(options))
                    .render(plan, environment: environment, ending: ". Nothing was done.")
            }
        Terminal.write(text, to: .out)
    }
}
