import AWS
import Synchronization
import Testing
import Time

@Suite("Keys are renewed before they expire, and once after AWS has said that they have")
struct CredentialStoreTests {
    static let role = RoleRequest(arn: "arn:aws:iam::1:role/deploy", session: "reconcile")

    /// At that many seconds after the start.
    static func moment(_ seconds: Int64) -> String { Timestamp(seconds: 1_800_000_000 + seconds).iso8601 }

    static func store(_ exchange: Exchange) -> CredentialStore {
        CredentialStore(exchange.fetcher) { () throws(CredentialsError) in
            try CredentialSearch(
                environment: ["AWS_WEB_IDENTITY_TOKEN_FILE": "/t", "AWS_ROLE_ARN": Self.role.arn], options: .init(),
                files: SharedFiles(environment: [:], profile: nil) { _ in nil })
        }
    }

    static func answer(_ key: String, ends: Int64) -> Exchange.Answer {
        .role("AssumeRoleWithWebIdentity", key: key, expires: moment(ends))
    }

    /// Asks until the keys are the wanted ones: they are renewed meanwhile.
    private func keys(of store: CredentialStore, become wanted: String) async throws {
        for _ in 0..<100_000 {
            if try await store.credentials()?.accessKeyID == wanted { return }
            await Task.yield()
        }
        Issue.record("the keys did not become \(wanted)")
    }

    @Test("five minutes before the end; of keys with a short life, half way; and no call waits for that")
    func renewal() async throws {
        let exchange = Exchange([Self.answer("A", ends: 3_600)], files: ["/t": "jwt"])
        let store = Self.store(exchange)
        #expect(try await store.credentials()?.accessKeyID == "A")
        exchange.pass(3_299)
        exchange.add(Self.answer("B", ends: 3_400))
        #expect(try await store.credentials()?.accessKeyID == "A")
        #expect(exchange.asked.count == 1)
        exchange.pass(1)
        #expect(try await store.credentials()?.accessKeyID == "A")
        try await keys(of: store, become: "B")
        exchange.pass(49)
        exchange.add(Self.answer("C", ends: 9_999))
        #expect(try await store.credentials()?.accessKeyID == "B")
        exchange.pass(1)
        try await keys(of: store, become: "C")
        #expect(exchange.asked.count == 3)
    }

    @Test("keys that cannot be renewed are used to their end, and a call after it is told why")
    func failing() async throws {
        let exchange = Exchange([Self.answer("A", ends: 3_600)], files: ["/t": "jwt"])
        let store = Self.store(exchange)
        _ = try await store.credentials()
        exchange.pass(3_300)
        for _ in 0..<10 { #expect(try await store.credentials()?.accessKeyID == "A") }
        exchange.pass(299)
        #expect(try await store.credentials()?.accessKeyID == "A")
        exchange.pass(1)
        await #expect(throws: CredentialsError.self) { try await store.credentials() }
    }

    @Test("a call that changes something is not sent after a wait for keys: it may no longer be allowed to")
    func late() async throws {
        let exchange = Exchange([Self.answer("A", ends: 3_600)], files: ["/t": "jwt"])
        let elapsed = Mutex(Duration.zero)
        let caller = Caller(
            settings: Settings(
                region: "eu-west-1", credentials: Slow(wait: { elapsed.withLock { $0 += .seconds(3) } })),
            transport: exchange, clock: ServerClock(machine: { exchange.now }, elapsed: { elapsed.withLock(\.self) }))
        let error = await #expect(throws: AWSError.self) {
            try await caller.call(.ecs, "RunTask", [:], isMutating: true)
        }
        #expect(error?.isTransient == true && error?.mayHaveHadEffect == false)
        #expect(exchange.asked.isEmpty)
    }

    /// Keys that come late.
    private struct Slow: CredentialProvider {
        let wait: @Sendable () -> Void

        func credentials() -> Credentials? {
            wait()
            return Credentials(accessKeyID: "A", secretAccessKey: "s")
        }
        func renewed(insteadOf refused: Credentials) -> Credentials? { nil }
    }

    @Test("callers at the same time ask once")
    func together() async throws {
        let exchange = Exchange([Self.answer("A", ends: 3_600)], files: ["/t": "jwt"])
        let store = Self.store(exchange)
        let keys = try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 0..<20 { group.addTask { try await store.credentials()?.accessKeyID } }
            return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        #expect(keys == ["A"] && exchange.asked.count == 1)
    }

    @Test("keys that are refused are replaced once, and none where the source has no others")
    func refused() async throws {
        let exchange = Exchange([Self.answer("A", ends: 3_600)], files: ["/t": "jwt"])
        let store = Self.store(exchange)
        let first = try #require(try await store.credentials())
        exchange.add(Self.answer("B", ends: 7_200))
        #expect(await store.renewed(insteadOf: first)?.accessKeyID == "B")
        // Another call was refused with the same keys.
        #expect(await store.renewed(insteadOf: first)?.accessKeyID == "B")
        let second = try #require(try await store.credentials())
        exchange.add(Self.answer("B", ends: 7_200))
        #expect(await store.renewed(insteadOf: second) == nil)
    }

    /// How a service refuses old keys.
    static let refusals = [
        (400, "application/x-amz-json-1.1", #"{"__type":"ExpiredTokenException","message":"expired"}"#),
        (403, "text/xml", "<Error><Code>ExpiredToken</Code></Error>"),
        (
            400, "application/x-amz-json-1.1",
            #"{"__type":"UnrecognizedClientException","message":"The security token included in the request is expired"}"#
        ),
    ]

    @Test("a call that was refused so is sent again with others, once", arguments: refusals)
    func again(status: Int, type: String, body: String) async throws {
        let refusal = Exchange.Answer(
            request: "POST https://ecs.eu-west-1.amazonaws.com/", status: status, type: type, body: body)
        let exchange = Exchange(
            [Self.answer("A", ends: 3_600), refusal, Self.answer("B", ends: 7_200)], files: ["/t": "jwt"])
        let settings = Settings(region: "eu-west-1", credentials: Self.store(exchange))
        let caller = Caller(
            settings: settings, transport: exchange, clock: ServerClock(machine: { exchange.now }, elapsed: { .zero }))
        exchange.add(
            .init(
                request: "POST https://ecs.eu-west-1.amazonaws.com/", has: ["Credential=B/"],
                type: "application/x-amz-json-1.1", body: "{}"))
        _ = try await caller.call(.ecs, "TagResource", [:], isMutating: true)
        exchange.add(refusal)
        exchange.add(Self.answer("C", ends: 7_200))
        exchange.add(refusal)
        let error = await #expect(throws: AWSError.self) {
            try await caller.call(.ecs, "TagResource", [:], isMutating: true)
        }
        #expect(error?.isExpired == (type != "text/xml"))
        #expect(exchange.asked.count == 7)
    }

    @Test("what is no answer of AWS renews nothing")
    func foreign() async throws {
        let page = Exchange.Answer(
            request: "POST https://ecs.", status: 403, type: "text/html", body: "<html>ExpiredToken</html>")
        let exchange = Exchange([Self.answer("A", ends: 3_600), page], files: ["/t": "jwt"])
        let caller = Caller(
            settings: Settings(region: "eu-west-1", credentials: Self.store(exchange)), transport: exchange,
            clock: ServerClock(machine: { exchange.now }, elapsed: { .zero }))
        _ = await #expect(throws: AWSError.self) { try await caller.call(.ecs, "RunTask", [:], isMutating: true) }
        #expect(exchange.asked.count == 2)
    }
}
