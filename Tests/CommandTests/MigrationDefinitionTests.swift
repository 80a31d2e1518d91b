import JSON
import Support
import Testing

/// `schema.migrate.taskDefinition`: what only a migration has.
@Suite("A migration's own task definition")
struct MigrationDefinitionTests {
    private static let role = "arn:aws:iam::123456789012:role/tables"

    /// A definition for the migration, with a variable and a role that no service has.
    static func definition(_ family: String = "app-migrate", user: String = "canary-owner") -> JSON {
        let variables: JSON = [["name": "DB_USER", "value": .string(user)]]
        var definition = World.definition(family, container: ["name": "migrator", "environment": variables])
        definition["taskRoleArn"] = .string(role)
        return definition
    }

    private func manifest(_ world: World, _ definition: JSON, _ changes: JSON = [:]) throws {
        var manifest: JSON = [
            "schema": [
                "database": "main", "version": "1", "migrate": ["taskDefinition": definition, "timeout": "10m"],
            ]
        ]
        for member in changes.object?.members ?? [] { manifest[member.key] = member.value }
        try world.manifest(manifest)
    }

    private func revision(_ world: World, _ name: String) async throws -> JSON {
        let answer = try await world.aws(
            "ecs", "describe-task-definition", "--task-definition", name, "--include", "TAGS")
        return answer["taskDefinition"] ?? .null
    }

    @Test(
        "runs the migration of the released bytes, and the services know nothing of it", arguments: ["file", "inline"])
    func own(source: String) async throws {
        let world = try await World()
        for tag in ["v1", "v2"] { try world.image(tag, migrate: "echo $DB_USER-\(tag) >> migrated") }
        try Scratch.write(Self.definition().compact, to: world.folder + "/migrate.json")
        try manifest(world, source == "file" ? ["file": "migrate.json"] : ["definition": Self.definition()])
        let plan = try await world.reconcile("plan", "m.json")
        #expect(plan.out.contains("task-definition/app-migrate  register  for the migration"), "\(plan.out)")
        try await world.applied()
        #expect(world.migrated == ["canary-owner-v1"])
        let own = try await revision(world, "app-migrate:1")["containerDefinitions"]?.elements.first
        let service = try await revision(world, "app:2")["containerDefinitions"]?.elements.first
        #expect(
            own?["image"] == service?["image"] && own?["image"]?.string?.contains("@sha256:") == true, "\(own as Any)")
        #expect(service?["environment"]?.compact.contains("canary-owner") == false)
        // In place, it costs no call.
        let again = try await world.applied().result
        #expect(again["calls"]?["mutating"] == 0 && again["calls"]?["all"] == 2, "\(again)")
        #expect(try await world.reconcile("drift", "m.json").exit == 0)
        try await world.applied("--image-tag", "v2")
        #expect(world.migrated.count == 1, "the same version needs no migration")
        // A ledger that has seen nothing believes the mark on its revision.
        #expect(
            try await world.applied("--image-tag", "v2", "--ledger", "new.sqlite").result["calls"]?["mutating"] == 0)
        try await world.applied("--image-tag", "v2", "--schema-version", "2")
        #expect(world.migrated == ["canary-owner-v1", "canary-owner-v2"])
    }

    @Test("may be a family of other code, whose newest revision is taken with the released image")
    func family() async throws {
        let world = try await World()
        try world.image("v1", migrate: "echo $DB_USER >> migrated")
        try manifest(world, ["family": "app-migrate"])
        let missing = try await world.reconcile("apply", "m.json")
        #expect(
            missing.exit == 1 && missing.error.contains("the family app-migrate has no active revision"),
            "\(missing.error)")
        try await register(world, Self.definition())
        try await world.applied()
        #expect(world.migrated == ["canary-owner"])
        // Other code gives it another user.
        try await register(world, Self.definition(user: "canary-second"))
        let drift = try await world.reconcile("drift", "m.json")
        #expect(
            drift.exit == 2 && drift.out.contains("another user registered a revision of app-migrate"), "\(drift.out)")
        #expect(!(drift.out + drift.error).contains("canary-second"))
        try await world.applied("--schema-version", "2")
        #expect(world.migrated == ["canary-owner", "canary-second"])
        #expect(try await world.reconcile("drift", "m.json", "--schema-version", "2").exit == 0)
    }

    private func register(_ world: World, _ definition: JSON) async throws {
        _ = try await world.aws("ecs", "register-task-definition", "--cli-input-json", definition.compact)
    }

    @Test("is approved with its content: a plan for another one is another plan")
    func approved() async throws {
        let world = try await World()
        try world.image("v1")
        try manifest(world, ["definition": Self.definition()])
        #expect(try await world.reconcile("plan", "m.json", "--out", "p").exit == 0)
        var other = Self.definition()
        other["taskRoleArn"] = "arn:aws:iam::123456789012:role/other"
        try manifest(world, ["definition": other])
        let apply = try await world.reconcile("apply", "p")
        #expect(apply.exit == 1 && apply.error.contains("plan-changed"), "\(apply.out)\(apply.error)")
        #expect(world.migrated.isEmpty)
    }

    @Test("is registered again where it was deregistered and is about to be used")
    func deregistered() async throws {
        let world = try await World()
        try world.image("v1")
        try manifest(world, ["definition": Self.definition()])
        try await world.applied()
        _ = try await world.aws("ecs", "deregister-task-definition", "--task-definition", "app-migrate:1")
        #expect(try await world.applied().result["calls"]?["mutating"] == 0)
        let plan = try await world.reconcile("plan", "m.json", "--schema-version", "2")
        #expect(plan.out.contains("app-migrate:1 matches the manifest but is deregistered"), "\(plan.out)")
        try await world.applied("--schema-version", "2")
        #expect(world.migrated.count == 2)
    }

    @Test("whose marked revision was deregistered is known all the same, also to a ledger that has seen nothing")
    func marked() async throws {
        let world = try await World()
        try world.image("v1")
        try manifest(world, ["definition": Self.definition()])
        try await world.applied()
        _ = try await world.aws("ecs", "deregister-task-definition", "--task-definition", "app-migrate:1")
        let plan = try await world.reconcile("plan", "m.json", "--ledger", "new.sqlite")
        #expect(!plan.out.contains("first migration"), "\(plan.out)")
    }

    @Test("hides its values also from an environment that does not know it, and finds its task")
    func masked() async throws {
        let world = try await World()
        try world.image("v1", migrate: "echo user is $DB_USER; echo RECONCILE_SCHEMA=1")
        try manifest(world, ["definition": Self.definition()])
        try await world.applied()
        try world.manifest(
            ["environment": "other", "schema": ["database": "main", "version": "1"]], name: "other.json")
        let other = try await world.reconcile("apply", "other.json", "--ledger", "other.sqlite")
        #expect(!(other.out + other.error).contains("canary-owner"), "\(other.out)\(other.error)")
        let ledger = try await Outcome.of("grep", ["-c", "canary-owner", "other.sqlite"], in: world.folder)
        #expect(ledger.out == "0\n")
    }

    @Test("is what a probe runs from, in an apply and in a comparison")
    func probe() async throws {
        let world = try await World()
        try world.image("v1")
        try world.manifest([
            "schema": [
                "database": "main", "version": "1", "migrate": ["taskDefinition": ["definition": Self.definition()]],
                "probe": ["command": ["sh", "-c", "test \"$DB_USER\" = canary-owner && echo RECONCILE_SCHEMA=1"]],
            ]
        ])
        try await world.applied()
        let drift = try await world.reconcile("drift", "m.json", "--probe")
        #expect(drift.exit == 0, "\(drift.out)\(drift.error)")
    }

    @Test("that fails is not what runs the new code on the old schema: the services' revision is named")
    func left() async throws {
        let world = try await World()
        try world.image("v1", migrate: "exit 1")
        try manifest(world, ["definition": Self.definition()])
        let apply = try await world.reconcile("apply", "m.json")
        #expect(apply.exit == 3, "\(apply.error)")
        #expect(apply.error.contains("app:2 is now the newest revision"), "\(apply.error)")
        #expect(!apply.error.contains("app-migrate:1 is now the newest revision"), "\(apply.error)")
    }

    @Test("is in the policy, with the role that it hands over")
    func policy() async throws {
        let world = try await World()
        try manifest(world, ["definition": Self.definition()])
        let policy = try await world.reconcile("policy", "m.json").out
        #expect(policy.contains("task-definition/app-migrate:*") && policy.contains(Self.role), "\(policy)")
    }

    @Test("with a volume that is configured at launch needs that configuration")
    func volumes() async throws {
        let world = try await World()
        var definition = Self.definition()
        definition["volumes"] = [["name": "scratch", "configuredAtLaunch": true]]
        try manifest(world, ["definition": definition])
        let plan = try await world.reconcile("plan", "m.json")
        #expect(
            plan.exit == 65 && plan.error.contains("volume scratch of app-migrate is configuredAtLaunch"),
            "\(plan.error)")
        let ebs: JSON = ["name": "scratch", "managedEBSVolume": ["roleArn": "arn:aws:iam::123456789012:role/ebs"]]
        try world.manifest([
            "schema": [
                "database": "main", "version": "1",
                "migrate": ["taskDefinition": ["definition": definition], "volumeConfigurations": [ebs]],
            ]
        ])
        let configured = try await world.reconcile("plan", "m.json")
        #expect(configured.exit == 0 || !configured.error.contains("nothing configures it"), "\(configured.error)")
    }

    @Test(
        "is refused where it cannot be meant",
        arguments: [
            ([:], "takes one of \"file\", \"definition\" and \"family\""),
            (["family": "a", "definition": definition()], "takes one of \"file\", \"definition\" and \"family\""),
            (["family": "no/name"], "is not a family's name"),
            (["file": "nowhere.json"], "nowhere.json"),
            (["definition": definition("app")], "is of the family app, which a service has"),
            (["definition": definition(), "container": "other"], "has no container other"),
        ] as [(JSON, String)])
    func refused(definition: JSON, says: String) async throws {
        let world = try await World()
        try manifest(world, definition)
        let plan = try await world.reconcile("plan", "m.json")
        #expect(plan.exit == 65 && plan.error.contains(says), "\(plan.exit) \(plan.error)")
    }

    @Test("says nothing to a migration that is no task")
    func runner() async throws {
        let world = try await World()
        try world.manifest([
            "schema": ["database": "main", "migrate": ["runner": "process", "taskDefinition": ["family": "a"]]]
        ])
        let plan = try await world.reconcile("plan", "m.json")
        #expect(plan.exit == 65 && plan.error.contains("schema.migrate.taskDefinition has no effect"), "\(plan.error)")
    }
}
