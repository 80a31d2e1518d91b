import JSON
import Testing

@testable import Sandbox

@Suite struct ContinuityTests {
    private func run(seed: String) throws -> World {
        var world = try World(seed: seed)
        world.behaviours["web:2"] = .exits(1, after: 20)
        try world.register()
        try world.call("CreateService", World.service("web", count: 3, World.breaker))
        world.pass(1_000)
        try world.call(
            "UpdateService",
            ["cluster": "prod", "service": "web", "taskDefinition": .string(try world.register(image: "web:2"))])
        try world.call("RunTask", World.run("web", ["clientToken": "t", "count": 3]))
        world.pass(3_000)
        return world
    }

    @Test func `two worlds that were told the same are equal`() throws {
        let (left, right) = (try run(seed: "a"), try run(seed: "a"))
        #expect(left.model == right.model)
        #expect(left.effects == right.effects)
        #expect(try left.model != run(seed: "b").model)
    }

    @Test func `it does not matter in how many steps time passes`() throws {
        var (coarse, fine) = (try run(seed: "a"), try run(seed: "a"))
        try coarse.call("RunTask", World.run("web"))
        try fine.call("RunTask", World.run("web"))
        coarse.pass(30_000)
        for _ in 0..<30_000 { fine.pass(1) }
        #expect(coarse.model == fine.model)
    }

    @Test func `a refused call leaves nothing behind`() throws {
        var world = try run(seed: "a")
        let before = world.model
        #expect(world.refusal("CreateService", ["cluster": "prod", "serviceName": "x", "taskDefinition": "no"]) != nil)
        #expect(world.model == before)
    }

    @Test func `after a restart services start their tasks again without a new deployment`() throws {
        var world = try run(seed: "a")
        let service = try world.service()
        let snapshot = try JSON.parse(world.model.ecs.snapshot.compact)
        let revived = try #require(
            ECSModel(snapshot: snapshot, incarnation: "2", limits: Limits(), at: world.now))
        let again = try JSON.parse(revived.snapshot.compact)
        #expect(again["clusters"] == snapshot["clusters"])
        #expect(again["families"] == snapshot["families"])
        world.model.ecs = revived
        let before = world.effects.count
        world.pass(2_000)
        #expect(world.effects.count == before + 3)
        #expect(try world.service()["runningCount"] == 3)
        #expect(try world.primary()["id"] == service["deployments"]?.elements.first?["id"])
        #expect(try world.primary()["rolloutState"] == "COMPLETED")
    }

    @Test func `a state of another release is not taken`() {
        #expect(ECSModel(snapshot: ["version": 2], incarnation: "1", limits: Limits(), at: 0) == nil)
    }
}
