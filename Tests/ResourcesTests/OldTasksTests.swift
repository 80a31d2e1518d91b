import JSON
import Testing
import Time

@testable import AWS
@testable import Base
@testable import Resources

@Suite("Tasks of older revisions")
struct OldTasksTests {
    /// Tasks of one service, by the state in which ECS wants them.
    struct Listed: Transport {
        let tasks: [(wanted: String, status: String, revision: String)]

        func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
            let input: JSON
            do { input = try JSON.parse(request.body) } catch { input = [:] }
            let isList = request.headers.contains { $0.name == "X-Amz-Target" && $0.value.hasSuffix("ListTasks") }
            let wanted = input["desiredStatus"]?.string ?? "RUNNING"
            let answer: JSON =
                isList
                ? [
                    "taskArns": .array(
                        tasks.indices.filter { tasks[$0].wanted == wanted }.map { .string("task/\($0)") })
                ]
                : [
                    "tasks": .array(
                        (input["tasks"]?.elements ?? []).compactMap(\.string).compactMap { arn in
                            arn.split(separator: "/").last.flatMap { Int($0) }.map { index in
                                [
                                    "taskArn": .string(arn), "lastStatus": .string(tasks[index].status),
                                    "taskDefinitionArn": .string("task-definition/\(tasks[index].revision)"),
                                ]
                            }
                        })
                ]
            return HTTPResponse(status: 200, headers: [], body: Array(answer.compact.utf8))
        }
    }

    @Test(
        "are alive until they have stopped, also those that ECS has told to stop and that its counts leave out",
        arguments: [
            ([], nil), ([("RUNNING", "RUNNING", "app:2")], nil), ([("STOPPED", "STOPPED", "app:1")], nil),
            ([("RUNNING", "RUNNING", "app:1")], "a task of app:1 on web is still RUNNING"),
            (
                [("RUNNING", "RUNNING", "app:2"), ("STOPPED", "STOPPING", "app:1")],
                "a task of app:1 on web is still STOPPING"
            ),
            ([("STOPPED", "DEACTIVATING", "app:1")], "a task of app:1 on web is still DEACTIVATING"),
            ([("STOPPED", "TELEPORTING", "app:1")], "a task of app:1 on web is still TELEPORTING"),
        ] as [([(String, String, String)], String?)])
    func alive(tasks: [(String, String, String)], expected: String?) async throws {
        let settings = Settings(
            region: "us-east-1", credentials: Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "secret"))
        let caller = Caller(
            settings: settings, transport: Listed(tasks: tasks.map { ($0.0, $0.1, $0.2) }),
            clock: ServerClock(machine: { Timestamp(seconds: 1_000) }, elapsed: { .zero }))
        let old = OldTasks(cluster: "c", services: ["web"], client: ECSClient(caller))
        let found = try await old.alive(
            besides: ["web": "task-definition/app:2"], for: ResourceID("schema", "main@after"))
        #expect(found == expected)
    }

    /// Tasks of a family, by who has started them; none of a service.
    private struct OfFamily: Transport {
        let tasks: [(startedBy: String, revision: String)]

        func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
            let input: JSON
            do { input = try JSON.parse(request.body) } catch { input = [:] }
            let isRunning = input["family"] == "app" && input["desiredStatus"] == nil
            let arns = isRunning ? tasks.indices.map { JSON.string("task/\($0)") } : []
            let shown = tasks.enumerated().map { index, task -> JSON in
                [
                    "taskArn": .string("task/\(index)"), "lastStatus": "RUNNING",
                    "startedBy": .string(task.startedBy),
                    "taskDefinitionArn": .string("task-definition/\(task.revision)"),
                ]
            }
            let answer: JSON = input["tasks"] == nil ? ["taskArns": .array(arns)] : ["tasks": .array(shown)]
            return HTTPResponse(status: 200, headers: [], body: Array(answer.compact.utf8))
        }
    }

    @Test(
        "count also where no service has started them, unless they are this program's own or another service's",
        arguments: [
            ("events-rule/nightly", "app:1", "a task of app:1, started by events-rule/nightly, is still RUNNING"),
            ("events-rule/nightly", "app:2", nil), ("chronos-schedule/hourly", "app-worker:1", nil),
            ("reconcile/0123", "app:1", nil), ("ecs-svc/0123", "app:1", nil),
            ("", "app:1", "a task of app:1 is still RUNNING"),
        ] as [(String, String, String?)])
    func scheduled(startedBy: String, revision: String, expected: String?) async throws {
        let settings = Settings(
            region: "us-east-1", credentials: Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "secret"))
        let caller = Caller(
            settings: settings, transport: OfFamily(tasks: [(startedBy, revision)]),
            clock: ServerClock(machine: { Timestamp(seconds: 1_000) }, elapsed: { .zero }))
        let old = OldTasks(cluster: "c", services: ["web"], client: ECSClient(caller))
        let found = try await old.alive(
            besides: ["web": "task-definition/app:2"], for: ResourceID("schema", "main@after"))
        #expect(found == expected)
    }
}
