import Foundation
import JSON
import Support
import Testing

/// Services whose traffic moves in stages.
@Suite("A deployment in stages")
struct ServiceDeploymentTests {
    /// A minute of a bake lasts a second, unless a test says otherwise.
    private func released(_ deployment: JSON, minute: Int = 1_000, until stage: String? = nil) async throws -> World {
        let world = try await World(
            deployment: (deployment.object?.members ?? []).reduce(into: ["strategy": "BLUE_GREEN"] as JSON) {
                $0[$1.key] = $1.value
            }, limits: ["minute": .integer(minute)])
        for tag in ["v1", "v2", "v3"] { try world.image(tag) }
        try wants("v1", until: stage, in: world)
        try await world.applied()
        return world
    }

    private func wants(_ tag: String, until: String? = nil, in world: World) throws {
        let service = JSON.object(dropping: ["name": "web", "until": until.map(JSON.string)])
        try world.manifest([
            "image": ["repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app", "tag": .string(tag)],
            "services": [service],
        ])
    }

    private func status(_ world: World) async throws -> JSON {
        let listed = try await world.aws(
            "ecs", "list-service-deployments", "--cluster", "test", "--service", "web", "--max-results", "1")
        return listed["serviceDeployments"]?.elements.first?["status"] ?? .null
    }

    private func untilIs(_ wanted: JSON, _ world: World) async throws {
        for _ in 1...100 where try await status(world) == wanted { return }
        Issue.record("its deployment did not become \(wanted)")
    }

    @Test("is watched to its end: stage by stage, with the traffic that has moved")
    func watched() async throws {
        let world = try await released(["strategy": "CANARY", "bakeTimeInMinutes": 1], minute: 300)
        try wants("v2", in: world)
        let stages = try await world.applied().events.compactMap { $0["stage"] }
        #expect(stages.contains { $0["name"] == "PRODUCTION_TRAFFIC_SHIFT" && $0["trafficPercent"]?.double == 5 })
        #expect(stages.contains { $0["name"] == "BAKE_TIME" && $0["trafficPercent"]?.double == 100 })
        #expect(try await status(world) == "SUCCESSFUL")
        let again = try await world.applied().result
        #expect(again["calls"]?["all"] == 2)
    }

    @Test("is left to ECS at the stage that the manifest waits for, and judged by the next apply")
    func left() async throws {
        // It ends when the test says so.
        let hold: JSON = ["targetType": "PAUSE", "lifecycleStages": ["POST_PRODUCTION_TRAFFIC_SHIFT"]]
        let world = try await released(
            ["bakeTimeInMinutes": 0, "lifecycleHooks": [hold]], until: "POST_PRODUCTION_TRAFFIC_SHIFT")
        try wants("v2", until: "POST_PRODUCTION_TRAFFIC_SHIFT", in: world)
        let first = try await world.applied()
        #expect(first.events.contains { $0["event"] == "left" && $0["resource"] == "service/web" })
        #expect(try await status(world) == "IN_PROGRESS")
        let entries = try await world.reconcile("ledger", "export", "m.json").out
        let second = try await world.applied().result
        #expect(second["calls"]?["mutating"] == 0)
        #expect(try await world.reconcile("ledger", "export", "m.json").out == entries)
        let drift = try await world.reconcile("drift", "m.json")
        #expect(drift.exit == 0, "\(drift.out)")
        let resolved = try await world.reconcile("resolve", "m.json", "service/web", "--continue", "--reason", "x")
        #expect(resolved.exit == 0, "\(resolved.error)")
        try await untilIs("SUCCESSFUL", world)
        let third = try await world.applied()
        #expect(third.events.contains { $0["event"] == "finished" && $0["action"] == "update" })
        #expect(third.result["calls"]?["mutating"] == 0)
    }

    @Test("that an alarm ends after the apply is over is a failure of the next one, and not tried again")
    func alarm() async throws {
        let world = try await released(
            [
                "bakeTimeInMinutes": 1_000, "alarms": ["alarmNames": ["errors"], "enable": true, "rollback": true],
            ], until: "BAKE_TIME")
        try wants("v2", until: "BAKE_TIME", in: world)
        try await world.applied()
        try Scratch.write(#"["errors"]"#, to: world.folder + "/alarms.json")
        try await untilIs("ROLLBACK_SUCCESSFUL", world)
        try FileManager.default.removeItem(atPath: world.folder + "/alarms.json")
        let drift = try await world.reconcile("drift", "m.json")
        #expect(drift.exit == 2 && drift.out.contains("alarm detected"), "\(drift.out)")
        let failed = try await world.applied(exit: 4).result["failure"]
        #expect(failed?["code"] == "rollout-rolled-back")
        #expect(failed?["cause"]?.elements.contains("alarm detected (alarm errors)") == true, "\(failed ?? .null)")
        let refused = try await world.applied(exit: 4).result
        #expect(refused["failure"]?["code"] == "rollout-refused")
        #expect(refused["calls"]?["mutating"] == 0)
        try wants("v3", until: "BAKE_TIME", in: world)
        try await world.applied()
    }

    private static let pause: JSON = [
        "strategy": "BLUE_GREEN", "bakeTimeInMinutes": 0,
        "lifecycleHooks": [["targetType": "PAUSE", "lifecycleStages": ["POST_TEST_TRAFFIC_SHIFT"]]],
    ]

    @Test("that waits for a person says so, and goes on when it is told to")
    func paused() async throws {
        let world = try await World(deployment: Self.pause)
        try world.image("v1")
        try world.manifest()
        let waited = try await world.applied("--timeout", "4s", exit: 5)
        let hint = waited.result["failure"]?["hint"]?.string ?? ""
        #expect(hint.contains("reconcile resolve m.json service/web --continue"), "\(hint)")
        #expect(waited.events.contains { $0["stage"]?["paused"] == true && $0["stage"]?["hookExpires"]?.string != nil })
        let status = try await world.reconcile("status", "m.json")
        #expect(status.out.contains("POST_TEST_TRAFFIC_SHIFT, paused until"), "\(status.out)")
        let resolved = try await world.reconcile(
            "resolve", "m.json", "service/web", "--continue", "--reason", "the smoke test is green")
        #expect(resolved.exit == 0, "\(resolved.error)")
        try await world.applied()
        let history = try await world.reconcile("history", "m.json").out
        #expect(history.contains("the smoke test is green"), "\(history)")
        let nothing = try await world.reconcile("resolve", "m.json", "service/web", "--continue", "--reason", "x")
        #expect(nothing.exit == 1 && nothing.error.contains("no deployment of web is under way"), "\(nothing.error)")
    }

    @Test("is rolled back when a person says so")
    func rolledBack() async throws {
        let world = try await World(deployment: Self.pause)
        try world.image("v1")
        try world.manifest()
        try await world.applied("--timeout", "4s", exit: 5)
        let resolved = try await world.reconcile(
            "resolve", "m.json", "service/web", "--rollback", "--reason", "the smoke test is red")
        #expect(resolved.exit == 0, "\(resolved.error)")
        try await untilIs("ROLLBACK_SUCCESSFUL", world)
        #expect(try await world.applied(exit: 4).result["failure"]?["code"] == "rollout-rolled-back")
    }

    @Test("that bakes for long is announced by the plan")
    func long() async throws {
        let world = try await World(deployment: ["strategy": "CANARY", "bakeTimeInMinutes": 1_370])
        try world.image("v1")
        try wants("v1", in: world)
        let plan = try await world.reconcile("plan", "m.json").out
        #expect(plan.contains("its strategy CANARY takes 23h at least"), "\(plan)")
        try wants("v1", until: "BAKE_TIME", in: world)
        #expect(try await !world.reconcile("plan", "m.json").out.contains("at least"))
    }

    @Test("of a service of Express Mode is refused before anything is done, with the command that moves it")
    func express() async throws {
        let world = try await World(service: ["resourceManagementType": "ECS"])
        try world.image("v1")
        try wants("v1", in: world)
        let failure = try await world.applied(exit: 1).result["failure"]
        #expect(failure?["code"] == "service-unsupported")
        #expect(
            failure?["hint"]?.string?.contains("aws ecs update-express-gateway-service") == true, "\(failure ?? .null)")
        #expect(world.migrated.isEmpty)
        for (type, count) in [("ECS", 1), ("CUSTOMER", 0)] {
            let listed = try await world.aws(
                "ecs", "list-services", "--cluster", "test", "--resource-management-type", type)
            #expect(listed["serviceArns"]?.elements.count == count)
        }
    }

    @Test("of a strategy without stages is not waited for by a stage")
    func rolling() async throws {
        let world = try await World()
        try world.image("v1")
        try wants("v1", until: "BAKE_TIME", in: world)
        let failure = try await world.applied(exit: 65).result["failure"]
        #expect(failure?["code"] == "strategy-unsupported")
        #expect(world.migrated.isEmpty)
    }

    @Test("that may not be read ends the apply with the action that is missing")
    func denied() async throws {
        let world = try await released(["bakeTimeInMinutes": 1])
        try wants("v2", in: world)
        let policy = try await world.reconcile("policy", "m.json").out
        try Scratch.write(
            policy.replacing("ecs:DescribeServiceDeployments", with: "ecs:DescribeClusters"),
            to: world.folder + "/policy.json")
        let failure = try await world.applied(exit: 77).result["failure"]
        #expect(failure?["hint"]?.string?.contains("ecs:DescribeServiceDeployments") == true, "\(failure ?? .null)")
        #expect(world.migrated == ["v1"])
    }
}

/// Tasks are replaced with others of the same revision.
@Suite("A restart")
struct RestartTests {
    private func released() async throws -> World {
        let world = try await World(services: [("web", "app"), ("worker", "app")])
        try world.image("v1")
        try world.manifest(["services": [["name": "web"], ["name": "worker"]]])
        try await world.applied()
        return world
    }

    private func deployments(_ world: World) async throws -> [String] {
        let answer = try await world.aws("ecs", "describe-services", "--cluster", "test", "--services", "web", "worker")
        return (answer["services"]?.elements ?? []).compactMap { $0["deployments"]?.elements.first?["id"]?.string }
    }

    @Test("replaces the tasks of all services, or of those that are named, and leaves the rest as it is")
    func replaces() async throws {
        let world = try await released()
        let before = try await deployments(world)
        let one = try await world.reconcile("restart", "m.json", "web")
        #expect(one.exit == 0, "\(one.error)")
        let between = try await deployments(world)
        #expect(before[0] != between[0] && before[1] == between[1])
        let all = try await world.reconcile("restart", "m.json")
        #expect(all.exit == 0 && all.out.contains("restarted in"), "\(all.out)")
        #expect(Set(try await deployments(world)).isDisjoint(with: between))
        #expect(try await world.applied().result["calls"]?["mutating"] == 0)
        #expect(world.migrated == ["v1"])
        let unknown = try await world.reconcile("restart", "m.json", "nope")
        #expect(unknown.error.contains("the manifest has no service nope"), "\(unknown.error)")
    }

    /// The tasks of a restart wait for a person.
    private static let held: JSON = [
        "strategy": "BLUE_GREEN", "bakeTimeInMinutes": 0,
        "lifecycleHooks": [["targetType": "PAUSE", "lifecycleStages": ["POST_TEST_TRAFFIC_SHIFT"]]],
    ]

    private func goOn(_ world: World) async throws {
        let resolved = try await world.reconcile("resolve", "m.json", "service/web", "--continue", "--reason", "x")
        #expect(resolved.exit == 0, "\(resolved.error)")
    }

    @Test("that was cut off and goes on counts for the next one; one that has ended does not")
    func once() async throws {
        let world = try await World(deployment: Self.held)
        try world.image("v1")
        try world.manifest()
        try await world.applied("--timeout", "3s", exit: 5)
        try await goOn(world)
        try await world.applied()
        #expect(try await world.reconcile("restart", "m.json", "--timeout", "3s").exit == 5)
        let between = try await deployments(world)
        #expect(try await world.reconcile("restart", "m.json", "--timeout", "3s").exit == 5)
        #expect(try await deployments(world) == between)
        try await goOn(world)
        // Whether that one is seen under way or has ended, another command's restart is not this one's.
        for _ in 1...100 where try await world.reconcile("plan", "m.json", "--detailed-exitcode").exit != 0 { continue }
        #expect(try await world.reconcile("restart", "m.json", "--timeout", "3s").exit == 5)
        #expect(try await deployments(world) != between)
    }

    @Test("is begun although one of an earlier command was rolled back meanwhile, which is recorded")
    func afterFailure() async throws {
        let world = try await World(deployment: Self.held)
        try world.image("v1")
        try world.manifest()
        #expect(try await world.reconcile("restart", "m.json", "--timeout", "3s").exit == 5)
        let resolved = try await world.reconcile("resolve", "m.json", "service/web", "--rollback", "--reason", "x")
        #expect(resolved.exit == 0, "\(resolved.error)")
        for _ in 1...100 {
            let listed = try await world.aws(
                "ecs", "list-service-deployments", "--cluster", "test", "--service", "web", "--max-results", "1")
            if listed["serviceDeployments"]?.elements.first?["status"] == "ROLLBACK_SUCCESSFUL" { break }
        }
        let again = try await world.reconcile("restart", "m.json", "--timeout", "3s")
        #expect(again.exit == 5 && again.error.contains("paused until"), "\(again.error)")
        let history = try await world.reconcile("history", "m.json").out
        #expect(history.contains("started by run 1"), "\(history)")
    }

    @Test("waits for a deployment that another user has begun, and does not take its place")
    func waits() async throws {
        let world = try await World(deployment: Self.held)
        try world.image("v1")
        try world.manifest()
        _ = try await world.aws(
            "ecs", "update-service", "--cluster", "test", "--service", "web", "--force-new-deployment")
        let before = try await deployments(world)
        let waited = try await world.reconcile("restart", "m.json", "--timeout", "3s")
        #expect(waited.exit == 5 && waited.error.contains("paused until"), "\(waited.error)")
        #expect(try await deployments(world) == before)
    }
}
