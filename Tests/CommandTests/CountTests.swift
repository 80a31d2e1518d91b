import JSON
import Support
import Testing

/// Who decides a service's count, through the built command line and a sandbox.
@Suite("desired counts")
struct CountTests {
    private func world(
        services: [(name: String, family: String)] = [("web", "app")], declared: Int = 2
    ) async throws -> World {
        let world = try await World(services: services)
        try world.manifest([
            "services": .array(
                services.map { ["name": .string($0.name), "desiredCount": .integer(declared), "timeout": "10m"] })
        ])
        for tag in ["v1", "v2"] { try world.image(tag) }
        try await world.applied()
        return world
    }

    private func scale(_ world: World, _ service: String = "web", to count: Int, within bounds: ClosedRange<Int>?)
        async throws
    {
        if let bounds {
            _ = try await world.aws(
                "application-autoscaling", "register-scalable-target", "--service-namespace", "ecs",
                "--scalable-dimension", "ecs:service:DesiredCount", "--resource-id", "service/test/\(service)",
                "--min-capacity", String(bounds.lowerBound), "--max-capacity", String(bounds.upperBound))
        }
        _ = try await world.aws(
            "ecs", "update-service", "--cluster", "test", "--service", service, "--desired-count", String(count))
        _ = try await world.aws("ecs", "wait", "services-stable", "--cluster", "test", "--services", service)
    }

    private func count(_ world: World, _ service: String = "web") async throws -> Int? {
        try await world.aws("ecs", "describe-services", "--cluster", "test", "--services", service)["services"]?
            .elements.first?["desiredCount"]?.integer
    }

    /// How often scalable targets were read.
    private func readings(_ outcome: Outcome) -> Int {
        outcome.error.split(separator: "\n").count {
            $0.hasPrefix("call: application-autoscaling:DescribeScalableTargets ")
        }
    }

    @Test(
        "a count within the bounds of a scalable target stays, any other is set; drift, plan, status and apply agree",
        arguments: [
            (3, nil, false), (3, 1...5, true), (1, 1...5, true), (5, 1...5, true), (0, 1...5, false),
            (6, 1...5, false), (3, 3...5, true),
        ] as [(Int, ClosedRange<Int>?, Bool)])
    func owners(count: Int, bounds: ClosedRange<Int>?, stays: Bool) async throws {
        let world = try await world()
        try await scale(world, to: count, within: bounds)
        let drift = try await world.reconcile("drift", "m.json", "--verbose")
        #expect(drift.exit == (stays ? 0 : 2), "\(drift.out)\(drift.error)")
        #expect(readings(drift) == 1)
        let plan = try await world.reconcile("plan", "m.json", "--detailed-exitcode", "--output", "json", "--verbose")
        #expect(plan.exit == (stays ? 0 : 2), "\(plan.out)\(plan.error)")
        #expect(readings(plan) == 1)
        let fields = try JSON.parse(plan.out)["changes"]?.elements.first?["fields"]?.elements ?? []
        #expect(fields == (stays ? [] : [["path": "desiredCount", "from": .string("\(count)"), "to": "2"]]))
        if let bounds, stays {
            let status = try await world.reconcile("status", "m.json").out
            let said = "\(count) running, auto scaling keeps it between \(bounds.lowerBound) and \(bounds.upperBound)"
            #expect(status.contains(said), "\(status)")
        }
        let apply = try await world.reconcile("apply", "m.json", "--verbose")
        #expect(apply.exit == 0, "\(apply.out)\(apply.error)")
        #expect(readings(apply) == 1)
        #expect(apply.error.contains("call: ecs:UpdateService ") != stays)
        #expect(try await self.count(world) == (stays ? count : 2))
        #expect(try await world.reconcile("drift", "m.json").exit == 0)
    }

    @Test("a release leaves counts to auto scaling, waits for none of them, and asks once about all of its services")
    func release() async throws {
        let world = try await world(services: [("web", "app"), ("worker", "app")])
        try await scale(world, "web", to: 3, within: 1...5)
        try await scale(world, "worker", to: 4, within: 1...5)
        let apply = try await world.reconcile("apply", "m.json", "--image-tag", "v2", "--verbose")
        #expect(apply.exit == 0, "\(apply.out)\(apply.error)")
        #expect(readings(apply) == 1)
        #expect(try await count(world, "web") == 3)
        #expect(try await count(world, "worker") == 4)
        #expect(apply.error.contains("3 of 3"), "\(apply.error)")
    }

    @Test("an approved plan is still the same after auto scaling has moved a count")
    func approved() async throws {
        let world = try await world()
        try await scale(world, to: 3, within: 1...5)
        let plan = try await world.reconcile("plan", "m.json", "--image-tag", "v2", "--out", "plan.json")
        #expect(plan.exit == 0, "\(plan.error)")
        for count in [2, 4] { try await scale(world, to: count, within: nil) }
        let apply = try await world.reconcile("apply", "plan.json")
        #expect(apply.exit == 0, "\(apply.out)\(apply.error)")
        #expect(try await count(world) == 4)
    }

    @Test("several manifests of one cluster ask once")
    func fleet() async throws {
        let world = try await world(services: [("web", "app"), ("worker", "app")])
        for name in ["web", "worker"] {
            try world.manifest(
                [
                    "environment": .string("env-\(name)"), "schema": .null,
                    "services": [["name": .string(name), "desiredCount": 2]],
                ], name: "\(name).json")
            try await scale(world, name, to: 3, within: 1...5)
        }
        for command in [["drift"], ["plan", "--detailed-exitcode"], ["status"]] {
            let outcome = try await world.reconcile(command + ["web.json", "worker.json", "--verbose"])
            #expect(outcome.exit == 0, "\(outcome.out)\(outcome.error)")
            #expect(readings(outcome) == 1)
        }
    }

    @Test("a count stays as it is where AWS denies reading the targets, and one warning names the permission")
    func denied() async throws {
        let world = try await world(services: [("web", "app"), ("worker", "app")])
        // It knows other credentials.
        let other = try await World()
        let denied = ["AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING": "http://127.0.0.1:\(other.port)"]
        for name in ["web", "worker"] { try await scale(world, name, to: 3, within: nil) }
        for command in [["drift"], ["plan", "--detailed-exitcode"], ["status"], ["apply"]] {
            let outcome = try await world.reconcile(command + ["m.json"], extra: denied)
            #expect(outcome.exit == 0, "\(outcome.out)\(outcome.error)")
            let warnings = outcome.error.split(separator: "\n").filter {
                $0.contains("warning: ") && $0.contains("application-autoscaling:DescribeScalableTargets")
            }
            #expect(warnings.count == 1, "\(command): \(outcome.error)")
        }
        #expect(try await count(world) == 3)
        #expect(try await world.reconcile("drift", "m.json").exit == 2)
        withExtendedLifetime(other) {}
    }
}
