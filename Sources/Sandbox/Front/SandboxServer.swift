import AWS
import JSON

/// A local Amazon ECS: AWS's wire protocol in front, the rules of ECS in the middle, real processes behind.
///
/// It commands programs of this machine, so it listens on 127.0.0.1 only and takes only calls that are signed with its
/// own credentials.
public actor SandboxServer {
    public nonisolated let directory: String
    public nonisolated let credentials: Credentials
    public nonisolated let region: String
    public nonisolated let account: String
    /// `http://127.0.0.1:PORT`
    public nonisolated var endpoint: String { "http://127.0.0.1:\(http.port)" }

    private var model: AWSModel
    private let files: WorldFiles
    private let images: ImageStore
    /// Given back at the end.
    private var lock: DirectoryLock?
    private let leftovers: Leftovers
    private let runner: ProcessRunner
    private let functions: FunctionRunner
    private nonisolated let http: HTTPServer
    /// Effects in their order. One task hands them to the runner, so that a stop never overtakes its start.
    private let effects: AsyncStream<Effect>.Continuation
    private let delivery: Task<Void, Never>
    private var wake: Task<Void, Never>?
    private var written = -1
    private var now = 0
    private var requests = 0
    private var lastCall = ContinuousClock.now
    /// Set once the sandbox ends: whoever calls ``stop()`` waits for the same end.
    private var ending: Task<Void, Never>?

    /// Starts the sandbox of a directory: goes on with the world that was left there, or makes one from `sandbox.json`.
    ///
    /// - Parameters:
    ///   - directory: made where it is not there. Images are in its `images/REPOSITORY/TAG/`.
    ///   - port: 0 takes any that is free.
    ///   - credentials: what calls must be signed with.
    ///   - searchPath: folders of programs after an image's own.
    /// - Throws: ``SandboxError`` with a reason for people.
    public static func start(
        directory: String, port: UInt16 = 0, credentials: Credentials,
        searchPath: [String] = SearchPath.standard()
    ) async throws(SandboxError) -> SandboxServer {
        do {
            let files = try WorldFiles(directory: directory)
            let lock = try DirectoryLock(files.directory)
            // One that was killed has left how it was reached.
            SandboxConnection.remove(in: files.directory)
            let leftovers = try Leftovers(of: files.directory)
            await leftovers.end()
            let now = MachineClock.milliseconds
            var generator = SystemRandomNumberGenerator()
            let incarnation = String(generator.next(), radix: 16)
            let world = try WorldSeed.make(files, incarnation: incarnation, at: now)
            let server = try await SandboxServer(
                files, lock, leftovers, world, credentials, port: port, searchPath: searchPath)
            await server.settle()
            try server.connection.write(in: files.directory)
            return server
        } catch let error as SandboxError {
            throw error
        } catch let error as FileError {
            throw SandboxError(
                "it cannot use its folder: \(error)",
                hint: "correct the file that is named. Without state.json the sandbox starts from sandbox.json again")
        } catch {
            throw SandboxError(
                "it could not listen on port \(port): \(error)",
                hint: "if the port is in use, name another one with --port, or take a free one with --port 0")
        }
    }

    private init(
        _ files: WorldFiles, _ lock: DirectoryLock, _ leftovers: Leftovers, _ model: AWSModel,
        _ credentials: Credentials, port: UInt16, searchPath: [String]
    ) async throws {
        self.files = files
        self.lock = lock
        self.leftovers = leftovers
        self.model = model
        self.credentials = credentials
        directory = files.directory
        region = model.ecs.region
        account = model.ecs.account
        let images = ImageStore(root: files.images)
        self.images = images
        let link = ServerLink()
        let surroundings = ProcessPlan.Surroundings(
            mark: leftovers.mark, data: files.data, region: model.ecs.region, searchPath: searchPath)
        let runner = ProcessRunner(images: images, surroundings: surroundings) { news in await link.take(news) }
        self.runner = runner
        functions = FunctionRunner(root: files.functions, surroundings: surroundings)
        let (stream, continuation) = AsyncStream.makeStream(of: Effect.self)
        effects = continuation
        delivery = Task { for await effect in stream { await runner.perform(effect) } }
        let distance = Distance(latency: .milliseconds(model.ecs.limits.latency))
        http = try await HTTPServer(port: port, handler: distance.between { request in await link.answer(request) })
        await link.connect(self)
    }

    /// Ends all processes and closes the endpoint; returns when nothing is left running.
    ///
    /// - Parameter grace: how long processes have to end in order before they are killed.
    public func stop(grace: Duration = .seconds(2)) async {
        let ending = self.ending ?? Task { await self.end(grace) }
        self.ending = ending
        await ending.value
    }

    private func end(_ grace: Duration) async {
        wake?.cancel()
        SandboxConnection.remove(in: files.directory)
        await http.stop()
        effects.finish()
        await delivery.value
        await runner.stopAll(timeout: grace)
        await leftovers.end()
        lock = nil
    }

    public nonisolated var connection: SandboxConnection {
        SandboxConnection(endpoint: endpoint, region: region, credentials: credentials)
    }

    /// Whether a task is under way that no service has started.
    public var hasOneOffTask: Bool {
        model.ecs.clusters.values.contains { cluster in
            cluster.tasks.values.contains { $0.origin.service == nil && $0.isAlive }
        }
    }

    public var sinceLastCall: Duration { .now - lastCall }

    private var permit: Permit { Permit(files: files, rules: AccessRules(ecs: model.ecs)) }

    /// Answers one request, as it came over the wire.
    func answer(_ request: ReceivedRequest) async -> HTTPResponse {
        guard Fence.isLocal(request.header("host")) else {
            return Answer.plain(403, "this sandbox answers to the names of this machine only\n")
        }
        tick()
        switch request.method {
        case "GET" where !Call.isOfSchedules(request): return page(request.path)
        case "GET", "POST", "PUT": return await call(request)
        default: return Answer.plain(405, "use POST for AWS's protocols, GET for the pages\n")
        }
    }

    private func page(_ path: String) -> HTTPResponse {
        if path == "/" { return Answer.plain(200, StatusPage.overview(model.ecs)) }
        let parts = path.split(separator: "/")
        guard parts.count == 2, parts[0] == "services",
            let addresses = StatusPage.addresses(of: String(parts[1]), model.ecs)
        else { return Answer.plain(404, "there is no such page\n") }
        return Answer.plain(200, addresses)
    }

    private func call(_ request: ReceivedRequest) async -> HTTPResponse {
        requests += 1
        lastCall = .now
        let id = RequestID.text(requests, now)
        let time = MachineClock.timestamp(now)
        let call: Call
        do {
            call = try Call(request)
            let endpoint = try Endpoint(self.endpoint)
            let fence = Fence(credentials: credentials, region: region, endpoint: endpoint)
            try fence.check(request, for: call.service, at: time)
        } catch {
            let fault = error as? ECSFault ?? ECSFault("InternalFailure", "the sandbox has failed", status: 500)
            let isJSON = request.header("x-amz-target") != nil || request.path != "/"
            return !isJSON
                ? Answer.xml(.failure(fault), operation: "", id: id, at: time)
                : Answer.json(.failure(fault), id: id, at: time)
        }
        if let function = call.function { return await invoke(function, request.body, id: id) }
        let result = await result(of: call, request)
        return call.service == .sts
            ? Answer.xml(result, operation: call.operation, id: id, at: time)
            : Answer.json(result, id: id, at: time)
    }

    /// The answer comes when the function has ended, and other calls are answered meanwhile.
    private func invoke(_ function: String, _ payload: [UInt8], id: String) async -> HTTPResponse {
        do {
            try permit.check(invocationOf: function)
            let ended = try await functions.invoke(function, payload, id: id)
            tick()
            return Answer.invocation(ended, id: id, at: MachineClock.timestamp(now))
        } catch {
            return Answer.json(.failure(error), id: id, at: MachineClock.timestamp(now))
        }
    }

    private func result(of call: Call, _ request: ReceivedRequest) async -> Result<JSON, ECSFault> {
        do {
            let input = try call.input(request)
            try permit.check(call, input)
            if call.service == .ecr, let name = input["repositoryName"]?.string { try await look(at: name) }
            if call.service == .ssm { model.parameters = try files.readParameters() }
            if call.service == .ecs { model.ecs.sound(try files.readAlarms(), at: now) }
            let result = model.handle(call.service, call.operation, input, at: now)
            if let trouble = settle() { throw trouble }
            return result
        } catch let fault as ECSFault {
            return .failure(fault)
        } catch {
            return .failure(ECSFault("ServerException", "the sandbox has failed: \(error)", status: 500))
        }
    }

    /// Brings what ECR shows of a repository up to date.
    private func look(at repository: String) async throws {
        model.images.repositories[repository] = try await Self.tags(of: repository, images)
    }

    @concurrent
    private static func tags(of repository: String, _ images: ImageStore) async throws -> [String: String]? {
        try images.tags(of: repository)
    }

    /// Takes news of a process.
    func take(_ news: ProcessRunner.News) {
        tick()
        switch news {
        case .lines(let lines, let stream): model.logs.append(lines, to: stream, at: now)
        case .event(let event):
            model.ecs.report(event, at: now)
            settle()
        }
    }

    /// Reads the clock, which may have been set back: the model's time never goes back.
    private func tick() { now = max(now, MachineClock.milliseconds) }

    private func wakeUp() {
        tick()
        settle()
    }

    private func ask(_ call: HookCall) {
        requests += 1
        let id = RequestID.text(requests, now)
        Task { self.take(await functions.answer(to: call, id: id), of: call.id) }
    }

    private func take(_ answer: HookAnswer, of hook: String) {
        tick()
        model.ecs.report(answer, of: hook, at: now)
        settle()
    }

    /// Hands out what is to be done now, keeps what must outlive a restart, and sets the alarm for what comes next.
    ///
    /// - Returns: why the state could not be written, if it could not.
    @discardableResult
    private func settle() -> FileError? {
        guard ending == nil else { return nil }
        tick()
        for effect in model.ecs.advance(to: now) {
            if case .invoke(let call) = effect { ask(call) } else { effects.yield(effect) }
        }
        wake?.cancel()
        wake = model.ecs.nextWake(after: now).map { moment in
            let pause = Duration.milliseconds(max(0, moment - now))
            return Task {
                do { try await Task.sleep(for: pause) } catch { return }
                self.wakeUp()
            }
        }
        guard model.stateVersion != written else { return nil }
        do { try files.writeState(model.snapshot) } catch { return error }
        written = model.stateVersion
        return nil
    }
}

/// Stands between the server and what it is made of, which must exist before it does.
private actor ServerLink {
    private weak var server: SandboxServer?
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func connect(_ server: SandboxServer) {
        self.server = server
        for continuation in waiting { continuation.resume() }
        waiting = []
    }

    func take(_ news: ProcessRunner.News) async { await server?.take(news) }

    func answer(_ request: ReceivedRequest) async -> HTTPResponse {
        if server == nil { await withCheckedContinuation { waiting.append($0) } }
        return await server?.answer(request) ?? Answer.plain(500, "the sandbox has ended\n")
    }
}
