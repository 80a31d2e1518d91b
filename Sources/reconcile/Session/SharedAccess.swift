import AWS
import Base
import Ledger
import Manifest
import Reconciler
import Resources

/// What all manifests of one invocation share: connections, clients, ledgers, readings, and the sandbox where one is asked
/// for.
actor SharedAccess {
    private var connections: Connections?
    private var store: CredentialStore?
    private var identity: CallerIdentity?
    /// Whether AWS did not say who is calling: it is asked once.
    private var isNameless = false
    private var sandbox: SandboxProcess?
    private let observe: @Sendable (Caller.Record) -> Void
    private let isFleet: Bool
    /// By the manifest's region.
    private var callers: [String: Caller] = [:]
    /// By region and cluster.
    private var pools: [String: Pools] = [:]
    private var ledgers: [LedgerLocation: Ledger] = [:]
    private var shared: [BucketAddress: Ledger] = [:]
    private let cache = CacheFile(environment: Machine.environment)
    /// Of the account: what one manifest calls counts for all.
    private let budget = CallBudget(
        elapsed: { Machine.elapsed }, sleep: { try await Task.sleep(for: Deadline.bounded($0)) })

    /// With what several manifests read together: only --verbose shows these calls.
    private let patience = ReadPatience.quiet

    /// How long a reading waits for others to share its calls.
    private static let gathering = Duration.milliseconds(10)

    /// - Parameters:
    ///   - isFleet: whether there are several manifests.
    ///   - observe: gets every call.
    init(isFleet: Bool = false, observe: @escaping @Sendable (Caller.Record) -> Void) {
        self.isFleet = isFleet
        self.observe = observe
    }

    func caller(for manifest: Manifest, _ options: CommonOptions) async throws(Failure) -> Caller {
        try await caller(region: manifest.region, options)
    }

    /// - Parameter declared: the region that a manifest names.
    func caller(region declared: String?, _ options: CommonOptions) async throws(Failure) -> Caller {
        let region = declared ?? ""
        if let known = callers[region] { return known }
        let settings = try settings(region: declared, options)
        let connections =
            self.connections
            ?? Connections(
                certificateBundle: settings.certificateBundle, secrets: Secrets(harmless: [SchemaSpec.versionVariable]),
                budget: budget, observe: observe)
        self.connections = connections
        let caller = connections.caller(
            options.sandbox == nil ? settings.with(try await credentials(options, settings, connections)) : settings)
        callers[region] = caller
        return caller
    }

    /// Brought here, so that it is known before anything else happens whether there are any.
    private func credentials(
        _ options: CommonOptions, _ settings: Settings, _ connections: Connections
    ) async throws(Failure) -> CredentialStore {
        let store = self.store ?? connections.credentials(options.credentials, settings)
        self.store = store
        do { _ = try await store.credentials() } catch { throw .credentials(error) }
        return store
    }

    /// Who is calling: the same for all regions.
    private func identity(_ caller: Caller) async throws(AWSError) -> CallerIdentity {
        if let identity { return identity }
        let found = try await STSClient(caller.patient(patience)).identity()
        identity = found
        return found
    }

    /// nil where AWS does not say.
    func knownIdentity(_ caller: Caller) async -> CallerIdentity? {
        if isNameless { return nil }
        do { return try await identity(caller) } catch {
            isNameless = true
            return nil
        }
    }

    /// Before anything else is asked or done.
    ///
    /// - Throws: ``Failure`` with code `account-mismatch` where the credentials are of another account.
    func check(_ account: String, _ caller: Caller) async throws(Failure) {
        let identity: CallerIdentity
        do { identity = try await self.identity(caller) } catch {
            throw .aws(reading: error, nil, "find out which account the credentials are of")
        }
        guard identity.account != account else { return }
        throw Failure(
            .accountMismatch, "the credentials are of the account \(identity.account), and \(account) is expected",
            hint: "use credentials of \(account): --profile or --role-arn names others; or correct \"account\"",
            cause: ["in use: \(identity.arn)"])
    }

    func ledger(
        of manifest: Manifest, _ options: CommonOptions, _ mode: LedgerPlace.Mode
    ) async throws(Failure) -> Ledger {
        if mode == .without { return try ledger(.memory, mode) }
        let place: BucketAddress
        switch try LedgerPlace(of: manifest, option: options.ledger) {
        case .file(let path):
            return try ledger(mode == .reading && Files.isVacant(path) ? .memory : .file(path), mode)
        case .bucket(let bucket): place = bucket
        }
        if let known = shared[place] { return known }
        let store = try await store(place, for: manifest, options)
        let opened = try await Ledger.shared(
            store, copy: place.copy("recent"), isMade: mode == .writing,
            background: BackgroundTasks(), entropy: Machine.randomBytes)
        guard let opened else { return try ledger(.memory, mode) }
        let ledger = shared[place] ?? opened
        shared[place] = ledger
        return ledger
    }

    /// The bucket of a shared ledger.
    func store(
        _ place: BucketAddress, for manifest: Manifest, _ options: CommonOptions
    ) async throws(Failure) -> BucketStore {
        .of(place, try await caller(for: manifest, options), patience: patience)
    }

    /// A ledger is opened, and verified, once. For a look it is enough that it can be read.
    private func ledger(_ store: LedgerLocation, _ mode: LedgerPlace.Mode) throws(Failure) -> Ledger {
        if let known = ledgers[store], mode != .writing || !known.isReadOnly { return known }
        let ledger = try Ledger(store, mayOnlyRead: mode != .writing, entropy: Machine.randomBytes)
        ledgers[store] = ledger
        return ledger
    }

    /// What earlier runs of this user have read from the same AWS. A sandbox is known by its folder: it has a port for each run.
    func cache(for caller: Caller, _ options: CommonOptions) -> any AWSCache {
        if let sandbox = options.sandbox { return CachePart(cache, Files.absolute(sandbox)) }
        do { return CachePart(cache, try caller.settings.endpoint(of: .ecs).description) } catch {
            return MemoryCache()
        }
    }

    /// nil where there is no one to share with.
    func pools(of manifest: Manifest, _ caller: Caller) -> Pools? {
        guard isFleet else { return nil }
        let key = "\(manifest.region ?? "") \(manifest.cluster)"
        if let known = self.pools[key] { return known }
        let region = (manifest.region ?? "") + " "
        let pools = Pools(
            Clients(caller, patience: patience), cluster: manifest.cluster,
            sharingWith: self.pools.first { $0.key.hasPrefix(region) }?.value
        ) { try await Task.sleep(for: Self.gathering) }
        self.pools[key] = pools
        return pools
    }

    /// Reads the services of many manifests, ten to a call. What cannot be read fails where it is needed.
    func readAhead(_ manifests: [Manifest], _ options: CommonOptions) async {
        for (_, group) in Dictionary(grouping: manifests, by: { "\($0.region ?? "") \($0.cluster)" }) {
            do {
                let pools = pools(of: group[0], try await caller(for: group[0], options))
                await pools?.readAhead(group)
            } catch {}
        }
    }

    /// Ends what was started for this invocation. Nothing is left running.
    func close() async {
        sandbox?.close()
        sandbox = nil
    }

    private func settings(region: String?, _ options: CommonOptions) throws(Failure) -> Settings {
        if let folder = options.sandbox {
            let server = try startedSandbox(folder)
            do {
                return Settings(
                    region: server.region, credentials: server.credentials, endpoint: try Endpoint(server.endpoint),
                    endpoints: try Self.bucketEndpoint())
            } catch {
                throw Failure(.sandboxFailed, error.description, hint: "this is a bug: please report it")
            }
        }
        do {
            return try SettingsLoader(options).load(manifestRegion: region)
        } catch {
            throw Failure(.settingsMissing, error.message, hint: error.hint)
        }
    }

    /// A ledger in S3 is no part of the sandbox.
    private static func bucketEndpoint() throws(EndpointError) -> [String: Endpoint] {
        guard let url = Machine.environment["AWS_ENDPOINT_URL_S3"], !url.isEmpty else { return [:] }
        return [Service.s3.environmentName: try Endpoint(url)]
    }

    private func startedSandbox(_ folder: String) throws(Failure) -> SandboxProcess {
        if let sandbox { return sandbox }
        guard Files.exists(folder) else {
            throw Failure(
                .sandboxFailed, "there is no folder \(folder)",
                hint: "name a folder with images/ and sandbox.json, such as examples/quickstart")
        }
        let started = try SandboxProcess.start(folder)
        sandbox = started
        return started
    }
}

extension ReadPatience {
    /// That says nothing of calls that are sent again.
    static let quiet = ReadPatience(
        elapsed: { Machine.elapsed }, sleep: { try await Task.sleep(for: Deadline.bounded($0)) },
        jitter: Machine.randomFraction, report: { _ in })
}

extension BucketStore {
    /// A ledger's bucket, until the deadline of this invocation.
    static func of(_ place: BucketAddress, _ caller: Caller, patience: ReadPatience) -> BucketStore {
        let clock = EngineClock(ContinuousClock(), wall: Machine.now)
        return BucketStore(
            S3Bucket(caller.outlasting(grace), name: place.bucket, prefix: place.prefix), patience: patience,
            clock: Deadline.current.map { clock.ending(after: $0.limit + grace, spent: $0.spent) } ?? clock)
    }
}

extension SettingsLoader {
    /// What this machine and the command line say.
    init(_ options: CommonOptions) {
        self.init(
            environment: Machine.environment, options: .init(region: options.region, endpoint: options.endpointURL),
            files: options.credentials.files)
    }
}
