import JSON
import Support
import Testing

/// Expand and contract: a second migration, once nothing of the old code runs any more.
@Suite("A migration after the services have moved")
struct AfterTests {
    /// Says which version it was asked for, and whether old code was alive then.
    static let migrate = """
        test -e alive && old=old || old=new
        echo "$RECONCILE_SCHEMA_VERSION $old" >> migrated
        test ! -e "broken-$RECONCILE_SCHEMA_VERSION"
        """

    /// - Parameters:
    ///   - after: members of `schema.after` besides its version.
    ///   - limits: the sandbox's times that differ from the usual.
    private func world(after: JSON = [:], limits: JSON = [:]) async throws -> World {
        let world = try await World(limits: limits)
        // The old code takes its time to end.
        let slow = "touch alive; trap 'sleep 1; rm alive; exit 0' TERM; while :; do sleep 0.05; done"
        try world.image("v1", serve: slow, migrate: Self.migrate)
        try world.image("v2", migrate: Self.migrate)
        try world.manifest(["schema": ["database": "main", "version": "1", "order": "integer"]])
        try await world.applied()
        var section: JSON = ["version": "3"]
        for member in after.object?.members ?? [] { section[member.key] = member.value }
        try world.manifest([
            "image": ["repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app", "tag": "v2"],
            "schema": ["database": "main", "version": "2", "order": "integer", "after": section],
        ])
        return world
    }

    @Test("comes last, meets no old code, and then there is nothing to do")
    func contract() async throws {
        let world = try await world()
        let plan = try JSON.parse(try await world.reconcile("plan", "m.json", "--output", "json").out)
        #expect(
            plan["changes"]?.elements.compactMap { $0["resource"]?.string } == [
                "task-definition/app", "schema/main", "service/web", "schema/main@after",
            ])
        // Each starts where the one before it ends.
        #expect(
            plan["changes"]?.elements.compactMap { $0["reason"]?.string }.filter { $0.hasPrefix("schema ") }
                == ["schema 1 -> 2", "schema 2 -> 3"])
        let applied = try await world.applied()
        #expect(world.migrated == ["1 new", "2 old", "3 new"])
        // Register, two migrations with a mark each, one update.
        #expect(applied.result["calls"]?["mutating"]?.integer == 6)
        let again = try await world.applied()
        #expect(again.result["calls"]?["mutating"]?.integer == 0)
        #expect(try await world.reconcile("drift", "m.json").exit == 0)
    }

    @Test("of another image than it went with is warned about: the schema is past it")
    func olderImage() async throws {
        let world = try await world()
        try await world.applied()
        try world.image("v0x")
        let plan = try await world.reconcile("plan", "m.json", "--image-tag", "v0x")
        #expect(plan.out.contains("the schema is at 3 already"), "\(plan.out)\(plan.error)")
    }

    @Test("is not begun where the rollout fails")
    func gate() async throws {
        let world = try await world(limits: World.seenFailing)
        try world.image("v2", serve: "exit 1", migrate: Self.migrate)
        try await world.applied(exit: 4)
        #expect(world.migrated == ["1 new", "2 old"])
    }

    @Test("a failure leaves the services where they are, and is tried again alone")
    func failure() async throws {
        let world = try await world()
        try Scratch.write("", to: world.folder + "/data/broken-3")
        let failed = try await world.applied(exit: 3)
        #expect(failed.result["failure"]?["resource"] == "schema/main@after")
        #expect(failed.result["failure"]?["hint"]?.string?.contains("the services run the new code already") == true)
        _ = try await Outcome.of("rm", [world.folder + "/data/broken-3"])
        let again = try await world.applied()
        #expect(again.result["calls"]?["mutating"]?.integer == 2)
        #expect(world.migrated.suffix(2) == ["3 new", "3 new"])
    }

    @Test("a person may say where the database is by the name of either, when no step of it is open")
    func corrected() async throws {
        let world = try await world(after: ["command": ["sh", "-c", "echo RECONCILE_SCHEMA=3; exit 4"]])
        let failed = try await world.applied(exit: 3)
        let hint = failed.result["failure"]?["hint"]?.string ?? ""
        #expect(hint.contains("reconcile resolve m.json schema/main@after --at 3 --reason 'what was found'"), "\(hint)")
        let resolved = try await world.reconcile(
            "resolve", "m.json", "schema/main@after", "--at", "3", "--reason", "it is")
        #expect(resolved.exit == 0, "\(resolved.error)")
        try await world.applied()
    }

    @Test("as long as it is under way, nobody can say where the database is")
    func underWay() async throws {
        let world = try await world(after: ["command": ["sh", "-c", "touch begun; exec sleep 1000"]])
        try await RecoveryTests.detach(world)
        for _ in 0..<2 {
            let early = try await world.reconcile("resolve", "m.json", "schema/main", "--at", "3", "--reason", "x")
            #expect(early.exit == 75 && early.error.contains("migration-running"), "\(early.error)")
        }
        let stopped = try await world.reconcile("resolve", "m.json", "schema/main@after", "--stop", "--reason", "x")
        #expect(stopped.exit == 0, "\(stopped.error)")
        var open = try await world.reconcile("resolve", "m.json", "schema/main", "--at", "3", "--reason", "x")
        while open.exit == 75 {
            open = try await world.reconcile("resolve", "m.json", "schema/main", "--at", "3", "--reason", "x")
        }
        #expect(open.exit == 6 && open.error.contains("a step of schema/main@after is still open"), "\(open.error)")
        #expect(try await world.reconcile("apply", "m.json").exit == 6)
    }

    @Test("may have a command of its own, and what is left out is as in the first one")
    func command() async throws {
        let world = try await world(after: ["command": ["sh", "-c", "echo contract >> migrated"]])
        try await world.applied()
        #expect(world.migrated == ["1 new", "2 old", "contract"])
    }

    @Test("a lost ledger finds both versions in the marks")
    func lostLedger() async throws {
        let world = try await world()
        try await world.applied()
        _ = try await Outcome.of("rm", ["-r", world.folder + "/.reconcile"])
        let again = try await world.applied()
        #expect(again.result["calls"]?["mutating"]?.integer == 0)
    }

    /// The same two versions in other texts.
    private func respell(_ world: World, _ first: JSON, _ second: JSON, after: JSON = [:]) throws {
        var section: JSON = ["version": second]
        for member in after.object?.members ?? [] { section[member.key] = member.value }
        try world.manifest([
            "image": ["repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app", "tag": "v2"],
            "schema": ["database": "main", "version": first, "order": "integer", "after": section],
        ])
    }

    @Test(
        "a version in another text is the same version, with the ledger and without it",
        arguments: [("2", "003"), ("002", "3"), ("02", "0003")])
    func respelled(first: String, second: String) async throws {
        let world = try await world()
        try await world.applied()
        try respell(world, .string(first), .string(second))
        for isLost in [false, true] {
            if isLost { _ = try await Outcome.of("rm", ["-r", world.folder + "/.reconcile"]) }
            let plan = try await world.reconcile("plan", "m.json", "--detailed-exitcode")
            #expect(plan.exit == 0, "\(plan.out)\(plan.error)")
            #expect(try await world.reconcile("drift", "m.json").exit == 0)
            let again = try await world.applied()
            #expect(again.result["calls"]?["mutating"]?.integer == 0)
        }
    }

    @Test("what was started for a version in another text is marked, so that a lost ledger finds it")
    func respelledMeanwhile() async throws {
        let command: JSON = [
            "command": ["sh", "-c", "touch begun; until test -f go; do sleep 0.05; done; echo 3 >> migrated"]
        ]
        let world = try await world(after: command)
        try await RecoveryTests.detach(world)
        try respell(world, "02", "0003", after: command)
        try Scratch.write("", to: world.folder + "/data/go")
        try await world.applied()
        _ = try await Outcome.of("rm", ["-r", world.folder + "/.reconcile"])
        try await world.applied()
        #expect(world.migrated == ["1 new", "2 old", "3"])
    }
}
