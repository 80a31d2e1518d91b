import JSON
import Synchronization
import Testing
import Time

@testable import AWS
@testable import Base
@testable import Resources

@Suite("Reading services")
struct ServiceReaderTests {
    /// Describes any service that is asked for, and throttles calls by their number.
    private final class Server: Transport {
        let calls = Mutex(0)
        let answered = Mutex(0)
        private let isThrottled: @Sendable (Int) -> Bool

        init(isThrottled: @escaping @Sendable (Int) -> Bool = { _ in false }) { self.isThrottled = isThrottled }

        func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
            let call = calls.withLock { calls in
                calls += 1
                return calls
            }
            guard !isThrottled(call) else {
                return HTTPResponse(
                    status: 400, body: Array(#"{"__type":"ThrottlingException","message":"Rate exceeded"}"#.utf8))
            }
            answered.withLock { $0 += 1 }
            let names: [JSON]
            do { names = try JSON.parse(request.body)["services"]?.array ?? [] } catch { names = [] }
            let services = names.compactMap(\.string).map { name in
                ServiceReaderTests.service(name, deployments: 1)
            }
            return HTTPResponse(
                status: 200, body: Array(JSON.object(dropping: ["services": .array(services)]).compact.utf8))
        }

        func reader(_ names: [String], clock: EngineClock? = nil) -> ServiceReader {
            let time = Mutex(Duration.zero)
            let elapsed: @Sendable () -> Duration = { time.withLock(\.self) }
            let caller = Caller(
                settings: Settings(
                    region: "us-east-1", credentials: Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "s")),
                transport: self, clock: ServerClock(machine: { RunnerFixture.began }, elapsed: elapsed))
            let patience = ReadPatience(
                elapsed: elapsed, sleep: { pause in time.withLock { $0 += pause } }, jitter: { 0.5 },
                report: { _ in })
            return ServiceReader(Clients(caller, patience: patience).ecs, cluster: "c", names: names, clock: clock)
        }
    }

    /// Sleeps end at once, and move its time on.
    private final class Passing: Clock {
        struct Instant: InstantProtocol {
            var offset: Duration
            func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
            func duration(to other: Instant) -> Duration { other.offset - offset }
            static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
        }

        private let time = Mutex(Instant(offset: .zero))
        var now: Instant { time.withLock(\.self) }
        var minimumResolution: Duration { .nanoseconds(1) }

        func sleep(until deadline: Instant, tolerance: Duration?) async throws {
            time.withLock { $0 = max($0, deadline) }
        }
    }

    private static func service(_ name: String, deployments: Int) -> JSON {
        let deployment: JSON = [
            "id": "ecs-svc/1", "status": "PRIMARY", "taskDefinition": "arn:aws:ecs:us-east-1:1:task-definition/f:2",
            "desiredCount": 1, "runningCount": 0, "pendingCount": 1, "rolloutState": "IN_PROGRESS",
        ]
        return [
            "serviceName": .string(name), "serviceArn": .string("arn:aws:ecs:us-east-1:123456789012:service/c/\(name)"),
            "clusterArn": "arn:aws:ecs:us-east-1:123456789012:cluster/c", "status": "ACTIVE",
            "taskDefinition": "arn:aws:ecs:us-east-1:123456789012:task-definition/f:2", "desiredCount": 1,
            "runningCount": 1, "pendingCount": 0,
            "deployments": .array((0..<deployments).map { _ in deployment }),
        ]
    }

    private static let names = (1...100).map { "web\($0)" }

    @Test("no reading from before a call that may change a service is given out after it, whoever has asked for it")
    func doubted() async throws {
        let server = Server()
        let reader = server.reader(["web"])
        _ = try await reader.look("web", by: ResourceID("service", "web"))
        _ = try await reader.look("web", by: ResourceID("schema", "main"))
        _ = try await reader.look("web", by: ResourceID("schema", "main"))
        await reader.doubt()
        let before = server.answered.withLock(\.self)
        _ = try await reader.look("web", by: ResourceID("service", "web"))
        #expect(server.answered.withLock(\.self) == before + 1)
    }

    @Test("a reading ahead is one for all who look next, and counts for a second", arguments: [true, false])
    func ahead(isOld: Bool) async throws {
        let server = Server()
        let clock = EngineClock(Passing(), wall: { RunnerFixture.began })
        let reader = server.reader(["web"], clock: clock)
        let resources = [ResourceID("service", "web"), ResourceID("task-definition", "f")]
        for _ in 0..<2 {
            let before = server.calls.withLock(\.self)
            await clock.atOnce(resources.map { id in { await reader.readAhead(for: id) } })
            #expect(server.calls.withLock(\.self) == before + 1)
            if isOld { try await clock.sleep(.milliseconds(1_001)) }
            for id in resources { _ = try await reader.look("web", by: id) }
            #expect(server.calls.withLock(\.self) == before + (isOld ? 2 : 1))
        }
    }

    @Test(
        "of which some pages are throttled reads each of the others once", arguments: [2, 3, 10])
    func throttled(every: Int) async throws {
        // All but each N-th call: up to nine of ten.
        let server = Server { $0 % every != 0 }
        let reader = server.reader(Self.names)
        for name in Self.names {
            #expect(try await reader.look(name, by: ResourceID("service", name)).name == name)
        }
        #expect(server.answered.withLock(\.self) == 10)
        #expect(server.calls.withLock(\.self) == 10 * every)
    }

    @Test("after each update takes what it answered: the calls grow with the services, and not with their square")
    func updates() async throws {
        let server = Server()
        let reader = server.reader(Self.names)
        let updates = AnswerReader(operation: "ecs:UpdateService", secrets: Secrets())
        for name in Self.names { _ = try await reader.look(name, by: ResourceID("service", name)) }
        for name in Self.names {
            await reader.replace(try ECSService(Self.service(name, deployments: 2), updates))
            #expect(try await reader.look(name, by: ResourceID("service", name)).deployments.count == 2)
        }
        #expect(server.calls.withLock(\.self) == 10)
        // What comes next is read, by each from a reading that it was not given yet.
        for name in Self.names {
            #expect(try await reader.look(name, by: ResourceID("service", name)).deployments.count == 1)
        }
        #expect(server.calls.withLock(\.self) == 20)
    }

    @Test("does not take an update's answer that lists no deployment for the state of the service")
    func silence() async throws {
        let server = Server()
        let reader = server.reader(["web"])
        let id = ResourceID("service", "web")
        _ = try await reader.look("web", by: id)
        let answer = try ECSService(
            Self.service("web", deployments: 0), AnswerReader(operation: "ecs:UpdateService", secrets: Secrets()))
        await reader.replace(answer)
        #expect(try await reader.look("web", by: id).deployments.count == 1)
    }
}
