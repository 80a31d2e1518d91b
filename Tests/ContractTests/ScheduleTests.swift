import AWS
import JSON
import Support
import Testing

/// The clients of what starts tasks, against moto.
@Suite("Rules, schedules and state machines of moto", .enabled(if: ForeignServer.isThere("moto_server")), .serialized)
struct ScheduleTests {
    private static let cluster = "arn:aws:ecs:us-east-1:123456789012:cluster/prod"
    private static let definition = "arn:aws:ecs:us-east-1:123456789012:task-definition/app"

    /// What moto says is JSON and called HTML, which AWS never answers with.
    private struct Relabelled: Transport {
        let transport = CurlTransport(userAgent: "reconcile-tests")

        func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
            let answer = try await transport.send(request)
            guard answer.body.first == UInt8(ascii: "{") else { return answer }
            let others = answer.headers.filter { $0.name.lowercased() != "content-type" }
            return HTTPResponse(
                status: answer.status, headers: others + [HTTPHeader("Content-Type", "application/json")],
                body: answer.body)
        }
    }

    private static func caller(_ foreign: Foreign) throws -> Caller {
        Caller(
            settings: foreign.caller.settings, transport: Relabelled(),
            clock: ServerClock(machine: { Foreign.now }, elapsed: { .seconds(Int64(SystemTime.seconds)) }))
    }

    private static func target(_ id: String, _ revision: Int) -> JSON {
        [
            "Id": .string(id), "Arn": .string(cluster), "RoleArn": "arn:aws:iam::123456789012:role/starter",
            "Input": "{\"containerOverrides\":[]}",
            "EcsParameters": ["TaskDefinitionArn": .string("\(definition):\(revision)"), "TaskCount": 2],
        ]
    }

    @Test("a rule is found by its cluster, and its target is moved with all else that it has")
    func rules() async throws {
        let foreign = try MotoTests.foreign()
        let client = EventsClient(try Self.caller(foreign))
        for (name, state) in [("nightly", "ENABLED"), ("off", "DISABLED")] {
            _ = try await Self.caller(foreign).call(
                .events, "PutRule",
                ["Name": .string(name), "ScheduleExpression": "rate(1 day)", "State": .string(state)])
        }
        let queue: JSON = ["Id": "2", "Arn": "arn:aws:sqs:us-east-1:123456789012:q"]
        #expect(try await client.put([Self.target("1", 1), queue], of: "nightly", bus: "default").isEmpty)
        #expect(try await client.rules(onto: Self.cluster, bus: "default") == ["nightly"])
        #expect(try await client.isEnabled("nightly", bus: "default") == true)
        #expect(try await client.isEnabled("off", bus: "default") == false)
        let task = try await client.tasks(of: "nightly", bus: "default")
        #expect(
            task == [
                ScheduledTask(
                    target: "1", cluster: Self.cluster, definition: "\(Self.definition):1",
                    role: "arn:aws:iam::123456789012:role/starter")
            ])
        let whole = try #require(try await client.targets(of: "nightly", bus: "default")?.first)
        let moved = ScheduledTask.moved(whole, to: "\(Self.definition):2")
        #expect(try await client.put([moved], of: "nightly", bus: "default").isEmpty)
        let targets = try await client.targets(of: "nightly", bus: "default") ?? []
        #expect(targets.count == 2 && targets.contains(Self.target("1", 2)), "\(targets)")
        #expect(try await client.tasks(of: "nowhere", bus: "default") == nil)
        #expect(try await client.isEnabled("nowhere", bus: "default") == nil)
    }

    @Test("a schedule is replaced with all that was read of it, and one of another group is another one")
    func schedules() async throws {
        let foreign = try MotoTests.foreign()
        let client = SchedulerClient(try Self.caller(foreign))
        let environment = MotoTests.environment(foreign)
        for group in ["default", "night"] {
            if group != "default" {
                let made = try await Outcome.of(
                    "aws", ["scheduler", "create-schedule-group", "--name", group], environment: environment)
                #expect(made.exit == 0, "\(made.error)")
            }
            let made = try await Outcome.of(
                "aws",
                [
                    "scheduler", "create-schedule", "--name", "hourly", "--group-name", group, "--schedule-expression",
                    "cron(0 3 * * ? *)", "--schedule-expression-timezone", "Europe/Zurich", "--flexible-time-window",
                    #"{"Mode":"FLEXIBLE","MaximumWindowInMinutes":15}"#, "--description", "each hour", "--state",
                    group == "default" ? "ENABLED" : "DISABLED", "--start-date", "2030-01-01T00:00:00Z",
                    "--action-after-completion", "DELETE", "--target",
                    {
                        var target = Self.target("", 1)
                        target["Id"] = nil
                        return target.compact
                    }(),
                ], environment: environment)
            #expect(made.exit == 0, "\(made.error)")
        }
        let listed = try await client.list(after: nil)
        #expect(listed.schedules.map(\.group).sorted() == ["default", "night"] && listed.next == nil)
        #expect(listed.schedules.allSatisfy { $0.target == Self.cluster })
        #expect(listed.schedules.filter(\.isEnabled).map(\.group) == ["default"])
        let before = try #require(try await client.schedule("hourly", group: "night"))
        var changed = before
        changed["Target"] = ScheduledTask.moved(before["Target"] ?? [:], to: "\(Self.definition):2")
        try await client.update(changed, name: "hourly", group: "night")
        var after = try #require(try await client.schedule("hourly", group: "night"))
        #expect(after["Target"]?["EcsParameters"]?["TaskDefinitionArn"] == .string("\(Self.definition):2"))
        after["Target"] = before["Target"]
        after["LastModificationDate"] = before["LastModificationDate"]
        #expect(after == before)
        #expect(
            try await client.tasks(of: "hourly", group: "default")?.map(\.definition) == ["\(Self.definition):1"])
        #expect(try await client.tasks(of: "nowhere", group: "default") == nil)
    }

    @Test("a state machine's tasks are found in its definition, however deep")
    func stateMachines() async throws {
        let foreign = try MotoTests.foreign()
        let client = StatesClient(try Self.caller(foreign))
        let definition: JSON = [
            "StartAt": "A",
            "States": [
                "A": [
                    "Type": "Map",
                    "ItemProcessor": [
                        "StartAt": "B",
                        "States": [
                            "B": [
                                "Type": "Task", "Resource": "arn:aws:states:::ecs:runTask.sync", "End": true,
                                "Parameters": ["Cluster": "prod", "TaskDefinition": "app:1"],
                            ],
                            "C": [
                                "Type": "Task", "Resource": "arn:aws:states:::ecs:runTask", "End": true,
                                "Parameters": ["Cluster.$": "$.cluster", "TaskDefinition": "app:1"],
                            ],
                        ],
                    ],
                    "End": true,
                ]
            ],
        ]
        try await foreign.prepare(
            .states, "CreateStateMachine",
            [
                "name": "batch", "definition": .string(definition.compact),
                "roleArn": "arn:aws:iam::123456789012:role/starter",
            ])
        let machine = try #require(try await client.list(after: nil).machines.first)
        #expect(machine.name == "batch")
        #expect(
            try await client.tasks(of: machine) == [ScheduledTask(target: nil, cluster: "prod", definition: "app:1")])
        let gone = StatesClient.Machine(name: "gone", arn: machine.arn + "x")
        #expect(try await client.tasks(of: gone) == nil)
    }
}
