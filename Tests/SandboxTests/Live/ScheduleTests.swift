import AWS
import JSON
import Testing

@testable import Sandbox

@Suite("The sandbox's rules, schedules and state machines")
struct ScheduleTests {
    private static let target: JSON = [
        "Id": "1", "Arn": "arn:aws:ecs:us-east-1:123456789012:cluster/default", "Input": "{}",
        "EcsParameters": ["TaskDefinitionArn": "app:1"],
    ]
    private static let seed: JSON = [
        "rules": [["Name": "nightly", "ScheduleExpression": "rate(1 day)", "Targets": [target]]],
        "schedules": [
            [
                "Name": "hourly", "GroupName": "g", "ScheduleExpression": "rate(1 hour)",
                "FlexibleTimeWindow": ["Mode": "OFF"], "Target": target,
            ]
        ],
        "stateMachines": [["name": "batch", "definition": ["StartAt": "A"]]],
    ]

    private static func moved(_ server: SandboxServer) async throws -> JSON? {
        let answer = try await server.call("ListTargetsByRule", ["Rule": "nightly"], of: .events)
        return answer["Targets"]?.elements.first?["EcsParameters"]?["TaskDefinitionArn"]
    }

    private static func caller(_ server: SandboxServer) throws -> Caller {
        Caller(
            settings: Settings(
                region: server.region, credentials: server.credentials, endpoint: try Endpoint(server.endpoint)),
            transport: CurlTransport(userAgent: "sandbox-tests"),
            clock: ServerClock(
                machine: { MachineClock.timestamp(MachineClock.milliseconds) },
                elapsed: { .milliseconds(MachineClock.milliseconds) }))
    }

    @Test("come from sandbox.json, are changed by their calls, and outlive a restart")
    func kept() async throws {
        let sandbox = try Sandboxed()
        try sandbox.write("sandbox.json", Self.seed)
        try await sandbox.withServer { server in
            #expect(try await Self.moved(server) == "app:1")
            let target = ScheduledTask.moved(Self.target, to: "app:2")
            _ = try await server.call("PutTargets", ["Rule": "nightly", "Targets": [target]], of: .events)
            let client = SchedulerClient(try Self.caller(server))
            var schedule = try #require(try await client.schedule("hourly", group: "g"))
            schedule["Target"] = target
            try await client.update(schedule, name: "hourly", group: "g")
            let gone = await #expect(throws: AWSError.self) {
                try await client.update(schedule, name: "nowhere", group: "g")
            }
            #expect(gone?.code == "ResourceNotFoundException")
            #expect(try await client.schedule("hourly", group: "default") == nil)
        }
        try await sandbox.withServer { server in
            #expect(try await Self.moved(server) == "app:2")
            let caller = try Self.caller(server)
            #expect(try await SchedulerClient(caller).tasks(of: "hourly", group: "g")?.map(\.definition) == ["app:2"])
            let machines = try await StatesClient(caller).list(after: nil).machines
            #expect(machines.map(\.name) == ["batch"])
            #expect(try await StatesClient(caller).tasks(of: machines[0])?.isEmpty == true)
        }
        try sandbox.remove()
    }
}
