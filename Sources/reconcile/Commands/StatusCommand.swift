import ArgumentParser
import JSON
import Reconciler

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "One screen: what is desired, what is observed, and the last run.")

    @OptionGroup var arguments: ManifestArguments
    @OptionGroup var options: CommonOptions

    func run() async throws {
        try await Invocation.each(arguments.manifests, options) { [options] manifest, shared in
            await Self.status(manifest, options, shared.access)
        }
    }

    /// Looking is no judgement: a plan with changes, even a blocked one, is an answer like any other.
    private static func status(
        _ path: String, _ options: CommonOptions, _ access: SharedAccess
    ) async -> Reconciler.ExitCode {
        var environment: String?
        do {
            let manifest = try Session.manifest(path, options)
            environment = manifest.environment
            let session = try await Session.open(manifest, options, access: access, ledger: .reading, emit: { _ in })
            let plan = try await session.converger().plan()
            let lastRun = try await LastRun.read(session.context)
            let status = EnvironmentStatus(manifest: session.manifest, plan: plan, lastRun: lastRun)
            let terminal = Terminal(.out, environment: Machine.environment, noColor: options.noColor)
            let text =
                switch options.output {
                case .json: status.json.compact + "\n"
                case .text, .markdown: status.text(Style(isOn: terminal.hasColour))
                }
            Terminal.write(text, to: .out)
            return .converged
        } catch {
            FailureOutput.show(error, manifest: path, environment: environment, options)
            return error.exit
        }
    }
}
