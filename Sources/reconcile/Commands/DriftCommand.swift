import ArgumentParser
import Base
import JSON
import Reconciler
import Resources

struct DriftCommand: AsyncParsableCommand, Bounded {
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
    @OptionGroup var time: TimeLimit

    @Flag(help: "Ask the database for its version: runs the manifest's probe as a task, and records it in the ledger.")
    var probe = false

    @Flag(help: "Re-read the tags of every revision in use: one call each.")
    var tags = false

    var limit: Duration? { time.timeout }

    func run() async throws {
        let fleet = try Invocation.load(arguments.manifests, options, comparesAsApplied: true)
        try await Invocation.look(fleet, options) {
            [self] member, shared in
            await compare(member, shared.access)
        }
    }

    private func compare(_ member: Fleet.Member, _ access: SharedAccess) async -> Invocation.End {
        var environment: String?
        do {
            let manifest = try member.manifest.get()
            environment = manifest.environment
            var probed: ProbeAnswer?
            var unanswered: Failure?
            do throws(Failure) {
                if probe { probed = try await DatabaseProbe.ask(manifest, options, access) }
            } catch {
                // What the database does not tell is no difference, and hides none.
                unanswered = CommandHint(manifest: member.path).fill(error)
            }
            let session = try await Session.open(
                manifest, options, access: access, ledger: .reading,
                driftScope: DriftScope(probed: probed, readsTags: tags),
                emit: LookTalk.emit(manifest.environment, options))
            let look = try await session.look()
            let found = Found(
                drift: try await look.converger.drift(), comparison: look.comparison, failure: unanswered,
                manifest: member.path, environment: manifest.environment)
            return Invocation.End(exit: found.exit) { Self.show(found, options) }
        } catch {
            return .failed(error, member, environment: environment, options)
        }
    }

    /// What was found of one environment.
    private struct Found: Sendable {
        let drift: Drift
        let comparison: Comparison
        /// Why its database could not be asked, where it was to be.
        let failure: Failure?
        let manifest: String
        let environment: String

        var exit: Base.ExitCode { failure?.exit ?? (drift.isInSync ? .converged : .changesPending) }
    }

    private static func show(_ found: Found, _ options: CommonOptions) {
        defer {
            if let failure = found.failure {
                FailureOutput.show(failure, noColor: options.noColor, manifest: found.manifest)
            }
        }
        let (drift, comparison, environment) = (found.drift, found.comparison, found.environment)
        // A schedule's log is read where something is wrong.
        if options.output != .json, options.quiet, drift.isInSync { return }
        let isComplete = found.failure == nil
        let text =
            switch options.output {
            case .json:
                TerminalText(
                    json: DriftJSON.render(
                        drift, environment: environment, comparison: comparison, failure: found.failure))
            case .markdown:
                Terminal.gap
                    + TerminalText(
                        Markdown.drift(
                            drift, environment: environment, comparison: comparison, isComplete: isComplete))
            case .text:
                DriftText(style: .out(options))
                    .render(drift, environment: environment, comparison: comparison, isComplete: isComplete)
            }
        if options.output == .json { Terminal.write(text, to: .out) } else { Terminal.writeFenced(text, to: .out) }
        GitHub.annotate(drift, manifest: found.manifest, environment: environment)
        if GitHub.isRunning, !drift.isInSync {
            GitHub.addToSummary(Markdown.drift(drift, environment: environment, comparison: comparison))
        }
    }
}
