import ArgumentParser
import Base
import Manifest
import Reconciler

struct StatusCommand: LookCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show what is wanted, what runs, and the last run, on one screen.",
        discussion: "With several manifests, prints one line for each.")

    @OptionGroup var arguments: ManifestArguments
    @OptionGroup var options: CommonOptions
    @OptionGroup var width: ParallelOption
    @OptionGroup var time: TimeLimit

    static var comparesAsApplied: Bool { true }

    func look(
        at manifest: Manifest, in member: Fleet.Member, _ access: SharedAccess
    ) async throws(Failure) -> EnvironmentStatus {
        let session = try await Session.open(
            manifest, options, access: access, ledger: .reading, emit: LookTalk.emit(manifest.environment, options))
        let look = try await session.look()
        let hints = CommandHint(manifest: member.path, overrides: look.comparison.overrides)
        return EnvironmentStatus(
            manifest: manifest,
            plan: hints.fill(try await look.converger.plan(patience: Converger.nearTime)),
            comparison: look.comparison, lastRun: try await LastRun.read(session.context))
    }

    func together(
        _ results: [(member: Fleet.Member, result: Result<EnvironmentStatus, Failure>)]
    ) -> TerminalText? {
        let table = FleetTable(results)
        return options.output == .markdown
            ? TerminalText(table.markdown) : table.text(Style(.out, noColor: options.noColor))
    }
}
