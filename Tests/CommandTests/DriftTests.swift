import Foundation
import JSON
import Support
import Testing

/// What a schedule finds, through the built command line and a sandbox.
@Suite("drift")
struct DriftTests {
    private func drift(_ world: World, _ arguments: String..., exit: Int32) async throws -> [JSON] {
        let outcome = try await world.reconcile(["drift", "m.json", "--output", "json"] + arguments)
        #expect(outcome.exit == exit, "\(outcome.out)\(outcome.error)")
        let answer = try JSON.parse(outcome.out)
        #expect(answer["environment"] == "test-env")
        #expect(answer["inSync"]?.bool == (exit == 0))
        return answer["drift"]?.elements ?? []
    }

    private func applied(_ changes: JSON = [:]) async throws -> World {
        let world = try await World()
        try world.manifest(changes)
        for tag in ["v1", "v2"] { try world.image(tag) }
        try await world.applied()
        return world
    }

    private func moved(_ drift: [JSON]) -> [String] {
        drift.map { "\($0["resource"]?.string ?? "?") \($0["moved"]?.string ?? "?")" }
    }

    @Test("is silent about a world that is as desired, and writes nothing")
    func inSync() async throws {
        let world = try await applied()
        let before = try await world.reconcile("history", "m.json", "--output", "json").out
        #expect(try await drift(world, exit: 0).isEmpty)
        #expect(try await world.reconcile("drift", "m.json", "--quiet").out.isEmpty)
        #expect(try await world.reconcile("history", "m.json", "--output", "json").out == before)
    }

    @Test("a new tag and version in the manifest are moved by the manifest")
    func manifestMoved() async throws {
        let world = try await applied()
        let found = try await drift(world, "--image-tag", "v2", "--schema-version", "2", exit: 2)
        #expect(moved(found) == ["task-definition/app manifest", "schema/main manifest"])
        #expect(found[0]["fields"]?.elements.first?["path"] == "containerDefinitions[app].image")
        #expect(found[1]["fields"]?.elements.first == ["path": "version", "from": "1", "to": "2"])
    }

    @Test("a service that somebody moved back is moved by the world, and by whom is told")
    func worldMoved() async throws {
        let world = try await applied()
        _ = try await world.aws(
            "ecs", "update-service", "--cluster", "test", "--service", "web", "--task-definition", "app:1")
        let found = try await drift(world, exit: 2)
        #expect(moved(found) == ["service/web world"])
        #expect(found[0]["fields"]?.elements.first == ["path": "taskDefinition", "from": "app:1", "to": "app:2"])
        #expect(found[0]["by"]?.string?.contains("arn:aws:iam::") == true)
    }

    @Test("a service that somebody moved while the manifest changed is moved by both")
    func bothMoved() async throws {
        let world = try await applied()
        _ = try await world.aws(
            "ecs", "update-service", "--cluster", "test", "--service", "web", "--task-definition", "app:1")
        let found = try await drift(world, "--image-tag", "v2", exit: 2)
        #expect(moved(found) == ["task-definition/app both", "service/web both"])
    }

    @Test("a revision that somebody registered by hand is told field by field")
    func registeredByHand() async throws {
        let world = try await applied()
        let shown = try await world.aws("ecs", "describe-task-definition", "--task-definition", "app:2")
        var definition = try #require(shown["taskDefinition"])
        for key in [
            "taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities", "registeredAt",
            "registeredBy",
        ] { definition[key] = nil }
        definition["cpu"] = "512"
        definition["memory"] = "1024"
        _ = try await world.aws("ecs", "register-task-definition", "--cli-input-json", definition.compact)
        _ = try await world.aws(
            "ecs", "update-service", "--cluster", "test", "--service", "web", "--task-definition", "app:3")
        let found = try await drift(world, exit: 2)
        #expect(moved(found) == ["task-definition/app world"])
        let paths = found[0]["fields"]?.elements.compactMap { $0["path"]?.string }
        #expect(paths == ["cpu", "memory"])
        #expect(found[0]["by"]?.string?.contains("arn:aws:iam::") == true)
    }

    @Test("a count that somebody changed is drift, but not where auto scaling owns it")
    func counts() async throws {
        let world = try await applied(["services": [["name": "web", "desiredCount": 2, "timeout": "10m"]]])
        _ = try await world.aws(
            "ecs", "update-service", "--cluster", "test", "--service", "web", "--desired-count", "3")
        let found = try await drift(world, exit: 2)
        #expect(moved(found) == ["service/web world"])
        #expect(found[0]["fields"]?.elements.first == ["path": "desiredCount", "from": "3", "to": "2"])

        _ = try await world.aws(
            "application-autoscaling", "register-scalable-target", "--service-namespace", "ecs",
            "--scalable-dimension", "ecs:service:DesiredCount", "--resource-id", "service/test/web",
            "--min-capacity", "1", "--max-capacity", "5")
        #expect(try await drift(world, exit: 0).isEmpty)

        _ = try await world.aws(
            "application-autoscaling", "register-scalable-target", "--service-namespace", "ecs",
            "--scalable-dimension", "ecs:service:DesiredCount", "--resource-id", "service/test/web",
            "--min-capacity", "3", "--max-capacity", "5")
        #expect(moved(try await drift(world, exit: 2)) == ["service/web manifest"])
    }

    @Test("a tag that points at another image is moved by the world, pinned or not", arguments: [true, false])
    func tagMoved(isPinned: Bool) async throws {
        let world = try await applied([
            "image": [
                "repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app", "tag": "v1", "pin": .bool(isPinned),
            ]
        ])
        #expect(try await drift(world, exit: 0).isEmpty)
        try world.image("v1", serve: "echo another; exec sleep 1000")
        let found = try await drift(world, exit: 2)
        #expect(moved(found).first == (isPinned ? "task-definition/app world" : "service/web world"))
        if !isPinned { #expect(found[0]["fields"]?.elements.first?["path"] == "imageDigest") }
    }

    @Test("an image that ECS rolled back is told with its reason")
    func rolledBack() async throws {
        let world = try await World(limits: ["healthy": 200])
        try world.manifest()
        try world.image("v1")
        try world.image("v2", serve: "exit 1")
        try await world.applied()
        try await world.applied("--image-tag", "v2", exit: 4)
        let found = try await drift(world, "--image-tag", "v2", exit: 2)
        #expect(moved(found) == ["service/web world"])
        #expect(found[0]["reason"]?.string?.contains("gave up") == true)
    }

    @Test("a tag that was taken away is noticed where the tags are read anew")
    func lostTag() async throws {
        let world = try await applied()
        let arn = "arn:aws:ecs:us-east-1:123456789012:task-definition/app:2"
        _ = try await world.aws("ecs", "untag-resource", "--resource-arn", arn, "--tag-keys", "reconcile:digest")
        #expect(try await drift(world, exit: 0).isEmpty)
        let found = try await drift(world, "--tags", exit: 2)
        #expect(moved(found) == ["task-definition/app world"])
        #expect(found[0]["fields"]?.elements.first?["path"] == "tags[reconcile:digest]")
    }

    @Test(
        "with --probe the database itself is asked, and outranks what the ledger believes",
        arguments: [
            ("1", 0, []), ("2", 2, ["schema/main world"]), ("1 dirty", 2, ["schema/main world"]),
            ("", 2, ["schema/main world"]),
        ] as [(String, Int32, [String])])
    func probed(said: String, exit: Int32, expected: [String]) async throws {
        let world = try await applied(Self.probing)
        try Scratch.write(said.isEmpty ? "?" : "RECONCILE_SCHEMA=\(said)", to: world.folder + "/data/said")
        #expect(try await drift(world, exit: 0).isEmpty)
        #expect(moved(try await drift(world, "--probe", exit: exit)) == expected)
        let history = try await world.reconcile("history", "m.json").out
        #expect(history.contains("drift --probe") && history.contains("command/web"))
    }

    static let probing: JSON = [
        "schema": ["database": "main", "version": "1", "probe": ["command": ["cat", "said"]]]
    ]

    @Test("that a database was not asked, because no probe is declared, is said")
    func unprobed() async throws {
        let world = try await applied()
        let outcome = try await world.reconcile("drift", "m.json", "--probe")
        #expect(outcome.exit == 0)
        #expect(outcome.error == "test-env: no probe is declared, so its database was not asked\n")
    }

    @Test("what the manifest wants newly is told as moved by it, also where the database was asked")
    func probedManifest() async throws {
        let world = try await applied(Self.probing)
        try Scratch.write("RECONCILE_SCHEMA=1", to: world.folder + "/data/said")
        let found = try await drift(world, "--probe", "--schema-version", "2", exit: 2)
        #expect(moved(found) == ["schema/main manifest"])
        #expect(found[0]["fields"]?.elements.first == ["path": "version", "from": "1", "to": "2"])
    }

    @Test("is shown as text, Markdown, and annotations of GitHub")
    func shown() async throws {
        let world = try await applied()
        _ = try await world.aws(
            "ecs", "update-service", "--cluster", "test", "--service", "web", "--task-definition", "app:1")
        let text = try await world.reconcile("drift", "m.json")
        #expect(text.out.contains("service/web  world"))
        #expect(text.out.contains("taskDefinition: app:1 -> app:2"))
        let markdown = try await world.reconcile(
            ["drift", "m.json", "--output", "markdown"], extra: ["GITHUB_ACTIONS": "true"])
        #expect(markdown.out.contains("| `service/web` | world |"))
        #expect(
            markdown.error.contains(",title=drift in test-env::service/web moved by world"))
    }

    @Test("cannot tell drift without AWS, and says so with its own exit code")
    func noCluster() async throws {
        let world = try await World()
        try world.manifest(["cluster": "nowhere"])
        let outcome = try await world.reconcile("drift", "m.json")
        #expect(outcome.exit == 1)
        #expect(outcome.error.contains("cluster-missing"))
    }
}
