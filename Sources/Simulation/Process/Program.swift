import AWS
import Base
import JSON
import Ledger
import Manifest
import Reconciler
import Resources
import Time

/// The program as a simulated process runs it: everything real but the network, the clock, chance and the disk's faults.
struct Program: Sendable {
    let process: SimulatedProcess
    /// Where its ledger is.
    let path: String

    /// What holds the folders of all ledgers.
    private var folder: String {
        path.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
    }

    /// How a launch ended.
    struct Ending: Sendable {
        let plan: Plan?
        let failure: Failure?
        /// How long it took.
        var milliseconds = 0

        var exit: ExitCode { failure?.exit ?? .converged }
    }

    func run() async -> Ending {
        do {
            let plan = try await launched()
            return Ending(plan: plan, failure: nil)
        } catch {
            return Ending(plan: nil, failure: error)
        }
    }

    private func launched() async throws(Failure) -> Plan {
        let launch = process.launch
        let (assembly, clients, context) = try await assembly()
        let beginning = try await Converger.Beginning(in: context)
        let assembled = try await Retry(in: context).reading { () throws(Failure) in
            if launch.kind == .restart { return try await assembly.assemble(restartsOf: []) }
            guard let errand = launch.errand else { return try await assembly.assemble() }
            return try await assembly.assemble(Self.command(errand, launch), ofManifest: false)
        }
        let converger = Converger(
            assembled.graph, in: context,
            locks: RunLocks.Request(names: assembled.locks, patience: .seconds(launch.lockPatience)),
            beginning: beginning)
        if launch.kind == .plan { return try await converger.plan() }
        let record = RunRecord(
            command: launch.errand == nil ? "apply" : "run", host: "simulation", user: "simulation", process: process.id
        )
        do throws(Failure) {
            let plan = try await converger.apply {
                var record = record
                do { record.caller = try await clients.sts.identity().arn } catch {}
                return record
            }
            await tidy(context)
            return plan
        } catch {
            await tidy(context)
            throw error
        }
    }

    /// As the program does at its end.
    private func tidy(_ context: Context) async {
        do { try await ProcessFolder.tidy(SimulatedHost(process: process), in: context) } catch {}
    }

    /// Opens the ledger.
    func assembly() async throws(Failure) -> (Assembly, Clients, Context) {
        let caller = caller()
        let ledger = try await ledger(caller)
        let context = context(ledger, caller)
        let clients = Clients(caller, patience: .of(context))
        let assembly = Assembly(
            try manifest(), clients: clients,
            processes: SimulatedHost(process: process),
            terms: terms, in: context)
        return (assembly, clients, context)
    }

    private var terms: ReleaseTerms {
        let launch = process.launch
        return ReleaseTerms(
            retriesFailed: launch.retriesFailed,
            sequence: launch.sequence.map { ReleaseSequence($0, allowsOlder: launch.allowsOlder) })
    }

    private static func command(_ errand: Errand, _ launch: Launch) -> CommandSpec {
        CommandSpec(
            command: errand.words, environment: ["ERRAND_PASSWORD": errand.password], isDetached: errand.isDetached,
            isExclusive: errand.isAlone, timeout: .seconds(launch.timeout))
    }

    func manifest() throws(Failure) -> Manifest {
        let text = process.launch.manifest(process.stage.landscape)
        return try ManifestLoader(
            variables: Variables(environment: [:], variables: [:]), overrides: Overrides(),
            read: { (_) throws(Failure) in Array(text.utf8) }
        ).load("manifest.json")
    }

    private func ledger(_ caller: Caller) async throws(Failure) -> Ledger {
        let hook = LedgerDoor(process: process, folder: folder)
        let interval = process.stage.checkpointing
        if process.launch.machine == nil {
            let ledger = try Ledger(path: path, hook: hook, checkpointing: interval, entropy: process.entropy)
            try check(ledger)
            return ledger
        }
        let shared = try await Ledger.shared(
            store(caller), copy: path, isMade: process.launch.kind != .plan, hook: hook, checkpointing: interval,
            background: SimulatedBackground(process: process), entropy: process.entropy)
        if let shared { return shared }
        return try Ledger(.memory, hook: hook, entropy: process.entropy)
    }

    private func store(_ caller: Caller) -> BucketStore {
        let clock = clock.ending(after: .seconds(process.launch.timeout) + BucketStore.grace)
        let stage = process.stage
        return BucketStore(
            S3Bucket(
                caller.outlasting(BucketStore.grace), name: SimulatedTransport.bucket,
                prefix: process.launch.ledger + "/"),
            patience: ReadPatience(
                elapsed: clock.elapsed, sleep: clock.sleep,
                jitter: { stage.use { Double($0.plan.latency()) / 25 } }, report: { _ in }), clock: clock)
    }

    /// Reads and verifies all entries of a shared ledger, on a machine that has nothing of it.
    func entries() async throws(Failure) -> [Entry] {
        try await Ledger.copyWhole(of: store(caller()), to: path, entropy: process.entropy)
        let reader = try LedgerReader(path: path)
        var read: [Entry] = []
        try reader.entries { entry, _ in read.append(entry) }
        _ = try reader.verify()
        return read
    }

    /// What it opens must be what was committed, and a check of everything must find nothing: an opening reads only the end.
    private func check(_ ledger: Ledger) throws(Failure) {
        let reader = try LedgerReader(path: path)
        var read: [Entry] = []
        try reader.entries { entry, _ in read.append(entry) }
        let entries = read
        _ = try reader.verify()
        process.stage.use { $0.referee.opened(process.launch.ledger, entries) }
    }

    private func caller() -> Caller {
        let settings = Settings(
            region: Landscape.region, credentials: Credentials(accessKeyID: "AKIASIMULATION", secretAccessKey: "s"))
        let stage = process.stage
        let launch = process.launch
        let skew = Int64(launch.skew)
        let clock = clock
        return Caller(
            settings: settings, transport: SimulatedTransport(process: process),
            clock: ServerClock(
                machine: { Timestamp(seconds: Int64(World.birth + stage.turnstile.now) / 1_000 + skew) },
                elapsed: clock.elapsed),
            budget: CallBudget(elapsed: clock.elapsed, sleep: clock.sleep),
            // Other plays have no bound on their calls.
            remaining: { launch.machine == nil ? nil : .seconds(launch.timeout) - clock.elapsed() })
    }

    private var clock: EngineClock {
        let process = process
        let skew = Int64(process.launch.skew)
        return EngineClock(
            VirtualClock(
                turnstile: process.stage.turnstile, pace: process.launch.pace,
                wait: { await process.wait(until: $0) }, isDead: { process.isDead }),
            wall: { Timestamp(seconds: Int64(World.birth + process.stage.turnstile.now) / 1_000 + skew) },
            isInTurn: true)
    }

    /// Of an event, what comes from outside.
    private static func shown(_ event: Event) -> String? {
        switch event {
        case .log(_, let line): line
        case .warning(_, let text): text
        case .planned(_, let plan): plan.changes.flatMap(\.change.fields).compactMap(\.to).joined(separator: " ")
        case .started(_, let change): change.reason
        case .finished(_, _, let summary, _): summary
        case .progress(_, let progress): progress.state
        case .left(_, let text): text
        }
    }

    private func context(_ ledger: Ledger, _ caller: Caller) -> Context {
        let stage = process.stage
        return Context(
            environment: process.launch.environment, ledger: ledger,
            cache: stage.cache(ofLedger: process.launch.place),
            clock: clock.ending(after: .seconds(process.launch.timeout)),
            awsTime: { caller.clock.time },
            jitter: { stage.use { Double($0.plan.latency()) / 25 } },
            emit: { event in
                if let text = Self.shown(event) { stage.use { $0.referee.silence(text, "what is shown") } }
            })
    }
}
