import JSON
import Support
import Testing

/// What a manifest declares of a service besides its revision.
@Suite("Settings of a service")
struct ServiceSettingsTests {
    static let declared: JSON = [
        "name": "web", "timeout": "10m",
        "deploymentConfiguration": ["maximumPercent": 250, "deploymentCircuitBreaker": ["enable": true]],
        "networkConfiguration": ["awsvpcConfiguration": ["subnets": ["subnet-2", "subnet-1"]]],
    ]

    private func world() async throws -> World {
        let world = try await World()
        try world.image("v1")
        return world
    }

    private func service(_ world: World) async throws -> JSON {
        let answer = try await world.aws("ecs", "describe-services", "--cluster", "test", "--services", "web")
        return try #require(answer["services"]?.elements.first)
    }

    @Test("what is declared is set, what is not is left as it was, and then there is nothing to do")
    func set() async throws {
        let world = try await world()
        try world.manifest(["services": [["name": "web", "timeout": "10m"]]])
        try await world.applied()
        try world.manifest(["services": [Self.declared]])
        let plan = try JSON.parse(try await world.reconcile("plan", "m.json", "--output", "json").out)
        let fields = try #require(plan["changes"]?.elements.first?["fields"]?.elements)
        #expect(
            fields.compactMap { $0["path"]?.string } == [
                "deploymentConfiguration.maximumPercent", "networkConfiguration.awsvpcConfiguration.subnets",
            ])
        let applied = try await world.applied()
        #expect(applied.result["calls"]?["mutating"]?.integer == 1)
        let service = try await service(world)
        #expect(service["deploymentConfiguration"]?["maximumPercent"] == 250)
        #expect(service["deploymentConfiguration"]?["minimumHealthyPercent"] == 100)
        #expect(service["deploymentConfiguration"]?["deploymentCircuitBreaker"]?["rollback"] == true)
        let again = try await world.applied()
        #expect(again.result["calls"]?["mutating"]?.integer == 0)
    }

    @Test("who moved is told: the manifest before an apply, the world after somebody else's change, or both")
    func drift() async throws {
        let world = try await world()
        try world.manifest(["services": [Self.declared]])
        try await world.applied()
        func moved() async throws -> String? {
            let answer = try JSON.parse(try await world.reconcile("drift", "m.json", "--output", "json").out)
            #expect((answer["drift"]?.elements.count ?? 0) <= 1, "\(answer)")
            return answer["drift"]?.elements.first?["moved"]?.string
        }
        #expect(try await moved() == nil)
        var other = Self.declared
        other["deploymentConfiguration"] = ["maximumPercent": 220]
        try world.manifest(["services": [other]])
        #expect(try await moved() == "manifest")
        _ = try await world.aws(
            "ecs", "update-service", "--cluster", "test", "--service", "web", "--deployment-configuration",
            "maximumPercent=300")
        #expect(try await moved() == "both")
        try world.manifest(["services": [Self.declared]])
        #expect(try await moved() == "world")
    }
}
