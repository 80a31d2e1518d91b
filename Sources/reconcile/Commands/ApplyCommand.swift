import ArgumentParser
import Base
import Manifest
import Reconciler
import Resources
import Synchronization

struct ApplyCommand: AsyncParsableCommand, Bounded {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Make an environment match its manifest.",
        discussion: """
            Registers the revision, runs the migration from it, updates the services, and waits until ECS says that the \
            rollout is complete. A second apply changes nothing.
            """)

    @OptionGroup var arguments: ManifestArguments
    @OptionGroup var options: CommonOptions
    @OptionGroup var sideBySide: ParallelOption

    @OptionGroup var time: TimeLimit

    @Option(
        help: ArgumentHelp(
            "Wait that long for another run of this environment or database to end (default: 0, not at all, exit 75).",
            valueName: "90s|15m|2h|0"),
        transform: DurationOption.patience)
    var lockTimeout: Duration?

    @OptionGroup var release: ReleaseOptions

    var timeLimit: Duration? { time.timeout }

    func run() async throws {
        let approved = try await approvedPlan()
        var options = options
        if let approved { options.take(approved.overrides) }
        var fleet = try await Invocation.load(
            approved?.members.map(\.path) ?? arguments.manifests, options, endsEvents: true
        ).withoutConflicts
        let width = sideBySide.parallel ?? 1
        // One after another means in the order in which they were named.
        let lanes = width > 1 ? fleet.lanes : [fleet.members]
        let reporter = ReporterChoice.make(options, isSideBySide: !fleet.isSingle && width > 1)
        let spinner = (reporter as? LiveReporter).map { live in Task { await live.animate() } }
        defer { spinner?.cancel() }
        var check: PlanCheck?
        if let approved, !fleet.isSingle {
            let whole = PlanCheck(of: approved, options, terms: terms(approved))
            _ = await FleetRun(fleet: fleet, work: whole).exits(lanes, width: width, options)
            check = whole
            fleet = fleet.reopened(observe: CallCounter(verbose: options.verbose).record)
        }
        let applies = Applies(command: self, options: options, approved: approved, check: check, reporter: reporter)
        try await FleetRun(fleet: fleet, work: applies).run(lanes, width: width, options)
    }

    /// An approved plan has its own.
    fileprivate func terms(_ approved: PlanFile?) -> ReleaseTerms { approved?.terms ?? release.terms }

    /// The plan that is named instead of manifests.
    private func approvedPlan() async throws -> PlanFile? {
        try await Invocation.reporting(options, endsEvents: true) { () throws(Failure) in
            for path in arguments.manifests {
                guard let plan = try PlanFile.read(path) else { continue }
                guard arguments.manifests.count == 1, options.imageTag == nil, options.imageDigest == nil,
                    options.schemaVersion == nil, options.region == nil, release.isEmpty
                else {
                    throw Failure(
                        .settingsMissing, "\(path) is a plan, and says by itself which manifests and images it is for",
                        hint:
                            "name the plan alone; to change what it is for, make a new one with these options"
                    )
                }
                return plan
            }
            return nil
        }
    }
}

/// An apply of each manifest, or of each part of an approved plan.
private struct Applies: ChangeWork {
    let command: ApplyCommand
    let options: CommonOptions
    let approved: PlanFile?
    /// nil where the plan is of one manifest: that is compared before its only turn.
    let check: PlanCheck?
    let reporter: any Reporter

    let verb = "converged"

    func change(_ member: Fleet.Member, after earlier: [Ended], _ access: SharedAccess) async throws(Failure) -> Plan {
        let approved = approved?.part(of: member.path)
        let hint = CommandHint(manifest: member.path, overrides: approved?.overrides ?? Overrides())
        let begun = Mutex<Set<ResourceID>>([])
        do throws(Failure) {
            if let refusal = check?.refusal(of: member) { throw refusal }
            let manifest = try member.manifest.get()
            let name = manifest.environment
            if let failure = SharedMigration.failure(of: manifest, in: member.place, after: earlier) { throw failure }
            let session = try await Session.open(
                manifest, options, access: access, ledger: .writing, terms: command.terms(self.approved),
                emit: { event in
                    if case .started(let resource, let change) = event, case .change = change.need {
                        begun.withLock { _ = $0.insert(resource) }
                    }
                    reporter.show(hint.fill(event), of: name)
                })
            let isLater = earlier.contains { $0.exit == .converged }
            let approval = approved.map { approved in
                Approval { (plan) throws(Failure) in
                    try approved.check(plan, of: manifest, isLater: isLater)
                }
            }
            let plan: Plan
            do throws(Failure) {
                plan = try await session.converger(lockPatience: command.lockTimeout ?? .zero)
                    .apply(approval: approval) { await session.record(command: "apply", releases: true) }
            } catch {
                await session.tidy()
                throw error
            }
            await session.tidy()
            return plan
        } catch {
            throw hint.fill(approved?.failure(error, begun: begun.withLock(\.count)) ?? error)
        }
    }
}
