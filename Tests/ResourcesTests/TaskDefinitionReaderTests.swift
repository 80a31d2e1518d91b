import AWS
import JSON
import Synchronization
import Testing
import Time

@testable import Base
@testable import Reconciler
@testable import Resources

@Suite("Reading revisions")
struct TaskDefinitionReaderTests {
    static let clock = EngineClock(ContinuousClock(), wall: { .init(seconds: 0) })

    /// Answers DescribeTaskDefinition with one after the other, the last one again and again.
    final class Server: Transport {
        private let answers: Mutex<[String]>
        let calls = Mutex(0)

        init(_ answers: [String]) { self.answers = Mutex(answers) }

        func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
            calls.withLock { $0 += 1 }
            let body = answers.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
            return HTTPResponse(status: 200, body: Array(body.utf8))
        }

        var client: ECSClient { ECSClient(caller) }

        var caller: Caller {
            Caller(
                settings: Settings(
                    region: "us-east-1", credentials: Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "s")),
                transport: self, clock: ServerClock(machine: { RunnerFixture.began }, elapsed: { .zero }))
        }
    }

    static let arn = "arn:aws:ecs:us-east-1:123456789012:task-definition/f:7"
    static let id = ResourceID("service", "web")

    static func services(_ createdAt: String = "1700000000.5") -> String {
        """
        {"services":[{"serviceName":"web","serviceArn":"arn:aws:ecs:us-east-1:123456789012:service/c/web",\
        "clusterArn":"arn:aws:ecs:us-east-1:123456789012:cluster/c","status":"ACTIVE","taskDefinition":"\(Self.arn)",\
        "desiredCount":1,"runningCount":1,"pendingCount":0,"deployments":[],"createdAt":\(createdAt)}]}
        """
    }

    static func cache(_ memory: MemoryCache = MemoryCache(), createdAt: String = "1700000000.5") -> RevisionCache {
        RevisionCache(
            memory, services: ServiceReader(Server([services(createdAt)]).client, cluster: "c", names: ["web"]),
            service: "web")
    }

    static func answer(_ change: (inout JSON) -> Void = { _ in }) -> String {
        var definition: JSON = [
            "taskDefinitionArn": .string(arn), "family": "f", "revision": 7, "status": "ACTIVE",
            "containerDefinitions": [["name": "app", "image": "r:1"]],
        ]
        change(&definition)
        return JSON.object(dropping: ["taskDefinition": definition]).compact
    }

    /// Parts of an answer that none may lack, and that none may contradict.
    static let incomplete = [
        answer { $0["containerDefinitions"] = nil }, answer { $0["containerDefinitions"] = [] },
        answer { $0["containerDefinitions"] = [["name": "app"]] },
        answer { $0["containerDefinitions"] = [["image": "r:1"]] },
        answer { $0["containerDefinitions"] = ["app"] }, answer { $0["family"] = nil },
        answer { $0["family"] = "other" }, answer { $0["revision"] = 8 },
        answer { $0["taskDefinitionArn"] = "arn:aws:ecs:us-east-1:123456789012:task-definition/f" },
        answer {
            $0["taskDefinitionArn"] = "arn:aws:ecs:us-east-1:123456789012:task-definition/f:6"
            $0["revision"] = 6
        },
        "{}",
    ]

    @Test("an incomplete answer is tried again and never remembered", arguments: incomplete)
    func partial(answer: String) async throws {
        let cache = Self.cache()
        let server = Server([answer, Self.answer()])
        let reader = TaskDefinitionReader(server.client, cache: cache, clock: Self.clock)
        let failure = await #expect(throws: Failure.self) { try await reader.summary(Self.arn, for: Self.id) }
        #expect(failure?.code == .awsUnreadable)
        #expect(failure?.isTransient == true)
        #expect(try await cache.kept("definition/\(Self.arn)") == nil)
        #expect(try await reader.summary(Self.arn, for: Self.id).containers.map(\.name) == ["app"])
    }

    @Test("a complete answer is remembered for later runs, which read it again only if they are told to")
    func remembered() async throws {
        let cache = Self.cache()
        let server = Server([Self.answer()])
        for (usesCache, calls) in [(true, 1), (true, 1), (false, 2)] {
            let reader = TaskDefinitionReader(
                server.client, cache: cache, clock: Self.clock, usesCache: usesCache)
            #expect(try await reader.summary(Self.arn, for: Self.id).digest.count == 64)
            #expect(server.calls.withLock { $0 } == calls)
        }
        // What was damaged or written in an older form is not believed.
        for stored: JSON in [["arn": .string(Self.arn), "family": "f", "digest": "d", "containers": []], [:]] {
            try await cache.keep(stored, as: "definition/\(Self.arn)")
            let reader = TaskDefinitionReader(server.client, cache: cache, clock: Self.clock)
            #expect(try await reader.summary(Self.arn, for: Self.id).containers.count == 1)
        }
    }

    @Test("what another AWS of the same names has told is not believed, and nothing is kept where none tells it apart")
    func anotherWorld() async throws {
        let memory = MemoryCache()
        try await Self.cache(memory).keep("one", as: "definition/a")
        #expect(try await Self.cache(memory).kept("definition/a") == "one")
        #expect(try await Self.cache(memory, createdAt: "1700000001").kept("definition/a") == nil)
        #expect(CachePart(memory, "other").kept("1700000000.5 definition/a") == nil)
        try await Self.cache(memory, createdAt: "null").keep("two", as: "definition/b")
        #expect(try await Self.cache(memory, createdAt: "null").kept("definition/b") == nil)
    }

    @Test("a revision that was active may be deregistered by now: that is asked once, and remembered")
    func deregistered() async throws {
        let cache = Self.cache()
        let first = TaskDefinitionReader(Server([Self.answer()]).client, cache: cache, clock: Self.clock)
        #expect(try await first.isUsable(Self.arn, for: Self.id))
        let server = Server([Self.answer { $0["status"] = "INACTIVE" }])
        let second = TaskDefinitionReader(server.client, cache: cache, clock: Self.clock)
        #expect(try await second.summary(Self.arn, for: Self.id).isInactive == false)
        #expect(try await second.isUsable(Self.arn, for: Self.id) == false)
        #expect(try await second.isUsable(Self.arn, for: Self.id) == false)
        #expect(server.calls.withLock { $0 } == 1)
        let third = TaskDefinitionReader(server.client, cache: cache, clock: Self.clock)
        #expect(try await third.summary(Self.arn, for: Self.id).isInactive)
    }

    @Test("a container that was remembered wrong is looked for in AWS once more before it is missed")
    func rereading() async throws {
        let fixture = try RunnerFixture()
        let wrong = Self.answer { $0["containerDefinitions"] = [["name": "old", "image": "r:1"]] }
        let seen = TaskDefinitionReader(
            Server([wrong]).client, cache: Self.cache(fixture.cache), clock: Self.clock)
        _ = try await seen.summary(Self.arn, for: Self.id)
        let services = Self.services()
        let manifest = try ManifestTests.load(
            #"{"apiVersion":"reconcile/v1","environment":"e","cluster":"c","image":{"repository":"r","tag":"1"},"taskDefinition":{"container":"app"},"services":[{"name":"web"}]}"#
        )
        let server = Server([services, services, Self.answer()])
        let assembly = Assembly(
            manifest, clients: Clients(server.caller), processes: ProcessRunnerTests.Machine(),
            in: fixture.context())
        _ = try await assembly.assemble()
        // The services twice, and then the revision and its family.
        #expect(server.calls.withLock { $0 } == 4)
    }
}
