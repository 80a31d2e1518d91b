import Foundation
import JSON
import Support
import Testing

/// Two environments that share a database and a ledger, and commands that have the database for themselves.
@Suite("One database has one program at work at a time")
struct ExclusionTests {
    private static let work = """
        if test -f data/busy; then echo two at once >> data/collision; fi
        touch data/busy data/begun; until test -f data/go; do sleep 0.02; done; rm data/busy
        echo $RECONCILE_SCHEMA_VERSION >> data/migrated
        """
    /// The same from within an image, which runs in the data folder.
    private static let imageWork = work.replacing("data/", with: "")

    private func world(_ runner: String) async throws -> World {
        let world = try await World(services: [("web", "app"), ("api", "app")])
        let isTask = runner == "ecs-task"
        for tag in ["v1", "v2"] { try world.image(tag, migrate: .some(isTask ? Self.imageWork : nil)) }
        if !isTask { try ProcessTests.script(Self.work, in: world) }
        for (name, service, version) in [("a", "web", "1"), ("b", "api", "2")] {
            let migrate: JSON =
                isTask ? ["timeout": "10m"] : ["runner": "process", "command": ["./migrate"], "timeout": "10m"]
            try world.manifest(
                [
                    "environment": .string(name), "services": [["name": .string(service)]],
                    "schema": [
                        "database": "main", "version": .string(version), "order": "integer", "migrate": migrate,
                    ],
                ], name: "\(name).json")
        }
        return world
    }

    private static func finish(_ world: World, exit: Int32, _ arguments: [String]) async throws {
        try Scratch.write("", to: world.folder + "/data/go")
        var last = try await world.reconcile(arguments)
        let patience = Patience()
        while last.exit == 75, !patience.isOver { last = try await world.reconcile(arguments) }
        #expect(last.exit == exit, "\(last.error)")
        #expect(!FileManager.default.fileExists(atPath: world.folder + "/data/collision"))
    }

    @Test("what one environment left at work binds the other one", arguments: ["ecs-task", "process"])
    func environments(runner: String) async throws {
        let world = try await world(runner)
        try await Killed.apply(world, "a.json", when: "data/begun")
        let early = try await world.reconcile("apply", "b.json", "--timeout", "2s")
        #expect(early.exit == 5 || early.exit == 75, "\(early.error)")
        #expect(world.migrated.isEmpty)
        try await Self.finish(world, exit: 0, ["apply", "b.json"])
        #expect(world.migrated == ["1", "2"])
    }

    @Test(
        "a command waits for what an interrupted run left at work, whatever runs it",
        arguments: ["ecs-task", "process"])
    func commandAfterMigration(runner: String) async throws {
        let world = try await world(runner)
        try await Killed.apply(world, "a.json", when: "data/begun")
        for manifest in ["a.json", "b.json"] {
            let early = try await world.reconcile("run", manifest, "--", "sh", "-c", "test ! -f busy")
            #expect(early.exit == 75, "\(early.error)")
        }
        try await Self.finish(world, exit: 0, ["run", "b.json", "--", "sh", "-c", "test ! -f busy"])
    }

    @Test("a migration waits for a command of another environment", arguments: ["ecs-task", "process"])
    func migrationAfterCommand(runner: String) async throws {
        let world = try await world(runner)
        let command = "touch busy; until test -f go; do sleep 0.02; done; rm busy"
        let started = try await world.reconcile("run", "b.json", "--detach", "--", "sh", "-c", command)
        #expect(started.exit == 0, "\(started.error)")
        #expect(try await world.reconcile("apply", "a.json").exit == 75)
        try await Self.finish(world, exit: 0, ["apply", "a.json"])
        #expect(world.migrated == ["1"])
    }

    @Test(
        "a version that is changed after a kill does not forget the start that got no response", arguments: ["ecs-task"]
    )
    func changedVersion(runner: String) async throws {
        let world = try await world(runner)
        let relay = try Relay(to: world.port, breaks: true) { request, side in
            !(request.operation == "RunTask" && side == .after)
        }
        let lost = try await world.reconcile(
            ["apply", "a.json", "--timeout", "12s"], extra: ["AWS_ENDPOINT_URL": relay.url])
        #expect(lost.exit != 0)
        let succeeded = try await world.reconcile(
            "resolve", "a.json", "schema/main", "--succeeded", "--reason", "it looks so")
        #expect(succeeded.exit == 75, "\(succeeded.error)")
        let changed = try await world.reconcile("apply", "a.json", "--schema-version", "3", "--timeout", "8s")
        #expect(changed.exit == 5 || changed.exit == 75, "\(changed.error)")
        try await Self.finish(world, exit: 0, ["apply", "a.json", "--schema-version", "3"])
        #expect(world.migrated == ["1", "3"])
    }
}
