import Foundation
import JSON
import Support
import Testing

/// What gets in the way of a deployment in stages.
@Suite("A deployment in stages, in trouble")
struct DeploymentTroubleTests {
    /// It waits for a person at a stage, with all its traffic moved.
    private static let held: JSON = [
        "strategy": "BLUE_GREEN", "bakeTimeInMinutes": 0,
        "lifecycleHooks": [["targetType": "PAUSE", "lifecycleStages": ["POST_PRODUCTION_TRAFFIC_SHIFT"]]],
    ]
    private static let stage: JSON = "POST_PRODUCTION_TRAFFIC_SHIFT"

    private func world(_ service: JSON, deployment: JSON = held) async throws -> World {
        let world = try await World(deployment: deployment)
        for tag in ["v1", "v2"] { try world.image(tag) }
        try world.manifest(["services": [service]])
        return world
    }

    /// How many deployments there were since the service was created.
    private func updates(_ world: World) async throws -> Int {
        let listed = try await world.aws("ecs", "list-service-deployments", "--cluster", "test", "--service", "web")
        return (listed["serviceDeployments"]?.elements.count ?? 0) - 1
    }

    private func letGoOn(_ world: World) async throws {
        let resolved = try await world.reconcile("resolve", "m.json", "service/web", "--continue", "--reason", "x")
        #expect(resolved.exit == 0, "\(resolved.error)")
    }

    @Test("settings that are declared while it is left to ECS are set when ECS is done with it")
    func settings() async throws {
        var service: JSON = ["name": "web", "until": Self.stage]
        let world = try await world(service)
        try await world.applied()
        service["deploymentConfiguration"] = ["maximumPercent": 250]
        try world.manifest(["services": [service]])
        let waiting = try await world.applied("--timeout", "4s", exit: 5)
        #expect(waiting.result["calls"]?["mutating"] == 0)
        #expect(try await updates(world) == 1)
        try await letGoOn(world)
        let set = try await world.applied()
        #expect(set.result["calls"]?["mutating"] == 1)
        let shown = try await world.aws("ecs", "describe-services", "--cluster", "test", "--services", "web")
        #expect(shown["services"]?.elements.first?["deploymentConfiguration"]?["maximumPercent"] == 250)
        #expect(try await world.applied().result["calls"]?["mutating"] == 0)
    }

    @Test("one that waits for a person is no drift, and named by it")
    func pausedDrift() async throws {
        let world = try await world(["name": "web"])
        try await world.applied("--timeout", "4s", exit: 5)
        let drift = try await world.reconcile("drift", "m.json")
        #expect(drift.exit == 0 && drift.out.contains("paused until"), "\(drift.exit) \(drift.out)\(drift.error)")
    }

    @Test(
        "one that another user overtakes is a failure, whether it had moved its traffic or not",
        arguments: [true, false])
    func overtaken(hasMoved: Bool) async throws {
        let world = try await world(["name": "web"])
        try await world.applied("--timeout", "4s", exit: 5)
        if hasMoved {
            try await letGoOn(world)
            try await world.applied()
            try world.manifest([
                "image": ["repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app", "tag": "v2"]
            ])
            try await world.applied("--timeout", "4s", exit: 5)
        }
        _ = try await world.aws(
            "ecs", "update-service", "--cluster", "test", "--service", "web", "--task-definition", "app:1")
        let failure = try await world.applied("--timeout", "10s", exit: 4).result["failure"]
        #expect(failure?["code"] == "rollout-replaced", "\(failure ?? .null)")
    }

    @Test(
        "an update whose answer is lost starts one deployment, which is found and watched",
        arguments: Relay.Side.allCases)
    func lostUpdate(side: Relay.Side) async throws {
        let world = try await world(["name": "web", "until": Self.stage])
        let relay = try Relay(to: world.port, breaks: true) { request, at in
            !(request.operation == "UpdateService" && request.occurrence == 1 && at == side)
        }
        let outcome = try await world.reconcile("apply", "m.json", extra: ["AWS_ENDPOINT_URL": relay.url])
        #expect(outcome.exit == 0, "\(outcome.error)")
        #expect(try await updates(world) == 1)
        try await letGoOn(world)
        try await world.applied()
        #expect(try await updates(world) == 1)
    }

    @Test("a word to go on whose answer is lost is said once", arguments: Relay.Side.allCases)
    func lostWord(side: Relay.Side) async throws {
        let world = try await world(["name": "web", "until": Self.stage])
        try await world.applied()
        let relay = try Relay(to: world.port, breaks: true) { request, at in
            !(request.operation == "ContinueServiceDeployment" && request.occurrence == 1 && at == side)
        }
        let resolved = try await world.reconcile(
            "resolve", "m.json", "service/web", "--continue", "--reason", "green",
            extra: ["AWS_ENDPOINT_URL": relay.url])
        #expect(resolved.exit == 0, "\(resolved.error)")
        #expect(try await world.applied().result["calls"]?["mutating"] == 0)
    }

    @Test("a restart whose answer is lost replaces the tasks once", arguments: Relay.Side.allCases)
    func lostRestart(side: Relay.Side) async throws {
        let world = try await world(["name": "web"], deployment: ["strategy": "BLUE_GREEN", "bakeTimeInMinutes": 0])
        try await world.applied()
        let relay = try Relay(to: world.port, breaks: true) { request, at in
            !(request.operation == "UpdateService" && request.occurrence == 1 && at == side)
        }
        let restarted = try await world.reconcile("restart", "m.json", extra: ["AWS_ENDPOINT_URL": relay.url])
        #expect(restarted.exit == 0, "\(restarted.error)")
        #expect(try await updates(world) == 2)
    }

    @Test("while it is under way no one can say how it ended, and once it has ended only what ECS shows")
    func settledByHand() async throws {
        let world = try await world(["name": "web"])
        try await world.applied("--timeout", "4s", exit: 5)
        let early = try await world.reconcile("resolve", "m.json", "service/web", "--succeeded", "--reason", "x")
        #expect(early.exit == 1 && early.error.contains("its deployment is under way"), "\(early.error)")
        try await letGoOn(world)
        for _ in 1...100 where try await !status(world).contains("in sync, nothing") { continue }
        let late = try await world.reconcile("resolve", "m.json", "service/web", "--failed", "--reason", "x")
        #expect(late.exit == 1 && late.error.contains("ECS has completed it"), "\(late.error)")
        #expect(try await world.applied().result["calls"]?["mutating"] == 0)
    }

    private func status(_ world: World) async throws -> String {
        try await world.aws(
            "ecs", "list-service-deployments", "--cluster", "test", "--service", "web", "--max-results", "1")[
                "serviceDeployments"]?.elements.first?["status"] == "SUCCESSFUL" ? "in sync, nothing" : ""
    }

    @Test("the commands that a failure names are about the release that CI has given, whichever command shows it")
    func hints() async throws {
        let world = try await World()
        try world.image("v1")
        try world.image("v2", serve: "exit 1")
        let image: JSON = ["repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app"]
        try world.manifest(["image": image])
        try await world.applied("--image-tag", "v1")
        try await world.applied("--image-tag", "v2", exit: 4)
        let again = "reconcile apply m.json --image-tag v2 --retry-failed"
        for command in [["plan", "m.json", "--image-tag", "v2"], ["verify", "m.json"], ["report", "m.json"]] {
            let shown = try await world.reconcile(command)
            #expect(shown.out.contains(again), "\(command) \(shown.out)")
            #expect(!shown.out.contains("reconcile apply m.json --retry-failed"))
        }
        let nothing = try await world.reconcile("resolve", "m.json", "schema/main", "--failed", "--reason", "x")
        #expect(!nothing.error.contains("reconcile apply m.json\n"), "\(nothing.error)")
    }

    @Test("the next release ends the step of the one before, which nobody waited for")
    func overtakenStep() async throws {
        let world = try await world(["name": "web", "until": Self.stage])
        try await world.applied("--image-tag", "v1")
        try await world.applied("--image-tag", "v2")
        let history = try await world.reconcile("history", "m.json").out
        #expect(history.contains("is overtaken by this one (started by run 1)"), "\(history)")
        #expect(history.components(separatedBy: "its end is not recorded").count == 2, "\(history)")
    }
}
