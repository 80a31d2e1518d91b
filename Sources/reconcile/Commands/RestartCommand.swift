import ArgumentParser
import Base
import Ledger
import Reconciler

struct RestartCommand: AsyncParsableCommand, Bounded {
    static let configuration = CommandConfiguration(
        commandName: "restart", abstract: "Replace a service's tasks with others of the same revision.",
        discussion: """
            Starts a new deployment of the revision that the service runs, and waits until ECS says that it is completed. \
            Nothing is registered and nothing is migrated. If the command was cut off, run it again: it watches the \
            restart that it began, and begins no second one.
            """)

    @Argument(help: "The manifest.", completion: .file(extensions: ["json", "yaml", "yml"]))
    var manifest: String

    @Argument(help: "The services (default: all of the manifest).")
    var services: [String] = []

    @Option(
        help: ArgumentHelp(
            "Stop waiting after that time, at most 24h; the restart goes on (exit 5).", valueName: "90s|15m|2h"),
        transform: DurationOption.limit)
    var timeout: Duration?

    @Option(
        help: ArgumentHelp(
            "Wait that long for another run to end (default: 0, not at all, exit 75).", valueName: "90s|15m|2h|0"),
        transform: DurationOption.patience)
    var lockTimeout: Duration?

    @OptionGroup var options: CommonOptions

    var timeLimit: Duration? { timeout ?? .seconds(2 * 3_600) }

    func run() async throws {
        let fleet = try await Invocation.loadOne(
            manifest, options, for: "restart", usage: "reconcile restart MANIFEST")
        let reporter = ReporterChoice.make(options, isSideBySide: false)
        let spinner = (reporter as? LiveReporter).map { live in Task { await live.animate() } }
        defer { spinner?.cancel() }
        try await FleetRun(fleet: fleet, work: Work(command: self, reporter: reporter)).run(
            [fleet.members], width: 1, options)
    }

    private struct Work: ChangeWork {
        let command: RestartCommand
        let reporter: any Reporter

        let verb = "restarted"

        func change(
            _ member: Fleet.Member, after earlier: [Ended], _ access: SharedAccess
        ) async throws(Failure) -> Plan {
            do { return try await command.restart(member, reporter, access) } catch {
                throw CommandHint(manifest: member.path).fill(error)
            }
        }
    }

    fileprivate func restart(
        _ member: Fleet.Member, _ reporter: any Reporter, _ access: SharedAccess
    ) async throws(Failure) -> Plan {
        let manifest = try member.manifest.get()
        let session = try await Session.open(
            manifest, options, access: access, ledger: .writing,
            emit: { reporter.show($0, of: manifest.environment) })
        do {
            return try await session.restarter(of: services, lockPatience: lockTimeout ?? .zero)
                .apply { await session.record(command: "restart") }
        } catch {
            throw await session.filled(error, manifest: member.path)
        }
    }
}
