import AWS
import Base
import JSON
import Ledger
import Manifest
import Reconciler

/// Runs a migration as a process on this machine, which outlives this run as a task does.
struct ProcessRunner: MigrationRunner {
    let id: ResourceID
    let spec: SchemaSpec
    let host: any ProcessHost
    let log: ProcessLog
    private let mask: Mask
    /// What the ledger keeps of a text that holds secrets.
    private let digest: @Sendable (String) -> String

    init(
        id: ResourceID, spec: SchemaSpec, host: any ProcessHost, digest: @escaping @Sendable (String) -> String
    ) {
        self.digest = digest
        self.id = id
        self.spec = spec
        self.host = host
        // Short values are hidden only where the manifest names them: this process's own variables hold many a word.
        let own = host.environment.filter { Mask.soundsSecret($0.key) && $0.value.utf8.count >= 4 }
        mask = Mask(own.merging(spec.migrate.environment) { $1 })
        log = ProcessLog(id: id, host: host, mask: mask)
    }

    func announcement(image: String?) -> RunnerOrder {
        .process(
            RunnerOrder.Process(
                host: host.name, boot: host.boot, timeout: Int(spec.migrate.timeout.components.seconds),
                hidden: StrangeValues.kept(of: mask.values, digest: digest)))
    }

    private static func process(of step: MigrationStep) -> RunnerOrder.Process? {
        if case .process(let process) = step.order.runner { process } else { nil }
    }

    // MARK: - Starting

    /// Starts the process, or finds the one that this intent has started already.
    ///
    /// - Throws: ``Failure`` with code `migration-not-started` where the machine started nothing.
    func start(_ step: MigrationStep, in context: Context) async throws(Failure) -> ProgramReceipt {
        let folder = ProcessFolder.path(of: step.intent, beside: context.ledger.path)
        let order = ProcessOrder(
            folder: folder, command: spec.migrate.command, environment: spec.environment,
            timeout: Self.process(of: step)?.timeout ?? Int(spec.migrate.timeout.components.seconds))
        try await LockProof.current.check()
        do { try await host.start(order) } catch { throw error.with { $0.resource = id } }
        var receipt = ProcessReceipt(folder: folder, host: host.name, boot: host.boot)
        if case .running(let pid, let start) = host.state(in: folder) {
            receipt.pid = pid
            receipt.start = start
        }
        return .process(receipt)
    }

    // MARK: - Watching

    func look(_ step: MigrationStep, in context: Context) async throws(Failure) -> ObservedMigration {
        let process = Self.process(of: step)
        let machine = process?.host ?? "?"
        let number = Self.receipt(of: step)?.pid.map(String.init) ?? "not known"
        let cause = ["machine: \(machine)", "process: \(number)"]
        guard machine == host.name else { return try elsewhere(machine, step, cause, in: context) }
        let folder = self.folder(of: step, in: context)
        switch host.state(in: folder) {
        case .absent where step.receipt == nil && process?.boot == host.boot: return .unanswered
        case .absent: return .gone("the folder of its process is gone", cause: cause + ["folder: \(folder)"])
        case .running:
            _ = await log.read(folder, toEnd: false, hiding: strange(to: step), in: context)
            context.emit(.progress(id, Progress("running")))
            return .running("running")
        case .lost:
            let why =
                process?.boot == host.boot
                ? "its process is gone, and left no exit code" : "the machine rebooted while its process was running"
            return await ended(.cutOff(why), step, folder, cause, in: context)
        case .exited(let code): return await ended(.exited(code), step, folder, cause, in: context)
        case .killed(let why): return await ended(.cutOff(why), step, folder, cause, in: context)
        case .notFound:
            let advice =
                "check the command: is it on this machine's PATH and executable? Then run the same command again"
            return await ended(.neverStarted(advice: advice), step, folder, cause, in: context)
        }
    }

    func withdraw(_ step: MigrationStep, in context: Context) async throws(Failure) -> ObservedMigration? {
        let folder = ProcessFolder.path(of: step.intent, beside: context.ledger.path)
        // A supervisor that is late finds the folder taken, and runs nothing.
        return host.withdraw(folder) ? nil : try await look(step, in: context)
    }

    /// What only another machine can see. It is ended there at its time-out, so until then nothing is started next to it.
    ///
    /// - Throws: ``Failure`` with code `migration-running` where it may go on.
    private func elsewhere(
        _ machine: String, _ step: MigrationStep, _ cause: [String], in context: Context
    ) throws(Failure) -> ObservedMigration {
        let bound = Duration.seconds(Self.process(of: step)?.timeout ?? 24 * 3_600)
        if IntentAge(step.intent, in: context).mayGoOn(bound) {
            throw Failure(
                .migrationRunning, "a migration may be running on the machine \(machine), and this is \(host.name)",
                of: id,
                hint: "run the same command there: it resumes from here. Or wait for its time-out of \(bound.text)",
                cause: cause)
        }
        return .gone("its process was started on the machine \(machine), and this is \(host.name)", cause: cause)
    }

    /// Beside the ledger, as long as that stays where it was.
    private func folder(of step: MigrationStep, in context: Context) -> String {
        let folder = ProcessFolder.path(of: step.intent, beside: context.ledger.path)
        guard host.state(in: folder) == .absent, let receipt = Self.receipt(of: step) else { return folder }
        return receipt.folder
    }

    private static func receipt(of step: MigrationStep) -> ProcessReceipt? {
        if case .process(let receipt)? = step.receipt { receipt } else { nil }
    }

    /// What the program was given that this run would not hide.
    private func strange(to step: MigrationStep) -> StrangeValues {
        StrangeValues(Self.process(of: step)?.hidden, known: mask.values, digest: digest)
    }

    private func ended(
        _ way: MigrationEnd.Way, _ step: MigrationStep, _ folder: String, _ cause: [String], in context: Context
    ) async -> ObservedMigration {
        let tail = await log.read(folder, toEnd: true, hiding: strange(to: step), in: context)
        // The run ends before the log was read: nothing is concluded from a part of it.
        if tail.end == .open { return .running("ended, and its log is being read") }
        let who = spec.migrate.command.first ?? "the command"
        var evidence: JSON = .members(["folder": folder, "machine": host.name, "log": tail.lines])
        if case .exited(let code) = way { evidence["exitCode"] = .integer(code) }
        return .ended(
            MigrationEnd(way, .process, who: who, cause: ["command: \(who)"] + cause, log: tail, evidence: evidence))
    }

    // MARK: - Stopping

    func checkStop(of step: MigrationStep, in context: Context) async throws(Failure) {
        guard Self.process(of: step)?.host == host.name else { throw .notRunning(RunnerKind.process.noun, of: id) }
        switch host.state(in: ProcessFolder.path(of: step.intent, beside: context.ledger.path)) {
        case .running: return
        case .absent: throw .notRunning(RunnerKind.process.noun, of: id)
        case .exited, .killed, .lost, .notFound:
            throw .hasEnded(RunnerKind.process.noun, of: id)
        }
    }

    func stop(_ step: MigrationStep, reason: String, in context: Context) async throws(Failure) -> String {
        await host.end(in: ProcessFolder.path(of: step.intent, beside: context.ledger.path))
        return "its process was ended"
    }
}

extension Failure {
    /// That nothing is known that could be stopped.
    static func notRunning(_ noun: String, of id: ResourceID) -> Failure {
        Failure(
            .nothingOpen, "no running \(noun) of \(id) is known", of: id,
            hint: "see what is open: reconcile \(id.look) MANIFEST; the next \(id.next) looks for the \(noun)")
    }

    /// The hint changes nothing: the release of the step may be another one than the manifest's.
    static func hasEnded(_ noun: String, of id: ResourceID) -> Failure {
        Failure(
            .nothingOpen, "the \(noun) of \(id) has ended already", of: id,
            hint: "see how it ended: reconcile \(id.look) MANIFEST; the next \(id.next) records it")
    }
}

extension ResourceID {
    /// What goes on with an open step of it, and what shows that step and changes nothing.
    fileprivate var next: String { kind == Kind.command ? "run of the same command" : "apply" }
    fileprivate var look: String { kind == Kind.command ? "history" : "status" }
}
