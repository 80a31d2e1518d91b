import JSON
import Testing

@testable import Sandbox

@Suite struct RolloutTests {
    /// A world whose service runs its first revision.
    private func settled(count: Int = 2, _ configuration: JSON = World.breaker) throws -> World {
        var world = try World()
        try world.register()
        try world.call("CreateService", World.service("web", count: count, configuration))
        world.pass(2_000)
        return world
    }

    private static func update(_ definition: String, _ more: JSON = [:]) -> JSON {
        var input: JSON = ["cluster": "prod", "service": "web", "taskDefinition": .string(definition)]
        for member in more.object?.members ?? [] { input[member.key] = member.value }
        return input
    }

    @Test func `a new service is completed once all its tasks are healthy`() throws {
        var world = try World()
        try world.register()
        try world.call("CreateService", World.service("web"))
        #expect(try world.primary()["rolloutState"] == "IN_PROGRESS")
        #expect(try world.primary()["rolloutStateReason"]?.string?.hasSuffix("in progress.") == true)
        world.pass(364)
        #expect(try world.service()["runningCount"] == 2)
        #expect(try world.primary()["rolloutState"] == "IN_PROGRESS")
        world.pass(1)
        #expect(try world.primary()["rolloutState"] == "COMPLETED")
        #expect(try world.events().first == "(service web) has reached a steady state.")
        #expect(try world.events().last?.hasPrefix("(service web) has started 2 tasks: (task ") == true)
    }

    @Test(arguments: [(1, 100, 200), (2, 100, 200), (3, 50, 100), (4, 100, 150), (5, 0, 100), (2, 100, 300)])
    func `a rollout keeps between the least healthy and the most tasks`(count: Int, least: Int, most: Int) throws {
        var world = try settled(
            count: count, ["minimumHealthyPercent": .integer(least), "maximumPercent": .integer(most)])
        try world.call("UpdateService", Self.update(try world.register(image: "web:2")))
        for _ in 0..<3_000 {
            world.pass(1)
            let service = try world.service()
            let running = service["runningCount"]?.integer ?? 0
            #expect(running * 100 >= count * least)
            #expect(running + (service["pendingCount"]?.integer ?? 0) <= count * most / 100)
        }
        #expect(try world.primary()["rolloutState"] == "COMPLETED")
        #expect(try world.deployments().count == 1)
        #expect(try world.primary()["taskDefinition"]?.string?.hasSuffix("web:2") == true)
    }

    @Test(arguments: [
        ("FARGATE", ". Reason: Capacity is unavailable"), ("EC2", " because no container instance met all"),
    ])
    func `a service without room says so, and goes on trying`(launchType: String, why: String) throws {
        var limits = Limits()
        limits.capacity = 1
        var world = try World(limits: limits)
        try world.register()
        var service = World.service("web", count: 2)
        service["launchType"] = .string(launchType)
        try world.call("CreateService", service)
        world.pass(60_000)
        #expect(try world.events().contains { $0.hasPrefix("(service web) was unable to place a task\(why)") })
        #expect(try world.primary()["rolloutState"] == "IN_PROGRESS")
        world.model.ecs.limits.capacity = 2
        world.pass(10_000)
        #expect(try world.primary()["rolloutState"] == "COMPLETED")
    }

    @Test func `a rollout is not completed while an old task remains`() throws {
        var world = try settled()
        try world.call("UpdateService", Self.update(try world.register(image: "web:2")))
        for _ in 0..<1_000 {
            world.pass(1)
            let deployments = try world.deployments()
            guard deployments[0]["rolloutState"] == "COMPLETED" else { continue }
            #expect(deployments.dropFirst().allSatisfy { $0["runningCount"] == 0 })
            let living = world.model.ecs.clusters["prod"]?.livingTasks(of: "web") ?? []
            #expect(living.count == 2)
        }
        #expect(try world.primary()["rolloutState"] == "COMPLETED")
    }

    @Test func `only what changes tasks begins a deployment`() throws {
        var world = try settled()
        let id = try world.primary()["id"]
        for more in [[:], ["desiredCount": 3], ["deploymentConfiguration": ["maximumPercent": 150]]] as [JSON] {
            try world.call("UpdateService", Self.update("web", more))
            #expect(try world.primary()["id"] == id)
        }
        world.pass(2_000)
        #expect(try world.service()["runningCount"] == 3)
        #expect(try world.primary()["rolloutState"] == "COMPLETED")
        try world.call("UpdateService", Self.update("web", ["forceNewDeployment": true]))
        #expect(try world.primary()["id"] != id)
    }

    @Test func `tasks of a service carry their deployment and their service`() throws {
        var world = try settled(count: 1)
        let id = try #require(try world.primary()["id"]?.string)
        #expect(id.wholeMatch(of: /ecs-svc\/[0-9]{19}/) != nil)
        let arn = try #require(try world.tasks(["startedBy": .string(id)]).first)
        #expect(try world.task(arn)["group"] == "service:web")
        #expect(try world.tasks(["serviceName": "web"]) == [arn])
    }

    @Test func `a task that dies is replaced and is no failure of a completed deployment`() throws {
        var world = try settled()
        let lost = try world.tasks()[0]
        try world.call("StopTask", ["cluster": "prod", "task": .string(lost)])
        world.pass(2_000)
        #expect(try world.tasks().count == 2)
        #expect(try !world.tasks().contains(lost))
        #expect(try world.primary()["failedTasks"] == 0)
        #expect(try world.primary()["rolloutState"] == "COMPLETED")
    }

    @Test func `the circuit breaker rolls back to the revision that was completed last`() throws {
        var world = try settled()
        let good = try world.service()["taskDefinition"]
        world.behaviours["web:2"] = .exits(1, after: 20)
        let bad = try world.register(image: "web:2")
        try world.call("UpdateService", Self.update(bad))
        world.pass(2_000)
        #expect(try world.service()["taskDefinition"] == good)
        let deployments = try world.deployments()
        #expect(deployments.map { $0["taskDefinition"] } == [good, .string(bad)])
        #expect(deployments.map { $0["status"] } == ["PRIMARY", "ACTIVE"])
        #expect(deployments.map { $0["rolloutState"] } == ["COMPLETED", "FAILED"])
        #expect(deployments[1]["rolloutStateReason"]?.string?.contains("tasks failed to start.") == true)
        #expect(deployments[1]["failedTasks"]?.integer ?? 0 >= 3)
        #expect(try world.events().contains { $0.contains("rolling back to deployment ecs-svc/") })
        #expect(try world.events().contains { $0.contains("is unable to consistently start tasks successfully") })
        world.pass(10_000)
        #expect(try world.deployments().count == 1)
    }

    @Test func `without rollback a failed deployment stays primary and launches nothing more`() throws {
        var world = try settled(count: 2, ["deploymentCircuitBreaker": ["enable": true, "rollback": false]])
        world.behaviours["web:2"] = .cannotStart("CannotPullContainerError: not found")
        try world.call("UpdateService", Self.update(try world.register(image: "web:2")))
        world.pass(5_000)
        #expect(try world.primary()["rolloutState"] == "FAILED")
        #expect(try world.deployments().count == 2)
        #expect(try world.service()["runningCount"] == 2)
        let starts = world.effects.count
        world.pass(60_000)
        #expect(world.effects.count == starts)
    }

    @Test func `a first deployment that fails has nothing to go back to and stalls`() throws {
        var world = try World()
        world.behaviours["web:1"] = .exits(1, after: 1)
        try world.register()
        try world.call("CreateService", World.service("web", count: 1, World.breaker))
        world.pass(60_000)
        #expect(try world.deployments().count == 1)
        #expect(try world.primary()["rolloutState"] == "FAILED")
        #expect(try world.primary()["failedTasks"] == 3)
    }

    @Test func `without circuit breaker a bad deployment is tried for ever at a growing pause`() throws {
        var world = try settled(count: 1, [:])
        world.behaviours["web:2"] = .exits(1, after: 1)
        try world.call("UpdateService", Self.update(try world.register(image: "web:2")))
        world.pass(60_000)
        let failures = try #require(try world.primary()["failedTasks"]?.integer)
        #expect((10...20).contains(failures))
        #expect(try world.primary()["rolloutState"] == "IN_PROGRESS")
        #expect(try world.service()["runningCount"] == 1)
    }

    @Test(arguments: [(1, 3), (6, 3), (7, 4), (20, 10), (1_000, 200)])
    func `the breaker trips at half the desired count within its bounds`(desired: Int, threshold: Int) {
        #expect(DeploymentConfiguration.threshold(desiredCount: desired) == threshold)
    }

    @Test func `another update ends a rollout that is under way`() throws {
        var world = try settled()
        try world.call("UpdateService", Self.update(try world.register(image: "web:2")))
        world.pass(100)
        try world.call("UpdateService", Self.update(try world.register(image: "web:3")))
        world.pass(3_000)
        #expect(try world.deployments().count == 1)
        #expect(try world.service()["taskDefinition"]?.string?.hasSuffix("web:3") == true)
        #expect(try world.service()["runningCount"] == 2)
    }

    @Test func `a service is deleted with force and is inactive when its tasks are gone`() throws {
        var world = try settled()
        let name: JSON = ["cluster": "prod", "service": "web"]
        #expect(world.refusal("DeleteService", name)?.code == "InvalidParameterException")
        try world.call("DeleteService", ["cluster": "prod", "service": "web", "force": true])
        #expect(try world.service()["status"] == "DRAINING")
        #expect(world.refusal("UpdateService", name)?.code == "ServiceNotActiveException")
        world.pass(2_000)
        #expect(try world.service()["status"] == "INACTIVE")
        #expect(try world.call("ListServices", ["cluster": "prod"])["serviceArns"] == [])
        try world.call("CreateService", World.service("web"))
        #expect(try world.service()["status"] == "ACTIVE")
    }

    @Test func `a service is created once`() throws {
        var world = try World()
        try world.register()
        var input = World.service("web")
        input["clientToken"] = "t"
        try world.call("CreateService", input)
        try world.call("CreateService", input)
        #expect(
            world.refusal("CreateService", World.service("web"))?.message == "Creation of service was not idempotent.")
    }
}
