import JSON
import Support
import Testing

/// What a migration's task needs that a service's does not.
@Suite("A migration's task")
struct LaunchTests {
    static let migrate: JSON = [
        "cpu": "1024", "memory": "2048", "ephemeralStorage": 50, "tags": ["team": "payments", "cost": "4711"],
        "propagateTags": "TASK_DEFINITION", "enableECSManagedTags": true, "timeout": "10m",
    ]

    private func manifest(_ world: World, _ migrate: JSON = migrate) throws {
        try world.manifest(["schema": ["database": "main", "version": "1", "migrate": migrate]])
    }

    @Test("has the size and the tags that the manifest gives it, and those of reconcile; the services' tasks have not")
    func sized() async throws {
        let world = try await World()
        try world.image("v1")
        try manifest(world)
        try await world.applied()
        let listed = try await world.aws("ecs", "list-tasks", "--cluster", "test", "--desired-status", "STOPPED")
        let arns = listed["taskArns"]?.elements.compactMap(\.string) ?? []
        let answer = try await world.aws(
            ["ecs", "describe-tasks", "--cluster", "test", "--include", "TAGS", "--tasks"] + arns)
        let task = try #require(
            answer["tasks"]?.elements.first { $0["startedBy"]?.string?.hasPrefix("reconcile") == true }, "\(answer)")
        let overrides = task["overrides"]
        #expect(overrides?["cpu"] == "1024" && overrides?["memory"] == "2048", "\(task)")
        #expect(overrides?["ephemeralStorage"] == ["sizeInGiB": 50])
        let tags = task["tags"]?.elements.compactMap { $0["key"]?.string } ?? []
        #expect(Set(["team", "cost", "reconcile:intent", "reconcile:environment"]).isSubset(of: tags), "\(tags)")
    }

    @Test("is launched as it was approved: a plan for another size is another plan")
    func approved() async throws {
        let world = try await World()
        try world.image("v1")
        try manifest(world)
        #expect(try await world.reconcile("plan", "m.json", "--out", "p").exit == 0)
        var other = Self.migrate
        other["memory"] = "4096"
        try manifest(world, other)
        let apply = try await world.reconcile("apply", "p")
        #expect(apply.exit == 1 && apply.error.contains("plan-changed"), "\(apply.out)\(apply.error)")
        #expect(world.migrated.isEmpty)
    }

    @Test(
        "is refused with a size or tags that ECS would not take",
        arguments: [
            (["cpu": "1 vCPU"], "is not a whole number"), (["ephemeralStorage": 500], "must be from 20 to 200"),
            (["tags": ["reconcile:intent": "x"]], "must not have the key \"reconcile:intent\""),
            (["tags": ["aws:x": "x"]], "must not have the key \"aws:x\""),
            (["propagateTags": "SERVICE"], "known are: NONE, TASK_DEFINITION"),
            (["runner": "process", "cpu": "256"], "schema.migrate.cpu has no effect with the runner \"process\""),
        ] as [(JSON, String)])
    func refused(migrate: JSON, says: String) async throws {
        let world = try await World()
        try manifest(world, migrate)
        let plan = try await world.reconcile("plan", "m.json")
        #expect(plan.exit == 65 && plan.error.contains(says), "\(plan.error)")
    }
}
