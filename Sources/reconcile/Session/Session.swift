import AWS
import Base
import JSON
import Ledger
import Manifest
import Reconciler
import Resources
import Time

/// One manifest with everything that is needed to look at it or to bring it about.
struct Session {
    let manifest: Manifest
    let context: Context
    let clients: Clients
    /// Who is calling; nil where AWS does not say.
    private let identity: @Sendable () async -> CallerIdentity?
    private let pools: Pools?
    private let terms: ReleaseTerms
    private let driftScope: DriftScope?
    /// Whether a run of it is recorded.
    private let isWriting: Bool

    /// Reads a manifest: what is wrong with it is reported before anything is sent.
    ///
    /// For commands that work without `--image-tag` and `--schema-version`: they then use what was applied last.
    static func manifest(
        _ path: String, _ options: CommonOptions, _ access: SharedAccess
    ) async throws(Failure) -> Manifest {
        try LedgerPlace.check(options.ledger)
        let loader = try loader(options, comparesAsApplied: true)
        let results = await ManifestReading(loader: loader, options: options, access: access).load([path])
        return try results[0].get()
    }

    /// - Parameter comparesAsApplied: whether what CI gives with each apply is compared as it was applied last.
    static func loader(
        _ options: CommonOptions, comparesAsApplied: Bool = false
    ) throws(Failure) -> ManifestLoader {
        var overrides = Overrides(options)
        overrides.comparesAsApplied = comparesAsApplied
        return ManifestLoader(
            variables: try options.variables.read(), overrides: overrides, read: Inputs.read)
    }

    static func open(
        _ manifest: Manifest, _ options: CommonOptions, access: SharedAccess, ledger mode: LedgerPlace.Mode,
        terms: ReleaseTerms = ReleaseTerms(), driftScope: DriftScope? = nil, emit: @escaping @Sendable (Event) -> Void
    ) async throws(Failure) -> Session {
        let caller = try await access.caller(for: manifest, options)
        if let account = options.account ?? manifest.account { try await access.check(account, caller) }
        let ledger = try await access.ledger(of: manifest, options, mode)
        let clock = EngineClock(ContinuousClock(), wall: Machine.now)
        let context = Context(
            environment: manifest.environment, ledger: ledger, cache: await access.cache(for: caller, options),
            clock: Deadline.current.map { clock.ending(after: $0.limit, spent: $0.spent) } ?? clock,
            awsTime: { caller.clock.time },
            jitter: Machine.randomFraction,
            emit: {
                OpenSteps.note($0, of: manifest.environment)
                emit($0)
            })
        return Session(
            manifest: manifest, context: context, clients: Clients(caller, patience: .of(context)),
            identity: { await access.knownIdentity(caller) },
            pools: await access.pools(of: manifest, caller), terms: terms, driftScope: driftScope,
            isWriting: mode == .writing)
    }

    /// - Parameter lockPatience: how long to wait for another run of the environment or the database to end.
    func converger(
        lockPatience: Duration = .zero
    ) async throws(Failure) -> Converger {
        try await converger(lockPatience) { (assembly) throws(Failure) in try await assembly.assemble() }.converger
    }

    /// The same for a look at what is, and what it is compared with.
    func look() async throws(Failure) -> Look {
        try await converger(.zero) { (assembly) throws(Failure) in try await assembly.assemble() }
    }

    /// A failure whose commands are about what was applied last, where CI gives that with each apply.
    func filled(_ failure: Failure, manifest path: String) async -> Failure {
        guard failure.hint.contains("reconcile apply MANIFEST") else { return failure }
        do { return CommandHint(manifest: path, overrides: try await look().comparison.overrides).fill(failure) } catch
        {
            return failure
        }
    }

    struct Look {
        let converger: Converger
        let comparison: Comparison
    }

    /// The same for a one-off command.
    ///
    /// - Parameter ofManifest: whether it runs from the manifest's image, and not from what the service runs.
    func converger(
        of command: CommandSpec, ofManifest: Bool, lockPatience: Duration = .zero
    ) async throws(Failure) -> Converger {
        try await converger(lockPatience) { (assembly) throws(Failure) in
            try await assembly.assemble(command, ofManifest: ofManifest)
        }.converger
    }

    /// The same for restarts of services; all of the manifest if none is named.
    func restarter(of services: [String], lockPatience: Duration) async throws(Failure) -> Converger {
        try await converger(lockPatience) { (assembly) throws(Failure) in
            try await assembly.assemble(restartsOf: services)
        }.converger
    }

    var assembly: Assembly {
        Assembly(
            manifest, clients: clients, processes: Self.processes, pools: pools, terms: terms,
            driftScope: driftScope, asksAhead: { if isWriting { _ = await identity() } },
            in: context)
    }

    private func converger(
        _ lockPatience: Duration,
        assemble: (Assembly) async throws(Failure) -> Assembly.Assembled
    ) async throws(Failure) -> Look {
        let assembly = assembly
        // What a fleet has read ahead is of before.
        let beginning = pools == nil ? try await Converger.Beginning(in: context) : nil
        let assembled = try await Retry(in: context).reading { () throws(Failure) in try await assemble(assembly) }
        return Look(
            converger: Converger(
                assembled.graph, in: context,
                locks: RunLocks.Request(names: assembled.locks, patience: lockPatience), beginning: beginning),
            comparison: assembled.comparison)
    }

    /// This machine, for migrations that run on it.
    static let processes = LocalProcesses()

    /// Removes what migrations on this machine have left behind, once the ledger knows how they ended. What cannot be
    /// removed now can be by the next run.
    func tidy() async {
        do { try await ProcessFolder.tidy(Self.processes, in: context) } catch {}
    }

    /// What the ledger says of a run that writes.
    ///
    /// - Parameter releases: whether the run is to bring about what the manifest says.
    func record(command: String, releases: Bool = false) async -> RunRecord {
        var record = RunRecord(
            command: command, version: Release.current, manifest: manifest.path, host: Machine.hostName,
            user: Machine.userName, process: Int(Machine.processID))
        record.url = Machine.runURL
        if releases { record.release = manifest.release.json }
        // Who it is to AWS is worth a call, and not worth a failure.
        record.caller = await identity()?.arn
        return record
    }
}

/// What a command that only looks says while it looks: why it has to try again, and what it could not read.
enum LookTalk {
    static func emit(_ environment: String, _ options: CommonOptions) -> @Sendable (Event) -> Void {
        let isQuiet = options.quiet
        return { event in
            guard case .warning(let resource, let text) = event, !isQuiet else { return }
            let place = resource.map { "\(environment) \($0)" } ?? environment
            Terminal.writeFenced("\(place)  warning: \(text)\n", to: .error)
        }
    }
}
