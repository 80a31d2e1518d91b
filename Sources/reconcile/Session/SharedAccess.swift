import AWS
import Reconciler
import Resources
import Sandbox

/// What all manifests of one invocation share: one connection pool, and the sandbox where one is asked for.
actor SharedAccess {
    private var transport: CurlTransport?
    private var sandbox: SandboxServer?
    private let observe: @Sendable (Caller.Record) -> Void
    /// Of the account: what one manifest calls counts for all.
    private let budget: CallBudget = {
        let start = ContinuousClock.now
        return CallBudget(elapsed: { ContinuousClock.now - start }, sleep: { try await Task.sleep(for: $0) })
    }()

    /// - Parameter observe: told of every call.
    init(observe: @escaping @Sendable (Caller.Record) -> Void) { self.observe = observe }

    func caller(for manifest: Manifest, _ options: CommonOptions) async throws(Failure) -> Caller {
        let settings = try await settings(for: manifest, options)
        let transport =
            self.transport
            ?? CurlTransport(
                certificateBundle: settings.certificateBundle, userAgent: "reconcile/\(Release.current)")
        self.transport = transport
        return Caller(
            settings: settings, transport: transport, clock: ServerClock(machine: Machine.now), budget: budget,
            observe: observe)
    }

    /// Ends what was started for this invocation. Nothing is left running.
    func close() async {
        await sandbox?.stop()
        sandbox = nil
    }

    private func settings(for manifest: Manifest, _ options: CommonOptions) async throws(Failure) -> Settings {
        if let folder = options.sandbox {
            let server = try await startedSandbox(folder)
            do {
                return Settings(
                    region: server.region, credentials: server.credentials, endpoint: try Endpoint(server.endpoint))
            } catch {
                throw Failure(.sandboxFailed, error.description, hint: "this is a bug: please report it")
            }
        }
        let loader = SettingsLoader(
            environment: Machine.environment,
            options: .init(region: options.region, profile: options.profile, endpoint: options.endpointURL),
            read: { Files.text($0, environment: Machine.environment) })
        do {
            return try loader.load(manifestRegion: manifest.region)
        } catch {
            let code: Failure.Code = error.kind == .noCredentials ? .credentialsMissing : .settingsMissing
            throw Failure(code, error.message, hint: error.hint)
        }
    }

    private func startedSandbox(_ folder: String) async throws(Failure) -> SandboxServer {
        if let sandbox { return sandbox }
        guard Files.exists(folder) else {
            throw Failure(
                .sandboxFailed, "there is no folder \(folder)",
                hint: "name a folder with images/ and sandbox.json, such as examples/quickstart")
        }
        do {
            var generator = SystemRandomNumberGenerator()
            let server = try await SandboxServer.start(
                directory: folder, port: 0, credentials: .random(using: &generator))
            sandbox = server
            return server
        } catch {
            throw Failure(
                .sandboxFailed, "the sandbox on \(folder) did not start", hint: "see the cause", cause: ["\(error)"])
        }
    }
}
