import ArgumentParser
import Base
import Ledger
import Reconciler
import Resources

struct ResolveCommand: AsyncParsableCommand, Bounded {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Decide a step whose result is unknown (exit code 6), or a paused deployment.",
        discussion: """
            Look at the database first. The ledger records what you say, with your name and the reason, and the next apply \
            continues from there: after --succeeded it does not run the migration again, after --failed or --rerun it does.

            Use --continue or --rollback for a service whose deployment is under way.

            Use --at VERSION if the database was rolled back, restored or migrated by hand while no step was open.
            """)

    @Argument(help: "The manifest.", completion: .file(extensions: ["json", "yaml", "yml"]))
    var manifest: String

    @Argument(help: "The resource, such as schema/checkout.")
    var resource: String

    @Flag(help: "What you found.")
    var verdict: Answer?

    @Option(
        help: ArgumentHelp("The version that the database is at, whatever the ledger believes.", valueName: "version"))
    var at: String?

    @Option(help: "Why: the ledger keeps it.")
    var reason: String

    @Option(
        help: ArgumentHelp(
            "Wait that long for another run to end (default: 0, not at all, exit 75).", valueName: "90s|15m|2h|0"),
        transform: DurationOption.patience)
    var lockTimeout: Duration?

    @OptionGroup var options: CommonOptions

    enum Answer: String, EnumerableFlag {
        case succeeded, failed, rerun, stop
        case goOn = "continue"
        case rollback

        /// What it says of how the step ended; nil for a request.
        var said: Verdict? {
            switch self {
            case .succeeded: .succeeded
            case .failed: .failed
            case .rerun: .rerun
            case .stop, .goOn, .rollback: nil
            }
        }

        /// What it asks of a deployment that is under way.
        var demand: Demand? {
            switch self {
            case .goOn: .goOn
            case .rollback: .rollBack
            case .succeeded, .failed, .rerun, .stop: nil
            }
        }

        static func name(for value: Answer) -> NameSpecification { .customLong(value.rawValue) }

        static func help(for value: Answer) -> ArgumentHelp? {
            switch value {
            case .succeeded: "The migration did its work."
            case .failed: "It has not, and what it left is repaired."
            case .rerun: "Running it again is safe, whatever it did."
            case .stop:
                "Not an answer: end the task that is still running; the next apply or run looks at how it ended."
            case .goOn: "Let a service's deployment go on that is paused by a hook."
            case .rollback: "Roll back a service's deployment that is under way."
            }
        }
    }

    var timeLimit: Duration? { nil }

    func validate() throws {
        if ResourceID(resource) == nil {
            throw ValidationError("Write the resource as KIND/NAME, such as schema/main.")
        }
        guard (verdict == nil) != (at == nil) else {
            throw ValidationError(
                "Say one of --succeeded, --failed, --rerun, --stop, --continue, --rollback and --at VERSION.")
        }
        if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason must say something.") }
    }

    func run() async throws {
        guard let id = ResourceID(resource) else { return }
        let command = self
        let work = Task { await command.decide(id) }
        let interrupts = Interrupts { work.cancel() }
        let end = await work.value
        withExtendedLifetime(interrupts) {}
        if end != .converged { throw ArgumentParser.ExitCode(end.rawValue) }
    }

    private func decide(_ id: ResourceID) async -> Base.ExitCode {
        let access = SharedAccess(observe: { _ in })
        var environment: String?
        var failure: Failure?
        do throws(Failure) {
            let manifest = try await Session.manifest(manifest, options, access)
            environment = manifest.environment
            let session = try await Session.open(
                manifest, options, access: access, ledger: .writing, emit: LookTalk.emit(manifest.environment, options))
            do {
                show(try await decide(id, session), of: id, environment: manifest.environment)
            } catch {
                throw await session.filled(error, manifest: self.manifest)
            }
        } catch {
            failure = error
        }
        await access.close()
        guard let failure else { return .converged }
        FailureOutput.show(failure, manifest: manifest, environment: environment, options)
        return failure.exit
    }

    private func show(_ summary: String, of id: ResourceID, environment: String) {
        guard options.output == .json else { return Terminal.write("\(id): \(summary)\n", to: .out) }
        var json = FailureOutput.result(nil, manifest: manifest, environment: environment)
        json["resource"] = .string(id.description)
        json["summary"] = .string(summary)
        Terminal.write(TerminalText(json: json), to: .out)
    }

    /// - Returns: what was done, in a sentence.
    private func decide(_ id: ResourceID, _ session: Session) async throws(Failure) -> String {
        let (resource, locks) = try await session.assembly.decidable(id)
        let resolution = Resolution(
            of: resource, in: session.context, locks: RunLocks.Request(names: locks, patience: lockTimeout ?? .zero))
        let record = await session.record(command: "resolve")
        if let at { return try await resolution.declare(at, reason: reason, record: record) }
        if let demand = verdict?.demand {
            return try await resolution.demand(demand, reason: reason, record: record)
        }
        guard let said = verdict?.said else { return try await resolution.stop(reason: reason, record: record) }
        let done = try await resolution.settle(as: said, reason: reason, record: record)
        await session.tidy()
        return done
    }
}
