import ArgumentParser
import Base
import Ledger
import Reconciler
import Resources

struct RunCommand: AsyncParsableCommand, Bounded {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a one-off command in the application's image and network.",
        discussion: """
            Runs the command as an ECS task of the revision that the service runs now, or of the image that --image-tag or \
            --image-digest names, and prints its log as it grows. Exit code 0 if the command exits with 0, else 3. No \
            migration runs at the same time, unless you give --no-lock.

            reconcile run manifest.json -- bin/rollback 0002
            """)

    @Argument(help: "The manifest.", completion: .file(extensions: ["json", "yaml", "yml"]))
    var manifest: String

    @Argument(parsing: .postTerminator, help: "The command, after --.")
    var command: [String]

    @Option(
        name: .customLong("environment"),
        help: ArgumentHelp(
            "A variable for the command. May be repeated. NAME alone takes the value from reconcile's own environment; "
                + "NAME=VALUE is visible in ps. Everyone who may read the task sees the value.",
            valueName: "name[=value]"))
    var environment: [String] = []

    @Option(help: ArgumentHelp("A role for its task.", valueName: "arn"))
    var taskRole: String?

    @Flag(help: "Start it and do not wait for its end.")
    var detach = false

    @Flag(help: "Run it even while migrations and other commands run.")
    var noLock = false

    @Option(
        help: ArgumentHelp(
            "Stop waiting after that time, at most 24h; the command goes on (exit 5).", valueName: "90s|15m|2h"),
        transform: DurationOption.limit)
    var timeout: Duration?

    @Option(
        help: ArgumentHelp(
            "Wait that long for another run to end (default: 0, not at all, exit 75).", valueName: "90s|15m|2h|0"),
        transform: DurationOption.patience)
    var lockTimeout: Duration?

    @OptionGroup var options: CommonOptions

    func validate() throws {
        if command.isEmpty { throw ValidationError("Name the command after --: reconcile run MANIFEST -- COMMAND.") }
        for variable in environment where !variable.dropFirst().contains("=") {
            if variable.isEmpty || variable.hasPrefix("=") {
                throw ValidationError("--environment takes NAME, or NAME=VALUE.")
            }
            if Machine.environment[variable] == nil {
                throw ValidationError(
                    "--environment \(variable): this variable is not set. Set it, or write --environment NAME=VALUE.")
            }
        }
        if let taskRole, !taskRole.hasPrefix("arn:") {
            throw ValidationError("--task-role takes the whole ARN, arn:aws:iam::ACCOUNT:role/NAME.")
        }
    }

    // What takes long is bounded by the command's own patience, which ends with what to do then.
    var timeLimit: Duration? { timeout }

    func run() async throws {
        let fleet = try await Invocation.loadOne(
            manifest, options, for: "run", usage: "reconcile run MANIFEST -- \(ShellWord.line(command))")
        let reporter = CommandReporter(options)
        let spinner = reporter.live.map { live in Task { await live.animate() } }
        defer { spinner?.cancel() }
        try await FleetRun(fleet: fleet, work: Work(command: self, reporter: reporter)).run(
            [fleet.members], width: 1, options)
    }

    private struct Work: ChangeWork {
        let command: RunCommand
        let reporter: any Reporter

        let verb = "done"

        func change(_ member: Fleet.Member, after earlier: [Ended], _ access: SharedAccess) async throws(Failure)
            -> Plan
        {
            do { return try await command.run(member, reporter, access) } catch {
                throw CommandHint(manifest: member.path).fill(error)
            }
        }
    }

    private var spec: CommandSpec {
        let pairs = environment.map { variable in
            let parts = variable.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return (parts[0], parts.count > 1 ? parts[1] : Machine.environment[variable] ?? "")
        }
        return CommandSpec(
            command: command,
            environment: Dictionary(pairs, uniquingKeysWith: { $1 }),
            taskRoleARN: taskRole, isDetached: detach, isExclusive: !noLock,
            timeout: timeout ?? .seconds(3_600))
    }

    fileprivate func run(
        _ member: Fleet.Member, _ reporter: any Reporter, _ access: SharedAccess
    ) async throws(Failure) -> Plan {
        let manifest = try member.manifest.get()
        let session = try await Session.open(
            manifest, options, access: access, ledger: .writing,
            emit: { reporter.show($0, of: manifest.environment) })
        let isOfManifest = options.imageTag != nil || options.imageDigest != nil
        return try await session.converger(of: spec, ofManifest: isOfManifest, lockPatience: lockTimeout ?? .zero)
            .apply { await session.record(command: "run") }
    }
}
