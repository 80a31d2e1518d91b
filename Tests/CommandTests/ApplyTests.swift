import Foundation
import JSON
import Support
import Testing

/// The main job, through the built command line and a sandbox with real processes.
@Suite("apply")
struct ApplyTests {
    @Test("deploys, upgrades with a migration, and then leaves the world alone")
    func mainJob() async throws {
        let world = try await World()
        try world.manifest()
        try world.image("v1")
        try world.image("v2")
        let first = try await world.applied()
        #expect(first.result["calls"]?["mutating"]?.integer == 4)
        #expect(world.migrated == ["v1"])

        let second = try await world.applied("--image-tag", "v2", "--schema-version", "2")
        #expect(world.migrated == ["v1", "v2"])
        let finished = second.events.filter { $0["event"] == "finished" }.compactMap { $0["resource"]?.string }
        #expect(finished == ["task-definition/app", "schema/main", "schema/main", "service/web"])

        let third = try await world.applied("--image-tag", "v2", "--schema-version", "2")
        #expect(third.events.count == 1)
        #expect(third.result["calls"] == ["mutating": 0, "all": 2])
        #expect(third.result["failure"] == .null)
        #expect(third.result["environment"] == "test-env")
    }

    @Test("a new image without a new schema version runs no migration, and says so")
    func noMigration() async throws {
        let world = try await World()
        try world.manifest()
        try world.image("v1")
        try world.image("v2")
        try await world.applied()
        let plan = try await world.reconcile("plan", "m.json", "--image-tag", "v2")
        #expect(plan.out.contains("image changed, schema version did not: the migration is not run"))
        let second = try await world.applied("--image-tag", "v2")
        #expect(second.result["calls"]?["mutating"]?.integer == 2)
        #expect(world.migrated == ["v1"])
    }

    @Test("a new revision with the same image and schema version does not speak of a new image")
    func sameImage() async throws {
        let world = try await World()
        try world.manifest(["taskDefinition": ["file": "t.json"]])
        try world.image("v1")
        var definition = World.definition("app")
        try Scratch.write(definition.compact, to: world.folder + "/t.json")
        try await world.applied()
        definition["cpu"] = "512"
        try Scratch.write(definition.compact, to: world.folder + "/t.json")
        let plan = try await world.reconcile("plan", "m.json", "--detailed-exitcode")
        #expect(plan.exit == 2 && plan.out.contains("cpu: 256 -> 512"))
        #expect(!plan.out.contains("image changed"), "\(plan.out)")
    }

    @Test("without a schema nothing is migrated; with version \"image\" each new image is, once")
    func schemaModes() async throws {
        let world = try await World()
        try world.image("v1")
        try world.image("v2")
        try world.manifest(["schema": .null])
        try await world.applied()
        #expect(world.migrated.isEmpty)
        try world.manifest(["schema": ["database": "main"]])
        try await world.applied()
        try await world.applied("--image-tag", "v2")
        #expect(world.migrated == ["v1", "v2"])
        // Back to an image that was migrated for: its age is not judged, and nothing is run twice.
        let back = try await world.applied("--image-tag", "v1")
        #expect(back.result["calls"]?["mutating"]?.integer == 1)
        #expect(world.migrated == ["v1", "v2"])
    }

    @Test("a failed migration blocks its service; the same apply after the fix goes on, with no other revision")
    func failedMigration() async throws {
        let world = try await World()
        try world.manifest()
        try world.image(
            "v1", migrate: .some("echo step one; echo 'relation missing' >&2; test -f fixed && echo v1 >> migrated"))
        let failed = try await world.reconcile("apply", "m.json")
        #expect(failed.exit == 3)
        #expect(
            failed.error.contains(
                "error[migration-failed]: schema/main: the migration failed: app ended with exit code 1"))
        #expect(failed.error.contains("    relation missing\n"))
        #expect(failed.error.contains("next: fix the migration"))
        #expect(try await world.page().contains("app:1"))

        try Scratch.write("", to: world.folder + "/data/fixed")
        let again = try await world.applied()
        #expect(!again.events.contains { $0["action"] == "register" })
        #expect(world.migrated == ["v1"])
        let revisions = try await world.aws("ecs", "list-task-definitions", "--family-prefix", "app")
        #expect(revisions["taskDefinitionArns"]?.elements.count == 2)
    }

    @Test("a migration that never started is no success, and says what was missing")
    func neverStarted() async throws {
        let world = try await World()
        try world.manifest()
        try world.image("v1", migrate: .some(nil))
        let outcome = try await world.reconcile("apply", "m.json")
        #expect(outcome.exit == 3)
        #expect(outcome.error.contains("error[migration-not-started]"))
        #expect(outcome.error.contains("container app: no exit code, CannotStartContainerError"))
        #expect(outcome.error.contains("is it on the image's PATH and executable?"))
    }

    @Test("an image that the circuit breaker rolls back is a failure, and is not deployed again unasked")
    func rolledBack() async throws {
        let world = try await World(limits: World.seenFailing)
        try world.manifest()
        try world.image("v1")
        try await world.applied()
        try world.image("bad", serve: "echo cannot find configuration >&2; exit 1")
        let failed = try await world.reconcile("apply", "m.json", "--image-tag", "bad")
        #expect(failed.exit == 4)
        #expect(
            failed.error.contains("error[rollout-rolled-back]: service/web: ECS rolled web back from app:3 to app:2"))
        #expect(failed.error.contains("container app: exit code 1"))
        #expect(failed.error.contains("    cannot find configuration\n"))

        let refused = try await world.applied("--image-tag", "bad", exit: 4)
        #expect(refused.result["failure"]?["code"] == "rollout-refused")
        #expect(refused.result["calls"]?["mutating"]?.integer == 0)

        try world.image("good")
        try await world.applied("--image-tag", "good")
    }

    @Test("what was rolled back is refused before anything is done, also once its revision is deregistered")
    func refusedDeregistered() async throws {
        let world = try await World(limits: World.seenFailing)
        try world.manifest()
        try world.image("v1")
        try await world.applied()
        try world.image("bad", serve: "test -e mended && exec sleep 1000; exit 1")
        let failed = try await world.reconcile("apply", "m.json", "--image-tag", "bad")
        #expect(failed.exit == 4, "\(failed.error)")
        _ = try await world.aws("ecs", "deregister-task-definition", "--task-definition", "app:3")
        let bad = ["--image-tag", "bad", "--schema-version", "2"]
        let plan = try await world.reconcile(["plan", "m.json", "--out", "p.json"] + bad)
        #expect(plan.exit == 4 && plan.out.contains("what is wanted was rolled back or failed on web"), "\(plan.out)")
        let refused = try await world.reconcile(["apply", "m.json", "--verbose"] + bad)
        #expect(refused.exit == 4 && refused.error.contains("error[rollout-refused]"), "\(refused.error)")
        #expect(!refused.error.contains("call: ecs:RegisterTaskDefinition"), "\(refused.error)")
        // A person may approve that it is deployed again.
        try Scratch.write("", to: world.folder + "/data/mended")
        let retry = try await world.reconcile(["plan", "m.json", "--retry-failed", "--out", "p.json"] + bad)
        #expect(retry.exit == 0, "\(retry.error)")
        let again = try await world.reconcile("apply", "p.json")
        #expect(again.exit == 0, "\(again.error)")
        let used = try await world.reconcile("apply", "p.json")
        #expect(used.error.contains("--schema-version 2 --retry-failed --out p.json"), "\(used.error)")
    }

    @Test("of two services that were rolled back both are deployed again where that is asked for")
    func retriedBoth() async throws {
        let world = try await World(services: [("web", "app"), ("worker", "jobs")], limits: World.seenFailing)
        try world.manifest(["services": [["name": "web"], ["name": "worker"]], "schema": .null])
        try world.image("bad", serve: "test -e mended && exec sleep 1000; exit 1")
        // What they are rolled back to.
        try await world.until("steady state", "web", "worker")
        #expect(try await world.reconcile("apply", "m.json", "--image-tag", "bad").exit == 4)
        // One of the two ends was not recorded: the first one has ended the run. The cause is gone once both have ended.
        try await world.until("rolling back", "web", "worker")
        try Scratch.write("", to: world.folder + "/data/mended")
        let again = try await world.applied("--image-tag", "bad", "--retry-failed")
        #expect(again.result["calls"]?["mutating"]?.integer == 2)
    }

    @Test("several services with families of their own share one migration, and move after it")
    func severalServices() async throws {
        let world = try await World(services: [("web", "app"), ("worker", "jobs")])
        try world.manifest(["services": [["name": "web"], ["name": "worker", "desiredCount": 2]]])
        try world.image("v1")
        let plan = try JSON.parse(try await world.reconcile("plan", "m.json", "--output", "json").out)
        #expect(
            plan["changes"]?.elements.map { "\($0["resource"]?.string ?? "") \($0["action"]?.string ?? "")" } == [
                "task-definition/app register", "task-definition/jobs register", "schema/main migrate",
                "service/web update", "service/worker update",
            ])
        try await world.applied()
        #expect(world.migrated == ["v1"])
        #expect(try await world.applied().result["calls"] == ["mutating": 0, "all": 2])
    }

    @Test("an older schema is refused before anything is done, and accepted where the manifest says so")
    func rollForward() async throws {
        let world = try await World()
        try world.manifest()
        try world.image("v1")
        try world.image("v2")
        try await world.applied()
        try await world.applied("--image-tag", "v2", "--schema-version", "2")
        let plan = try await world.reconcile("plan", "m.json")
        #expect(plan.exit == 6 && plan.out.contains("\n1 change, 1 blocked. Nothing was done.\n"), "\(plan.out)")
        let refused = try await world.applied(exit: 6)
        #expect(refused.result["failure"]?["code"] == "schema-older")
        #expect(refused.result["calls"]?["mutating"]?.integer == 0)
        try world.manifest(["schema": ["database": "main", "version": "1", "accepts": "at-least"]])
        try await world.applied()
        #expect(world.migrated == ["v1", "v2"])
    }

    @Test("a lost ledger is survived: nothing is repeated", arguments: ["1", "image"])
    func lostLedger(version: String) async throws {
        let world = try await World()
        try world.manifest(["schema": ["database": "main", "version": .string(version)]])
        try world.image("v1")
        try await world.applied()
        try FileManager.default.removeItem(atPath: world.folder + "/.reconcile")
        let again = try await world.applied()
        #expect(again.result["calls"]?["mutating"]?.integer == 0)
        #expect((again.result["calls"]?["all"]?.integer ?? 99) <= 4)
        try world.image("v2")
        try FileManager.default.removeItem(atPath: world.folder + "/.reconcile")
        try await world.applied("--image-tag", "v2")
        #expect(world.migrated == (version == "1" ? ["v1"] : ["v1", "v2"]))
    }

    @Test("what another ledger has migrated is not migrated again, also by a ledger that knows older versions")
    func twoLedgers() async throws {
        let world = try await World()
        try world.manifest()
        try world.image("v1")
        try world.image("v2")
        try await world.applied("--ledger", "a.sqlite")
        try await world.applied("--ledger", "b.sqlite", "--image-tag", "v2", "--schema-version", "2")
        let seen = try await world.applied("--ledger", "a.sqlite", "--image-tag", "v2", "--schema-version", "2")
        #expect(seen.result["calls"]?["mutating"]?.integer == 0)
        let older = try await world.applied("--ledger", "a.sqlite", exit: 6)
        #expect(older.result["failure"]?["code"] == "schema-older")
        #expect(world.migrated == ["v1", "v2"])
    }

    @Test("without its ledger a failed migration is tried again at once, with the same image and with a mended one")
    func lostLedgerAfterFailure() async throws {
        let world = try await World()
        try world.manifest()
        try world.image("v1", migrate: .some("echo trying; test -f fixed && echo v1 >> migrated"))
        try await world.applied(exit: 3)
        try FileManager.default.removeItem(atPath: world.folder + "/.reconcile")
        // The first attempt's token still finds its task, which is known to have failed: the second is made, and fails.
        let again = try await world.applied(exit: 3)
        #expect(
            again.events.contains { $0["text"]?.string?.contains("of an earlier run: the migration failed") == true })
        try FileManager.default.removeItem(atPath: world.folder + "/.reconcile")
        try world.image("v2", migrate: .some("echo trying; echo v2 >> migrated"))
        try await world.applied("--image-tag", "v2")
        #expect(world.migrated == ["v2"])
    }

    @Test("no value of the environment stands in the ledger or in anything that is shown")
    func silence() async throws {
        let world = try await World()
        try world.manifest()
        try world.image("v1")
        try world.image("v2", migrate: .some("echo \"as $DB_USER with $CANARY\"; exit 1"))
        let shown = [
            try await world.reconcile("plan", "m.json"), try await world.reconcile("apply", "m.json", "--verbose"),
            try await world.reconcile("apply", "m.json", "--image-tag", "v2", "--schema-version", "2"),
            try await world.reconcile(
                "apply", "m.json", "--image-tag", "v2", "--schema-version", "2", "--output", "json"),
            try await world.reconcile("status", "m.json"),
        ]
        let text = shown.map { $0.out + $0.error }.joined()
        #expect(text.contains("as *** with ***"))
        let ledger = ["", "-wal"].map {
            (try? Data(contentsOf: URL(fileURLWithPath: world.folder + "/.reconcile/ledger.sqlite" + $0))) ?? Data()
        }
        #expect(ledger[0].count > 4_096)
        for canary in [
            "canary-of-the-definition", "canary-of-the-override", world.environment["AWS_SECRET_ACCESS_KEY"] ?? "?",
        ] {
            #expect(!text.contains(canary))
            #expect(!ledger.contains { $0.range(of: Data(canary.utf8)) != nil })
        }
    }
}
