import Foundation
import JSON
import Support
import Testing

/// What starts tasks of the services' definitions besides the services: rules, schedules and state machines.
@Suite("Schedules")
struct ScheduleTests {
    private static let cluster = "arn:aws:ecs:us-east-1:123456789012:cluster/test"
    private static let role = "arn:aws:iam::123456789012:role/starter"

    private static func definition(_ name: String) -> String {
        "arn:aws:ecs:us-east-1:123456789012:task-definition/\(name)"
    }

    private static func rule(
        _ world: World, _ name: String, runs definition: String, in cluster: String = cluster,
        state: String = "ENABLED",
        input: String =
            #"{"containerOverrides":[{"name":"app","environment":[{"name":"X","value":"canary-of-a-rule"}]}]}"#
    ) async throws {
        _ = try await world.aws(
            "events", "put-rule", "--name", name, "--schedule-expression", "rate(1 day)", "--state", state)
        let targets: JSON = [
            [
                "Id": "1", "Arn": .string(cluster), "RoleArn": .string(role), "Input": .string(input),
                "EcsParameters": [
                    "TaskDefinitionArn": .string(Self.definition(definition)), "TaskCount": 1, "LaunchType": "FARGATE",
                    "PropagateTags": "TASK_DEFINITION",
                ],
            ]
        ]
        _ = try await world.aws("events", "put-targets", "--rule", name, "--targets", targets.compact)
    }

    private static func schedule(
        _ world: World, _ name: String, runs definition: String, state: String = "ENABLED"
    ) async throws {
        let target: JSON = [
            "Arn": .string(cluster), "RoleArn": .string(role), "Input": #"{"containerOverrides":[]}"#,
            "RetryPolicy": ["MaximumRetryAttempts": 7],
            "EcsParameters": ["TaskDefinitionArn": .string(Self.definition(definition)), "LaunchType": "FARGATE"],
        ]
        _ = try await world.aws(
            "scheduler", "create-schedule", "--name", name, "--schedule-expression", "cron(0 3 * * ? *)",
            "--schedule-expression-timezone", "Europe/Zurich", "--flexible-time-window",
            #"{"Mode":"FLEXIBLE","MaximumWindowInMinutes":15}"#, "--state", state, "--description", "each night",
            "--target", target.compact)
    }

    private static let both: JSON = [["rule": "nightly"], ["schedule": "hourly"]]

    private func applied(_ changes: JSON = [:], seed: (World) async throws -> Void = { _ in }) async throws -> World {
        let world = try await World()
        for tag in ["v1", "v2"] { try world.image(tag) }
        try await seed(world)
        try world.manifest(changes)
        try await world.applied()
        return world
    }

    private func reasons(_ outcome: Outcome) throws -> [String] {
        (try JSON.parse(outcome.out)["drift"]?.elements ?? []).compactMap { $0["reason"]?.string }
    }

    @Test("drift names each rule, schedule and state machine that runs another revision than the services")
    func drift() async throws {
        let world = try await applied()
        #expect(try await world.reconcile("drift", "m.json").exit == 0)
        try await Self.rule(world, "nightly", runs: "app:1")
        try await Self.rule(world, "current", runs: "app:2")
        try await Self.rule(world, "newest", runs: "app")
        try await Self.rule(world, "other-family", runs: "other:1")
        try await Self.rule(world, "off", runs: "app:1", state: "DISABLED")
        try await Self.rule(world, "elsewhere", runs: "app:1", in: Self.cluster + "2")
        try await Self.schedule(world, "hourly", runs: "app:1")
        try await Self.schedule(world, "paused", runs: "app:1", state: "DISABLED")
        let machine: JSON = [
            "StartAt": "A",
            "States": [
                "A": [
                    "Type": "Parallel",
                    "Branches": [
                        [
                            "States": [
                                "B": [
                                    "Type": "Task", "Resource": "arn:aws:states:::ecs:runTask.sync",
                                    "Parameters": ["Cluster": "test", "TaskDefinition": "app:1"],
                                ]
                            ]
                        ]
                    ],
                ]
            ],
        ]
        _ = try await world.aws(
            "stepfunctions", "create-state-machine", "--name", "batch", "--role-arn", Self.role, "--definition",
            machine.compact)
        let outcome = try await world.reconcile("drift", "m.json", "--output", "json")
        #expect(outcome.exit == 2 && outcome.error.isEmpty, "\(outcome.out)\(outcome.error)")
        #expect(
            try reasons(outcome) == [
                "rule nightly runs app:1, and the services run app:2",
                "schedule hourly runs app:1, and the services run app:2",
                "state machine batch runs app:1, and the services run app:2",
            ])
        #expect(!(outcome.out + outcome.error).contains("canary-of-a-rule"))
        // A plan looks at none of them.
        let plan = try await world.reconcile("plan", "m.json", "--verbose")
        #expect(!plan.error.contains("events:") && !plan.error.contains("scheduler:"), "\(plan.error)")
    }

    @Test("a family without a revision is named once its newest revision is not what the services run")
    func newest() async throws {
        let world = try await applied { try await Self.rule($0, "newest", runs: "app") }
        #expect(try await world.reconcile("drift", "m.json").exit == 0)
        let definition = World.definition("app")
        _ = try await world.aws("ecs", "register-task-definition", "--cli-input-json", definition.compact)
        let outcome = try await world.reconcile("drift", "m.json", "--output", "json")
        #expect(
            try reasons(outcome) == ["rule newest runs the newest revision, app:3, and the services run app:2"])
    }

    @Test("what may not be read is a warning that names the action, and no failure")
    func denied() async throws {
        let world = try await applied { try await Self.rule($0, "nightly", runs: "app:1") }
        let actions: JSON = ["ecs:*", "ecr:*", "logs:*", "application-autoscaling:*"]
        let policy: JSON = [
            "Version": "2012-10-17", "Statement": [["Effect": "Allow", "Action": actions, "Resource": "*"]],
        ]
        try Scratch.write(policy.compact, to: world.folder + "/policy.json")
        let outcome = try await world.reconcile("drift", "m.json")
        #expect(outcome.exit == 0, "\(outcome.out)\(outcome.error)")
        for action in ["events:ListRuleNamesByTarget", "scheduler:ListSchedules", "states:ListStateMachines"] {
            #expect(outcome.error.contains("warning") && outcome.error.contains(action), "\(outcome.error)")
        }
    }

    @Test(
        "those of the manifest move after the services, each with all else that it has, and then there is nothing to do"
    )
    func moves() async throws {
        let world = try await applied { world in
            try await Self.rule(world, "nightly", runs: "app:1")
            try await Self.schedule(world, "hourly", runs: "app:1")
        }
        let before = try await world.aws("scheduler", "get-schedule", "--name", "hourly")
        try world.manifest([
            "schedules": Self.both,
            "image": ["repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app", "tag": "v2"],
        ])
        let early = try await world.reconcile("plan", "m.json")
        #expect(early.out.contains("schedule/nightly"), "\(early.out)")
        let applied = try await world.applied()
        let started = applied.events.filter { $0["event"] == "started" }.compactMap { $0["resource"]?.string }
        #expect(started.suffix(3) == ["service/web", "schedule/nightly", "schedule/hourly"], "\(started)")
        let rule = try await world.aws("events", "list-targets-by-rule", "--rule", "nightly")["Targets"]?.elements.first
        #expect(rule?["EcsParameters"]?["TaskDefinitionArn"] == .string(Self.definition("app:3")))
        #expect(rule?["EcsParameters"]?["PropagateTags"] == "TASK_DEFINITION")
        #expect(rule?["Input"]?.string?.contains("canary-of-a-rule") == true)
        var after = try await world.aws("scheduler", "get-schedule", "--name", "hourly")
        #expect(after["Target"]?["EcsParameters"]?["TaskDefinitionArn"] == .string(Self.definition("app:3")))
        after["Target"]?["EcsParameters"]?["TaskDefinitionArn"] =
            before["Target"]?["EcsParameters"]?["TaskDefinitionArn"]
        after["LastModificationDate"] = before["LastModificationDate"]
        #expect(after == before)
        let again = try await world.applied()
        #expect(again.result["calls"]?["mutating"]?.integer == 0)
        #expect(try await world.reconcile("drift", "m.json").exit == 0)
        let history = try await world.reconcile("history", "m.json", "--output", "json").out
        let ledger = try await world.reconcile("ledger", "export", "m.json").out
        #expect(ledger.contains("schedule/nightly") && !(ledger + history + early.out).contains("canary-of-a-rule"))
    }

    @Test("one that began long ago is moved, and keeps its time of day; one that is over is left alone")
    func begun() async throws {
        func schedule(_ name: String, _ expression: String, _ timing: JSON) -> JSON {
            var schedule: JSON = [
                "Name": .string(name), "ScheduleExpression": .string(expression), "FlexibleTimeWindow": ["Mode": "OFF"],
                "Target": [
                    "Arn": .string(Self.cluster), "RoleArn": .string(Self.role),
                    "EcsParameters": ["TaskDefinitionArn": .string(Self.definition("app:1"))],
                ],
            ]
            for member in timing.object?.members ?? [] { schedule[member.key] = member.value }
            return schedule
        }
        // 2026-01-01T02:00:00Z
        let long = 1_767_232_800
        let world = try await World(schedules: [
            schedule("daily", "rate(1 day)", ["StartDate": .integer(long)]),
            schedule("nightly", "cron(0 3 * * ? *)", ["StartDate": .integer(long)]),
            schedule("once", "at(2026-01-02T03:00:00)", [:]),
        ])
        try world.image("v1")
        try world.manifest(["schedules": [["schedule": "daily"], ["schedule": "nightly"], ["schedule": "once"]]])
        try await world.applied()
        func start(_ name: String) async throws -> Int? {
            let schedule = try await world.aws("scheduler", "get-schedule", "--name", name)
            let definition = schedule["Target"]?["EcsParameters"]?["TaskDefinitionArn"]?.string
            #expect(definition == Self.definition(name == "once" ? "app:1" : "app:2"), "\(name)")
            return schedule["StartDate"]?.integer
        }
        let daily = try #require(try await start("daily"))
        #expect(daily > Int(Date().timeIntervalSince1970) && daily % 86_400 == 2 * 3_600)
        #expect(try await start("nightly") == nil)
        _ = try await start("once")
        #expect(try await world.reconcile("drift", "m.json").exit == 0)
    }

    @Test("one that somebody moved back is moved again, and one that is not there holds the release")
    func movedBack() async throws {
        let world = try await applied(["schedules": [["rule": "nightly"]]]) { world in
            try await Self.rule(world, "nightly", runs: "app")
        }
        let targets = try await world.aws("events", "list-targets-by-rule", "--rule", "nightly")["Targets"]
        #expect(
            targets?.elements.first?["EcsParameters"]?["TaskDefinitionArn"] == .string(Self.definition("app:2")))
        try await Self.rule(world, "nightly", runs: "app:1")
        #expect(try await world.reconcile("drift", "m.json").exit == 2)
        let plan = try await world.reconcile("plan", "m.json")
        #expect(plan.out.contains("app:1 -> app:2"), "\(plan.out)")
        let moved = try await world.applied()
        #expect(moved.result["calls"]?["mutating"]?.integer == 1)
        try world.manifest(["schedules": [["schedule": "nowhere"]]])
        let missing = try await world.applied("--image-tag", "v2", exit: 1)
        #expect(missing.result["failure"]?["code"] == "schedule-missing")
        #expect(missing.result["calls"]?["mutating"]?.integer == 0)
    }

    @Test("schema.after waits until they have moved, and until the old code that they started has ended")
    func after() async throws {
        let world = try await applied(["schedules": [["rule": "nightly"]]]) { world in
            try await Self.rule(world, "nightly", runs: "app:1")
        }
        _ = try await world.aws(
            "ecs", "run-task", "--cluster", "test", "--task-definition", "app:2", "--started-by", "events-rule/nightly",
            "--launch-type", "FARGATE", "--network-configuration", "awsvpcConfiguration={subnets=[subnet-1]}",
            "--overrides",
            #"{"containerOverrides":[{"name":"app","command":["sh","-c","until grep -q v2 migrated; do sleep 0.1; done; sleep 8; echo old >> migrated"]}]}"#
        )
        try world.manifest([
            "schedules": [["rule": "nightly"]],
            "image": ["repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app", "tag": "v2"],
            "schema": [
                "database": "main", "version": "2", "order": "integer",
                "after": ["version": "3", "command": ["sh", "-c", "echo after >> migrated"]],
            ],
        ])
        let applied = try await world.applied()
        #expect(world.migrated.suffix(2) == ["old", "after"], "\(world.migrated)")
        let started = applied.events.filter { $0["event"] == "started" }.compactMap { $0["resource"]?.string }
        #expect(started.suffix(2) == ["schedule/nightly", "schema/main@after"], "\(started)")
    }

    @Test("the policy allows to move them, with the roles that they have, and no more than that")
    func policy() async throws {
        let world = try await applied(["schedules": Self.both]) { world in
            try await Self.rule(world, "nightly", runs: "app:1")
            try await Self.schedule(world, "hourly", runs: "app:1")
        }
        let policy = try await world.reconcile("policy", "m.json")
        try Scratch.write(policy.out, to: world.folder + "/policy.json")
        let applied = try await world.applied("--image-tag", "v2")
        // Register, update, and a call for each.
        #expect(applied.result["calls"]?["mutating"]?.integer == 4)
        #expect(try await world.reconcile("drift", "m.json", "--image-tag", "v2").error.isEmpty)
        #expect(policy.out.contains(Self.role) && !policy.out.contains("role/*"))
        var less = try JSON.parse(policy.out)
        less["Statement"] = .array(
            (less["Statement"]?.elements ?? []).filter { $0["Action"] != "scheduler:UpdateSchedule" })
        try Scratch.write(less.compact, to: world.folder + "/policy.json")
        let denied = try await world.applied("--image-tag", "v1", exit: 77)
        #expect(denied.result["failure"]?["hint"]?.string?.contains("scheduler:UpdateSchedule") == true)
    }
}
