import JSON
import Support
import Testing

/// What the database is said to be at, through the built command line and a sandbox.
@Suite("The version that a migration reports")
struct SchemaVersionTests {
    private func world(_ migrate: String, schema: JSON = [:]) async throws -> World {
        let world = try await World()
        var section: JSON = ["database": "main", "version": "2", "order": "integer"]
        for member in schema.object?.members ?? [] { section[member.key] = member.value }
        try world.manifest(["schema": section])
        try world.image("v1", migrate: migrate)
        return world
    }

    @Test("the declared version reaches the program, the image's own does not")
    func variable() async throws {
        let world = try await world("echo \"[$RECONCILE_SCHEMA_VERSION]\" >> migrated")
        try await world.applied()
        try world.manifest(["schema": ["database": "other"]])
        try await world.applied()
        #expect(world.migrated == ["[2]", "[]"])
    }

    @Test("the version is no secret: lines that name it are shown as they are")
    func shown() async throws {
        let script = "echo 0002_visits.sql for $RECONCILE_SCHEMA_VERSION"
        let world = try await world(script, schema: ["version": "0002"])
        let (_, events) = try await world.applied()
        #expect(events.contains { $0["event"] == "log" && $0["line"] == "0002_visits.sql for 0002" })
    }

    @Test("another version than the wanted one is a failure that says both, and is not forgotten")
    func other() async throws {
        let world = try await world("echo once >> migrated; echo RECONCILE_SCHEMA=3")
        let end = try await world.applied(exit: 3)
        let summary = try #require(end.result["failure"]?["summary"]?.string)
        #expect(summary.contains("the database is at 3, and 2 is wanted"), "\(summary)")
        #expect(try await world.page().contains("service web  app:1"))
        // What was reported counts: 2 is older now.
        let again = try await world.applied(exit: 6)
        #expect(again.result["failure"]?["code"] == "schema-older")
        #expect(world.migrated == ["once"])
    }

    @Test("a failure is one although the database is said to be there: no later apply takes it for a success")
    func arrived() async throws {
        let world = try await world("echo once >> migrated; echo RECONCILE_SCHEMA=2; exit 4")
        let end = try await world.applied(exit: 3)
        #expect(end.result["failure"]?["hint"]?.string?.contains("--at 2") == true)
        let again = try await world.applied(exit: 3)
        #expect(again.result["failure"]?["code"] == "migration-failed")
        #expect(try await world.page().contains("service web  app:1"))
        let resolved = try await world.reconcile("resolve", "m.json", "schema/main", "--at", "2", "--reason", "it is")
        #expect(resolved.exit == 0, "\(resolved.error)")
        try await world.applied()
        // By each of the two that were asked to, and not by the one after the decision.
        #expect(world.migrated == ["once", "once"])
    }

    @Test(
        "the same version in another spelling is the same, and where newer ones are accepted they are",
        arguments: ["0002", "3"])
    func same(said: String) async throws {
        let world = try await world("echo RECONCILE_SCHEMA=\(said)", schema: ["accepts": "at-least"])
        try await world.applied()
        let again = try await world.applied()
        #expect(again.result["calls"]?["mutating"]?.integer == 0)
    }

    @Test("a dirty schema is for a person: nothing is run again until one has decided")
    func dirty() async throws {
        let world = try await world("echo once >> migrated; echo RECONCILE_SCHEMA=2 dirty; test -e mended")
        for _ in 0..<2 {
            let end = try await world.applied(exit: 6)
            #expect(end.result["failure"]?["code"] == "schema-undecided")
            #expect(end.result["failure"]?["summary"]?.string?.contains("dirty") == true)
        }
        #expect(world.migrated == ["once"])
        // Who looks is told the same, although this process sees the end of the log for the first time.
        let plan = try await world.reconcile("plan", "m.json")
        #expect(plan.exit == 6, "\(plan.out)")
        #expect(plan.out.contains("reconcile resolve m.json schema/main --failed"), "\(plan.out)")
        let status = try await world.reconcile("status", "m.json").out
        #expect(status.contains("blocked   could not determine whether the migration succeeded"), "\(status)")
        let resolved = try await world.reconcile(
            "resolve", "m.json", "schema/main", "--succeeded", "--reason", "mended by hand")
        #expect(resolved.exit == 0, "\(resolved.error)")
        try await world.applied()
        #expect(world.migrated == ["once"])
    }

    @Test("a line that is malformed is no success: the probe is asked where there is one, else a person")
    func malformed() async throws {
        let world = try await world("echo once >> migrated; echo RECONCILE_SCHEMA=2 pending")
        let end = try await world.applied(exit: 6)
        #expect(end.result["failure"]?["code"] == "schema-undecided")
        #expect(
            end.result["failure"]?["summary"]?.string?.contains("has more in it than a version and \"dirty\"") == true)
        let probe: JSON = ["command": ["echo", "RECONCILE_SCHEMA=2"]]
        try world.manifest(["schema": ["database": "main", "version": "2", "order": "integer", "probe": probe]])
        try await world.applied()
        #expect(world.migrated == ["once"])
    }

    @Test("a framework that waits for its lock in vain is answered with its own way out")
    func locked() async throws {
        let world = try await world("echo Could not acquire change log lock. Currently locked by x; exit 1")
        let end = try await world.applied(exit: 3)
        #expect(end.result["failure"]?["hint"]?.string?.contains("liquibase release-locks") == true)
    }
}
