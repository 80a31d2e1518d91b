import JSON
import Testing

@testable import Sandbox

@Suite struct TaskLifeTests {
    @Test func `a task passes through its states in order`() throws {
        var world = try World()
        world.behaviours["db-migrate"] = .exits(3, after: 30)
        let arn = try world.runTask(try world.register("web", image: "web:1", ["command": ["db-migrate"]]))
        var seen: [String] = []
        for _ in 0..<300 {
            let status = try #require(try world.task(arn)["lastStatus"]?.string)
            if seen.last != status { seen.append(status) }
            world.pass(1)
        }
        #expect(seen == ["PROVISIONING", "PENDING", "RUNNING", "DEPROVISIONING", "STOPPED"])
        let task = try world.task(arn)
        #expect(task["stopCode"] == "EssentialContainerExited")
        #expect(task["stoppedReason"] == "Essential container in task exited")
        #expect(task["containers"]?.elements.first?["exitCode"] == 3)
        #expect(task["desiredStatus"] == "STOPPED")
        let times = ["createdAt", "startedAt", "stoppingAt", "stoppedAt"].compactMap { task[$0]?.double }
        #expect(times.count == 4)
        #expect(times == times.sorted())
    }

    @Test(arguments: [
        ("CannotStartContainerError: no such file", "Task failed to start"),
        ("CannotPullContainerError: not found", "CannotPullContainerError: not found"),
    ])
    func `a container that cannot start has a reason and no exit code`(reason: String, stopped: String) throws {
        var world = try World()
        world.behaviours["web:1"] = .cannotStart(reason)
        let arn = try world.runTask(try world.register())
        world.pass(1_000)
        let task = try world.task(arn)
        #expect(task["lastStatus"] == "STOPPED")
        #expect(task["stopCode"] == "TaskFailedToStart")
        #expect(task["stoppedReason"]?.string == stopped)
        #expect(task["startedAt"] == nil)
        #expect(task["containers"]?.elements.first?["reason"]?.string == reason)
        #expect(task["containers"]?.elements.first?["exitCode"] == nil)
    }

    @Test func `a task that is stopped before its start has no exit code`() throws {
        var world = try World()
        let arn = try world.runTask(try world.register())
        try world.call("StopTask", ["cluster": "prod", "task": .string(arn), "reason": "by hand"])
        world.pass(1_000)
        let task = try world.task(arn)
        #expect(task["stopCode"] == "UserInitiated")
        #expect(task["stoppedReason"] == "by hand")
        #expect(task["containers"]?.elements.first?["exitCode"] == nil)
        #expect(world.effects.isEmpty)
    }

    @Test func `a task that is stopped while its process starts is ended all the same`() throws {
        var world = try World()
        let arn = try world.runTask(try world.register())
        world.pass(62)
        try world.call("StopTask", ["cluster": "prod", "task": .string(arn)])
        world.pass(1_000)
        #expect(try world.task(arn)["lastStatus"] == "STOPPED")
        #expect(world.effects.count == 2)
    }

    @Test func `stopping a task deletes its tags`() throws {
        var world = try World()
        let arn = try world.runTask(try world.register(), ["tags": [["key": "a", "value": "1"]]])
        #expect(try world.task(arn)["tags"] == [["key": "a", "value": "1"]])
        try world.call("StopTask", ["cluster": "prod", "task": .string(arn)])
        #expect(try world.task(arn)["tags"] == [])
    }

    @Test func `the end of an essential container ends the others`() throws {
        var world = try World()
        world.behaviours["short"] = .exits(0, after: 50)
        try world.call(
            "RegisterTaskDefinition",
            [
                "family": "pair",
                "containerDefinitions": [
                    ["name": "a", "image": "x", "command": ["short"]], ["name": "b", "image": "y", "stopTimeout": 7],
                ],
            ])
        let arn = try world.call("RunTask", ["cluster": "prod", "taskDefinition": "pair"])["tasks"]?.elements.first
        world.pass(1_000)
        let task = try world.task(try #require(arn?["taskArn"]?.string))
        let codes = (task["containers"]?.elements ?? []).map {
            "\($0["name"]?.string ?? "") \($0["exitCode"]?.integer ?? -1)"
        }
        #expect(codes.sorted() == ["a 0", "b 143"])
        let stops = world.effects.compactMap { if case .stop(_, let timeout) = $0 { timeout } else { nil } }
        #expect(stops == [7_000])
    }

    @Test func `a container that is not essential may end before the others start`() throws {
        var world = try World()
        world.behaviours["short"] = .exits(1, after: 0)
        try world.call(
            "RegisterTaskDefinition",
            [
                "family": "pair",
                "containerDefinitions": [
                    ["name": "a", "image": "x", "command": ["short"], "essential": false], ["name": "b", "image": "y"],
                ],
            ])
        try world.call("RunTask", ["cluster": "prod", "taskDefinition": "pair"])
        world.pass(1_000)
        #expect(try world.task(try #require(try world.tasks().first))["lastStatus"] == "RUNNING")
    }

    @Test func `a restart policy starts an essential container again once it ran for the period`() throws {
        var world = try World()
        world.behaviours["db-migrate"] = .exits(0, after: 61_000)
        let policy: JSON = [
            "command": ["db-migrate"],
            "restartPolicy": ["enabled": true, "restartAttemptPeriod": 60, "ignoredExitCodes": [7]],
        ]
        let arn = try world.runTask(try world.register("web", image: "web:1", policy))
        world.pass(200_000)
        #expect(try world.task(arn)["lastStatus"] == "RUNNING")
        #expect(try world.task(arn)["containers"]?.elements.first?["restartCount"] == 3)
        #expect(world.effects.count == 4)
    }

    @Test(arguments: [(0, 59_000), (7, 61_000)])
    func `a restart policy lets an early or an ignored exit be the end`(code: Int, after: Int) throws {
        var world = try World()
        world.behaviours["db-migrate"] = .exits(code, after: after)
        let policy: JSON = [
            "command": ["db-migrate"],
            "restartPolicy": ["enabled": true, "restartAttemptPeriod": 60, "ignoredExitCodes": [7]],
        ]
        let arn = try world.runTask(try world.register("web", image: "web:1", policy))
        world.pass(200_000)
        #expect(try world.task(arn)["lastStatus"] == "STOPPED")
        #expect(try world.task(arn)["containers"]?.elements.first?["exitCode"]?.integer == code)
    }

    @Test func `overrides replace the command and stand above the definition's environment`() throws {
        var world = try World()
        let revision = try world.register(
            "web", image: "web:1",
            [
                "command": ["serve"], "environment": [["name": "A", "value": "1"], ["name": "B", "value": "2"]],
                "logConfiguration": [
                    "logDriver": "awslogs", "options": ["awslogs-group": "/g", "awslogs-stream-prefix": "p"],
                ],
            ])
        let arn = try world.runTask(
            revision,
            [
                "overrides": [
                    "containerOverrides": [
                        ["name": "app", "command": ["db-migrate"], "environment": [["name": "A", "value": "9"]]]
                    ]
                ]
            ])
        world.pass(100)
        guard case .start(let launch) = try #require(world.effects.first) else { return }
        #expect(launch.command == ["db-migrate"])
        #expect(launch.environment.map { "\($0.name)=\($0.value)" } == ["B=2", "A=9"])
        #expect(launch.log == LogStreamName(group: "/g", stream: "p/app/\(arn.split(separator: "/").last ?? "")"))
    }

    @Test func `tasks that live have addresses of their own`() throws {
        var world = try World()
        let revision = try world.register()
        for _ in 0..<5 { try world.call("RunTask", World.run(revision, ["count": 10])) }
        let addresses = try world.tasks().map { arn in
            try world.task(arn)["containers"]?.elements.first?["networkInterfaces"]?.elements.first?[
                "privateIpv4Address"]?.string ?? ""
        }
        #expect(Set(addresses).count == 50)
        #expect(addresses.allSatisfy { $0.hasPrefix("127.77.") })
    }

    @Test func `late news of an attempt that is over change nothing`() throws {
        var world = try World()
        world.behaviours["db-migrate"] = .exits(0, after: 30)
        let arn = try world.runTask(try world.register("web", image: "web:1", ["command": ["db-migrate"]]))
        world.pass(1_000)
        let before = try world.task(arn)
        guard case .start(let launch) = try #require(world.effects.first) else { return }
        world.model.ecs.report(.exited(launch.key, code: 9), at: world.now)
        #expect(try world.task(arn) == before)
    }
}
