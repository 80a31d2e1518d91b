import ArgumentParser
import Base
import Manifest
import Reconciler
import Resources

struct DriftCommand: LookCommand {
    static let configuration = CommandConfiguration(
        commandName: "drift", abstract: "Compare AWS with the manifest, for a schedule. Changes nothing.",
        discussion: """
            Compares the revision of each service and its content, the desired count, the rollout, the schema version, and \
            the image digest that really runs. Each difference says who moved: the manifest, the world (someone changed AWS, or \
            a tag now means another image), or both. Exit code 0: in sync. Exit code 2: something differs.

            If CI passes the tag or the schema version to each apply, drift compares with what was applied last, and says so.

            --probe also asks the database: it runs the manifest's probe as a task. --tags reads all tags again; otherwise \
            drift believes tags that an earlier run has read, if they say what is wanted.
            """)

    @OptionGroup var arguments: ManifestArguments
    @OptionGroup var options: CommonOptions
    @OptionGroup var width: ParallelOption
    @OptionGroup var time: TimeLimit

    @Flag(help: "Ask the database for its version: runs the manifest's probe as a task, and records it in the ledger.")
    var probe = false

    @Flag(help: "Re-read the tags of every revision in use: one call each.")
    var tags = false

    static var comparesAsApplied: Bool { true }

    func look(
        at manifest: Manifest, in member: Fleet.Member, _ access: SharedAccess
    ) async throws(Failure) -> DriftReport {
        var probed: ProbeAnswer?
        var unanswered: Failure?
        do throws(Failure) {
            if probe { probed = try await DatabaseProbe.ask(manifest, options, access) }
        } catch {
            // Its task is still at work, and no time is left to look at anything else.
            if error.exit == .detached { throw error }
            // A database that cannot be asked is not a difference, and must not hide one.
            unanswered = CommandHint(manifest: member.path).fill(error)
        }
        let session = try await Session.open(
            manifest, options, access: access, ledger: .reading,
            driftScope: DriftScope(probed: probed, readsTags: tags, readsSchedules: true),
            emit: LookTalk.emit(manifest.environment, options))
        let look = try await session.look()
        let (plan, drift) = try await look.converger.compare()
        return DriftReport(
            environment: manifest.environment, drift: drift, underWay: plan.underWay, comparison: look.comparison,
            unanswered: unanswered)
    }

    func shown(_ found: DriftReport, in member: Fleet.Member) {
        if options.output == .json || !(options.quiet && found.isQuiet) { found.annotate(manifest: member.path) }
        if let failure = found.unanswered {
            FailureOutput.show(failure, noColor: options.noColor, manifest: member.path)
        }
    }
}
