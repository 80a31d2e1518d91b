import Foundation
import JSON
import Support
import Testing

/// What docs/rolling-back.md says, step by step.
@Suite("Rolling back")
struct RollBackTests {
    static let migrate = """
        echo "${RECONCILE_SCHEMA_VERSION}" > schema; echo "${RECONCILE_SCHEMA_VERSION}" >> migrated
        echo "RECONCILE_SCHEMA=$(cat schema)"
        """

    /// v1 with 0001, then v2 with 0002; v2 has a script that takes its migration back.
    private func released() async throws -> World {
        let world = try await World()
        for tag in ["v1", "v2"] { try world.image(tag, migrate: Self.migrate) }
        try Scratch.write(
            "#!/bin/sh\necho \"$1\" > schema\necho \"back to $1\"\n",
            to: world.folder + "/images/app/v2/bin/db-rollback", executable: true)
        try manifest(world, "v1", "0001")
        try await world.applied()
        try manifest(world, "v2", "0002")
        try await world.applied()
        return world
    }

    private func manifest(
        _ world: World, _ tag: String, _ version: String, accepts: String = "exact", isProbed: Bool = true
    ) throws {
        try world.manifest([
            "image": ["repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app", "tag": .string(tag)],
            "schema": .object(dropping: [
                "database": "main", "version": .string(version), "order": "integer", "accepts": .string(accepts),
                "probe": isProbed ? ["command": ["sh", "-c", "echo RECONCILE_SCHEMA=$(cat schema)"]] : nil,
            ]),
        ])
    }

    private func image(_ world: World) async throws -> String {
        let page = try await world.page()
        return page.split(separator: "\n").first { $0.hasPrefix("service web") }.map(String.init) ?? ""
    }

    @Test("without its ledger the task from before the roll-back proves nothing: the migration runs once more")
    func lost() async throws {
        let world = try await released()
        try await rolledBack(world)
        try manifest(world, "v1", "0001")
        try await world.applied()
        try FileManager.default.removeItem(atPath: world.folder + "/.reconcile")
        try manifest(world, "v2", "0002", isProbed: false)
        try await world.applied()
        #expect(world.migrated == ["0001", "0002", "0002"])
        #expect(try await image(world).contains("app:3"))
    }

    private func rolledBack(_ world: World, from tag: String = "v2") async throws {
        _ = try await world.reconcile("run", "m.json", "--image-tag", tag, "--", "sh", "-c", "echo 0001 > schema")
        let resolved = try await world.reconcile(
            "resolve", "m.json", "schema/main", "--at", "0001", "--reason", "rolled back")
        #expect(resolved.exit == 0, "\(resolved.error)")
    }

    @Test("what was declared is known at once to a ledger that begins anew, and no code moves without its migration")
    func lostAtOnce() async throws {
        let world = try await released()
        try await rolledBack(world)
        try FileManager.default.removeItem(atPath: world.folder + "/.reconcile")
        try world.image("v2b", migrate: Self.migrate)
        try manifest(world, "v2b", "0002")
        let plan = try await world.reconcile("plan", "m.json")
        #expect(plan.out.contains("schema 0001 -> 0002"), "\(plan.out)")
        _ = try await world.reconcile("apply", "m.json")
        try await world.applied()
        #expect(world.migrated == ["0001", "0002", "0002"])
    }

    private func images(_ world: World, _ tag: String) throws {
        try world.manifest([
            "image": ["repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app", "tag": .string(tag)],
            "schema": ["database": "main", "version": "image"],
        ])
    }

    /// The digest of the image that was released last, as `history` shows it.
    private func released(_ world: World) async throws -> String {
        let history = try await world.reconcile("history", "m.json").out
        let start = try #require(history.range(of: "sha256:"))
        return String(history[start.lowerBound...].prefix(71))
    }

    @Test("where each image is migrated for, images before the declared one stay in place, also without the ledger")
    func ofImages() async throws {
        let world = try await World()
        var digests: [String] = []
        for tag in ["v1", "v2", "v3"] {
            try world.image(tag, migrate: "echo \(tag) >> migrated")
            try images(world, tag)
            try await world.applied()
            digests.append(try await released(world))
        }
        let nonsense = try await world.reconcile(
            "resolve", "m.json", "schema/main", "--at", "v2", "--reason", "rolled back")
        #expect(nonsense.exit == 64 && nonsense.error.contains("is not the digest of an image"), "\(nonsense.error)")
        let resolved = try await world.reconcile(
            "resolve", "m.json", "schema/main", "--at", digests[1], "--reason", "rolled back")
        #expect(resolved.exit == 0, "\(resolved.error)")
        for (tag, migrations) in [("v2", 3), ("v1", 3), ("v3", 4), ("v2", 4), ("v1", 4)] {
            try FileManager.default.removeItem(atPath: world.folder + "/.reconcile")
            try images(world, tag)
            try await world.applied()
            #expect(world.migrated.count == migrations, "\(tag): \(world.migrated)")
            #expect(try await world.applied().result["calls"]?["mutating"] == 0)
        }
    }

    @Test("a declaration that is taken back leaves in place what was migrated before it", arguments: [true, false])
    func takenBack(isImage: Bool) async throws {
        let world = try await World()
        var places: [String] = []
        for (tag, version) in [("v1", "spring"), ("v2", "autumn")] {
            try world.image(tag, migrate: "echo \(tag) >> migrated")
            try release(tag, isImage ? "image" : version, in: world)
            try await world.applied()
            places.append(isImage ? try await released(world) : version)
        }
        for place in places {
            let said = try await world.reconcile("resolve", "m.json", "schema/main", "--at", place, "--reason", "x")
            #expect(said.exit == 0, "\(said.error)")
        }
        try release("v1", isImage ? "image" : "spring", in: world)
        // An older version is refused, and an older image runs on the newer schema.
        try await world.applied(exit: isImage ? 0 : 6)
        #expect(world.migrated == ["v1", "v2"])
    }

    /// A release of an opaque version.
    private func release(_ tag: String, _ version: String, in world: World) throws {
        try world.manifest([
            "image": ["repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app", "tag": .string(tag)],
            "schema": ["database": "main", "order": "opaque", "version": .string(version)],
        ])
    }

    @Test("a new ledger asks which version came last, where a revision was found again for a newer version")
    func foundAgain() async throws {
        let world = try await World()
        for tag in ["v1", "v2"] { try world.image(tag, migrate: "echo $RECONCILE_SCHEMA_VERSION >> migrated") }
        for (tag, version) in [("v1", "spring"), ("v2", "autumn"), ("v1", "winter")] {
            try release(tag, version, in: world)
            try await world.applied()
        }
        try FileManager.default.removeItem(atPath: world.folder + "/.reconcile")
        for (tag, version) in [("v2", "autumn"), ("v1", "winter")] {
            try release(tag, version, in: world)
            let outcome = try await world.reconcile("apply", "m.json")
            #expect(outcome.exit == 6)
            #expect(outcome.error.contains("whether main was brought to autumn or to winter last"), "\(outcome.error)")
        }
        let said = try await world.reconcile("resolve", "m.json", "schema/main", "--at", "winter", "--reason", "x")
        #expect(said.exit == 0, "\(said.error)")
        try await world.applied()
        #expect(world.migrated == ["spring", "autumn", "winter"])
    }

    @Test("after a declaration the declared version is the oldest one, whatever the numbers of revisions say")
    func declaredFirst() async throws {
        let world = try await World()
        for tag in ["v1", "v2", "v3"] { try world.image(tag, migrate: "echo \(tag) >> migrated") }
        for tag in ["v1", "v2", "v3"] {
            try release(tag, "of-\(tag)", in: world)
            try await world.applied()
        }
        let said = try await world.reconcile("resolve", "m.json", "schema/main", "--at", "of-v2", "--reason", "x")
        #expect(said.exit == 0, "\(said.error)")
        for tag in ["v2", "v3"] {
            try release(tag, "of-\(tag)", in: world)
            try await world.applied()
        }
        try FileManager.default.removeItem(atPath: world.folder + "/.reconcile")
        try await world.applied()
        try release("v2", "of-v2", in: world)
        try await world.applied(exit: 6)
        #expect(world.migrated == ["v1", "v2", "v3", "v3"])
    }

    @Test("where only revisions told the order of images, the declared one alone counts as in place")
    func guessed() async throws {
        let world = try await World()
        for tag in ["v1", "v2"] { try world.image(tag, migrate: "echo \(tag) >> migrated") }
        try images(world, "v1")
        try await world.applied()
        let first = try await released(world)
        try images(world, "v2")
        try await world.applied()
        try images(world, "v1")
        try await world.applied()
        try FileManager.default.removeItem(atPath: world.folder + "/.reconcile")
        let resolved = try await world.reconcile(
            "resolve", "m.json", "schema/main", "--at", first, "--reason", "restored")
        #expect(resolved.exit == 0, "\(resolved.error)")
        try images(world, "v2")
        try await world.applied()
        #expect(world.migrated == ["v1", "v2", "v2"])
    }

    @Test("a version by another spelling is the one that the ledger has, and a schema.after that is not there is none")
    func spelling() async throws {
        let world = try await released()
        let same = try await world.reconcile("resolve", "m.json", "schema/main", "--at", "2", "--reason", "x")
        #expect(same.exit == 0 && same.out == "schema/main: the database is at 0002\n", "\(same.error)")
        try manifest(world, "v2", "0002")
        #expect(try await world.applied().result["calls"]?["mutating"] == 0)
        #expect(world.migrated == ["0001", "0002"])
        let after = try await world.reconcile("resolve", "m.json", "schema/main@after", "--at", "1", "--reason", "x")
        #expect(after.exit == 1 && after.error.contains("the manifest has no schema/main@after"), "\(after.error)")
    }

    @Test("a database is declared to be where the ledger has it: a migration that the ledger never saw is undone by it")
    func unseen() async throws {
        let world = try await World()
        for tag in ["v1", "v2"] { try world.image(tag, migrate: Self.migrate) }
        try manifest(world, "v1", "0001", isProbed: false)
        try await world.applied()
        let files = FileManager.default
        try files.copyItem(atPath: world.folder + "/.reconcile", toPath: world.folder + "/copy")
        try manifest(world, "v2", "0002", isProbed: false)
        try await world.applied()
        try files.removeItem(atPath: world.folder + "/.reconcile")
        try files.moveItem(atPath: world.folder + "/copy", toPath: world.folder + "/.reconcile")
        let resolved = try await world.reconcile(
            "resolve", "m.json", "schema/main", "--at", "0001", "--reason", "rolled back")
        #expect(resolved.exit == 0, "\(resolved.error)")
        try await world.applied()
        #expect(world.migrated == ["0001", "0002", "0002"])
    }

    @Test("a revision that was there before is marked when a service is moved to it with its version in place")
    func movedBack() async throws {
        let world = try await released()
        try world.image("v2b", migrate: Self.migrate)
        try await rolledBack(world)
        for (tag, version) in [("v1", "0001"), ("v2b", "0002"), ("v2", "0002")] {
            try manifest(world, tag, version, isProbed: false)
            try await world.applied()
        }
        let ledger = try await world.reconcile("ledger", "export", "m.json").out
        let marks = ledger.split(separator: "\n").filter {
            $0.contains(#""kind":"intent""#) && $0.contains(#""action":"mark""#) && $0.contains("app:3")
        }
        #expect(marks.last?.contains(#""version":"0002""#) == true, "\(marks)")
    }

    @Test("of two declarations with one number neither is believed: a person decides, and nothing moves")
    func contradicted() async throws {
        let world = try await released()
        try await rolledBack(world)
        let shown = try await world.aws(
            "ecs", "describe-task-definition", "--task-definition", "app:3", "--include", "TAGS")
        let tag = shown["tags"]?.elements.first { $0["key"]?.string?.hasPrefix("reconcile:declared:") == true }
        let (key, value) = (try #require(tag?["key"]?.string), try #require(tag?["value"]?.string))
        let other = "\(value.split(separator: " ")[0]) 0003"
        for revision in ["app:2", "app:3"] {
            _ = try await world.aws(
                "ecs", "tag-resource", "--resource-arn",
                "arn:aws:ecs:us-east-1:123456789012:task-definition/\(revision)", "--tags", "key=\(key),value=\(other)")
        }
        try manifest(world, "v1", "0001", isProbed: false)
        let asked = try await world.applied(exit: 6)
        #expect(asked.result["failure"]?["code"] == "schema-undecided")
        #expect(try await image(world).contains("app:3"))
    }

    @Test("in opaque a declared version that the ledger never saw takes back the others")
    func opaque() async throws {
        let world = try await World()
        try world.image("v2", migrate: Self.migrate)
        try world.manifest([
            "image": ["repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app", "tag": "v2"],
            "schema": ["database": "main", "version": "revb", "accepts": "at-least"],
        ])
        try await world.applied()
        let resolved = try await world.reconcile(
            "resolve", "m.json", "schema/main", "--at", "revz", "--reason", "restored from a backup")
        #expect(resolved.exit == 0, "\(resolved.error)")
        try await world.applied()
        #expect(world.migrated == ["revb", "revb"])
    }

    @Test("an old copy of the ledger gives way to what was declared since, also after the whole roll-back")
    func oldCopy() async throws {
        let world = try await released()
        let files = FileManager.default
        try files.copyItem(atPath: world.folder + "/.reconcile", toPath: world.folder + "/copy")
        try await rolledBack(world)
        try manifest(world, "v1", "0001", isProbed: false)
        try await world.applied()
        #expect(try await image(world).contains("app:2"))
        try files.removeItem(atPath: world.folder + "/.reconcile")
        try files.moveItem(atPath: world.folder + "/copy", toPath: world.folder + "/.reconcile")
        try manifest(world, "v2", "0002", isProbed: false)
        let plan = try await world.reconcile("plan", "m.json")
        #expect(plan.out.contains("schema 0001 -> 0002"), "\(plan.out)")
        try await world.applied()
        #expect(world.migrated == ["0001", "0002", "0002"])
        #expect(try await world.applied().result["calls"]?["mutating"] == 0)
        #expect(try await world.reconcile("drift", "m.json").exit == 0)
    }

    @Test("after a roll-back over two versions the one in between is migrated to once")
    func between() async throws {
        let world = try await released()
        try world.image("v3", migrate: Self.migrate)
        try manifest(world, "v3", "0003", isProbed: false)
        try await world.applied()
        _ = try await world.reconcile("run", "m.json", "--image-tag", "v3", "--", "sh", "-c", "echo 0001 > schema")
        let resolved = try await world.reconcile(
            "resolve", "m.json", "schema/main", "--at", "0001", "--reason", "rolled back")
        #expect(resolved.exit == 0, "\(resolved.error)")
        try manifest(world, "v1", "0001", isProbed: false)
        try await world.applied()
        try manifest(world, "v2", "0002", isProbed: false)
        try await world.applied()
        #expect(world.migrated == ["0001", "0002", "0003", "0002"])
        #expect(try await world.applied().result["calls"]?["mutating"] == 0)
    }

    @Test("the code alone goes back where the manifest accepts the newer schema, and no migration runs")
    func code() async throws {
        let world = try await released()
        try manifest(world, "v1", "0001")
        let refused = try await world.applied(exit: 6)
        #expect(refused.result["failure"]?["code"] == "schema-older")
        #expect(try await image(world).contains("app:3"))
        try manifest(world, "v1", "0001", accepts: "at-least")
        try await world.applied()
        #expect(world.migrated == ["0001", "0002"])
        #expect(try await image(world).contains("app:2"))
    }

    @Test("code and database go back by the project's own script, and the mended release migrates again")
    func database() async throws {
        let world = try await released()
        let undone = try await world.reconcile("run", "m.json", "--image-tag", "v2", "--", "db-rollback", "0001")
        #expect(undone.exit == 0 && undone.out == "back to 0001\n", "\(undone.error)")
        let drift = try await world.reconcile("drift", "m.json", "--probe")
        #expect(drift.exit == 2 && drift.out.contains("the database is at 0001, and the ledger knows 0002"))
        let said = try await world.reconcile(
            "resolve", "m.json", "schema/main", "--at", "0001", "--reason", "rolled back by hand")
        #expect(said.exit == 0 && said.out == "schema/main: the database is at 0001\n", "\(said.error)")

        try manifest(world, "v1", "0001")
        try await world.applied()
        #expect(world.migrated == ["0001", "0002"])
        #expect(try await image(world).contains("app:2"))
        #expect(try await world.applied().result["calls"]?["mutating"] == 0)

        try manifest(world, "v2", "0002")
        try await world.applied()
        #expect(world.migrated == ["0001", "0002", "0002"])
        #expect(try await world.applied().result["calls"]?["mutating"] == 0)
        let history = try await world.reconcile("history", "m.json").out
        #expect(history.contains("the database is at 0001: rolled back by hand"), "\(history)")
    }

    @Test("what a person says of a database must be of this database, and of nothing that is still open")
    func nonsense() async throws {
        let world = try await released()
        for (resource, version, exit, expected) in [
            ("schema/other", "0001", 1, "it has: task-definition/app, schema/main, service/web"),
            ("schema/main", "x", 64, "is not a version in the order"),
            ("service/web", "0001", 1, "AWS shows in which state service/web is"),
            ("command/web", "0001", 1, "AWS shows in which state command/web is"),
        ] {
            let outcome = try await world.reconcile(
                "resolve", "m.json", resource, "--at", version, "--reason", "because")
            #expect(outcome.exit == Int32(exit) && outcome.error.contains(expected), "\(outcome.error)")
        }
        let json = try await world.reconcile(
            "resolve", "m.json", "schema/other", "--at", "0002", "--reason", "because", "--output", "json")
        let failed = try JSON.parse(json.out)
        #expect(failed["environment"] == "test-env" && failed["manifest"] == "m.json" && failed["exit"] == 1)
        #expect(failed["failure"]?["code"] == "nothing-open" && json.error.contains("error[nothing-open]"))
        let said = try await world.reconcile(
            "resolve", "m.json", "schema/main", "--at", "0001", "--reason", "because", "--output", "json")
        #expect(
            said.out == """
                {"environment":"test-env","manifest":"m.json","exit":0,"failure":null,"resource":"schema/main",\
                "summary":"the database is at 0001"}

                """)
        let both = try await world.reconcile(
            "resolve", "m.json", "schema/main", "--at", "0001", "--failed", "--reason", "because")
        #expect(both.exit == 64)
    }
}
