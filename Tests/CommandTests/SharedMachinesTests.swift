import Foundation
import JSON
import Support
import Testing

/// One ledger in a bucket of a real S3 server, and several machines, each with a cache of its own.
@Suite("Many machines", .enabled(if: ForeignServer.isThere("moto_server"), "moto_server is not installed"))
struct SharedMachinesTests {
    /// A sandbox for ECS, and a server for the ledger.
    final class Machines {
        let world: World
        private let server: ForeignServer
        static let ledger = "s3://ledgers/shop"

        init(_ server: ForeignServer) async throws {
            self.server = server
            world = try await World()
            try world.image("v1")
            try world.image("v2")
            try world.manifest(["ledger": .string(Self.ledger)])
            _ = try await aws("create-bucket", "--bucket", "ledgers")
        }

        convenience init() async throws { try await self.init(try ForeignServer.moto()) }

        /// - Parameter machine: its name; processes of one machine share a cache.
        func environment(_ machine: String) -> [String: String] {
            ["AWS_ENDPOINT_URL_S3": server.url, "XDG_CACHE_HOME": "\(world.folder)/\(machine)"]
        }

        func on(_ machine: String, _ arguments: String...) async throws -> Outcome {
            try await world.reconcile(arguments, extra: environment(machine))
        }

        func aws(_ arguments: String...) async throws -> JSON {
            try await World.aws(
                ["s3api"] + arguments, world.environment.merging(["AWS_ENDPOINT_URL": server.url]) { $1 })
        }

        var objects: [String] {
            get async throws {
                let listed = try await aws("list-objects-v2", "--bucket", "ledgers")["Contents"]?.elements ?? []
                return listed.map { "\($0["Key"]?.string ?? "") \($0["ETag"]?.string ?? "")" }
            }
        }
    }

    static func mutating(_ outcome: Outcome) throws -> Int? {
        try JSON.parse(outcome.out.split(separator: "\n").last.map(String.init) ?? "{}")["calls"]?["mutating"]?.integer
    }

    @Test("what one has applied another finds in place, writes nothing, and knows who it was")
    func shared() async throws {
        let machines = try await Machines()
        let first = try await machines.on("a", "apply", "m.json")
        #expect(first.exit == 0, "\(first.error)")
        #expect(machines.world.migrated == ["v1"])
        let before = try await machines.objects
        // Seven appends at most, and nothing next to the entries but what the format has.
        let entries = before.filter { $0.contains("/entries/") }
        #expect((1...7).contains(entries.count), "\(before)")
        let second = try await machines.on("b", "apply", "m.json", "--output", "json")
        #expect(second.exit == 0, "\(second.error)")
        #expect(try Self.mutating(second) == 0)
        #expect(try await machines.objects == before)
        for command in [["history"], ["ledger", "verify"], ["ledger", "export"], ["status"], ["drift"], ["plan"]] {
            let outcome = try await machines.world.reconcile(
                command + ["m.json"], extra: machines.environment("c"))
            #expect(outcome.exit == 0, "\(command) \(outcome.error)")
            if command == ["history"] { #expect(outcome.out.contains("migrate"), "\(outcome.out)") }
        }
        #expect(try await machines.objects == before)
        // Nothing that was cached is needed.
        try FileManager.default.removeItem(atPath: machines.world.folder + "/a")
        #expect(try await machines.on("a", "apply", "m.json", "--image-tag", "v2").exit == 0)
        #expect(try await machines.on("b", "drift", "m.json", "--image-tag", "v2").exit == 0)
    }

    @Test("of a run that was killed in its migration another machine goes on, once its lease has ended")
    func killed() async throws {
        let machines = try await Machines()
        try machines.world.image(
            "v1", migrate: .some("touch begun; until test -f go; do sleep 0.05; done; echo v1 >> migrated"))
        let apply = try Child(
            Project.reconcile, ["apply", "m.json"],
            environment: machines.world.environment.merging(machines.environment("a")) { $1 },
            in: machines.world.folder)
        let patience = Patience()
        while !FileManager.default.fileExists(atPath: machines.world.folder + "/data/begun") {
            try #require(apply.isRunning && !patience.isOver, "\(apply.output)")
            try await Task.sleep(for: .milliseconds(20))
        }
        apply.signal(SIGKILL)
        _ = await apply.end()
        // On a slow machine the lease may have ended by now.
        let busy = try await machines.on("b", "apply", "m.json", "--timeout", "10s")
        #expect([75, 5].contains(busy.exit), "\(busy.error)")
        if busy.exit == 75 { #expect(busy.error.contains("is locked by another run"), "\(busy.error)") }
        try Scratch.write("", to: machines.world.folder + "/data/go")
        let second = try await machines.on("b", "apply", "m.json", "--lock-timeout", "2m")
        #expect(second.exit == 0, "\(second.error)")
        #expect(machines.world.migrated == ["v1"])
    }

    @Test("eight at once migrate once: the others converge as well, or say who is at work")
    func eight() async throws {
        let machines = try await Machines()
        let (world, environments) = (machines.world, (1...8).map { machines.environment("m\($0)") })
        let (settings, folder) = (world.environment, world.folder)
        let outcomes = try await withThrowingTaskGroup(of: Outcome.self) { group in
            for environment in environments {
                group.addTask {
                    try await Outcome.of(
                        Project.reconcile, ["apply", "m.json"], environment: settings.merging(environment) { $1 },
                        in: folder)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.allSatisfy { [0, 75].contains($0.exit) }, "\(outcomes.map(\.error))")
        #expect(outcomes.contains { $0.exit == 0 })
        #expect(machines.world.migrated == ["v1"])
        #expect(try await machines.on("a", "ledger", "verify", "m.json").exit == 0)
    }

    @Test("a lock is taken away from a run that does not come back, and the ledger has by whom")
    func unlock() async throws {
        let machines = try await Machines()
        let free = try await machines.on("b", "unlock", "m.json", "--yes")
        #expect(free.exit == 0 && free.out == "test-env: nothing is locked\n", "\(free.out)\(free.error)")
        try machines.world.image(
            "v1", migrate: .some("touch begun; until test -f go; do sleep 0.05; done; echo v1 >> migrated"))
        let apply = try Child(
            Project.reconcile, ["apply", "m.json"],
            environment: machines.world.environment.merging(
                machines.environment("a").merging(["CI_JOB_URL": "https://ci.example/jobs/7"]) { $1 }
            ) { $1 }, in: machines.world.folder)
        let patience = Patience()
        while !FileManager.default.fileExists(atPath: machines.world.folder + "/data/begun") {
            try #require(apply.isRunning && !patience.isOver, "\(apply.output)")
            try await Task.sleep(for: .milliseconds(20))
        }
        let asked = try await machines.on("b", "unlock", "m.json")
        #expect(asked.exit == 64 && asked.error.contains("reconcile unlock m.json --yes"), "\(asked.error)")
        #expect(asked.error.contains("environment/test-env: ") && asked.error.contains("https://ci.example/jobs/7"))
        let taken = try await machines.on("b", "unlock", "m.json", "--yes")
        #expect(taken.exit == 0 && taken.out.contains("unlocked"), "\(taken.out)\(taken.error)")
        // The run that has lost them makes no further call.
        let end = await apply.end()
        #expect(end == 75, "\(apply.output)")
        #expect(apply.output.contains("error[lease-lost]"), "\(apply.output)")
        try Scratch.write("", to: machines.world.folder + "/data/go")
        let next = try await machines.on("c", "apply", "m.json")
        #expect(next.exit == 0, "\(next.error)")
        #expect(machines.world.migrated == ["v1"])
        let history = try await machines.on("c", "history", "m.json", "--output", "json")
        #expect(history.out.contains("\"unlock\""), "\(history.out)")
    }

    @Test("a ledger is copied to a bucket and back, goes on from where it was, and is not mixed with another one")
    func copied() async throws {
        let machines = try await Machines()
        #expect(try await machines.on("a", "apply", "m.json", "--ledger", "old.sqlite").exit == 0)
        for _ in 1...2 {
            let copy = try await machines.on("a", "ledger", "copy", "old.sqlite", Machines.ledger)
            #expect(copy.exit == 0 && copy.out.contains("verified"), "\(copy.error)")
        }
        let next = try await machines.on("b", "apply", "m.json", "--output", "json")
        #expect(try Self.mutating(next) == 0, "\(next.error)")
        #expect(try await machines.on("b", "apply", "m.json", "--image-tag", "v2").exit == 0)
        let forked = try await machines.on("a", "ledger", "copy", "old.sqlite", Machines.ledger)
        #expect(forked.exit == 74 && forked.error.contains("error[ledger-foreign]"), "\(forked.error)")
        for target in ["back.sqlite", "old.sqlite"] {
            let back = try await machines.on("c", "ledger", "copy", Machines.ledger, target)
            #expect(back.exit == 0, "\(back.error)")
            let verified = try await machines.on("c", "ledger", "verify", "--ledger", target)
            #expect(verified.exit == 0, "\(verified.error)")
        }
        #expect(try await machines.on("c", "apply", "m.json", "--ledger", "other.sqlite").exit == 0)
        let mixed = try await machines.on("c", "ledger", "copy", "other.sqlite", Machines.ledger)
        #expect(mixed.exit == 74 && mixed.error.contains("holds another ledger already"), "\(mixed.error)")
    }

    @Test("a copy of another ledger is refused, with both lineages")
    func otherLineage() async throws {
        let machines = try await Machines()
        #expect(try await machines.on("a", "apply", "m.json").exit == 0)
        for object in try await machines.objects {
            let key = object.split(separator: " ").first.map(String.init) ?? ""
            _ = try await machines.aws("delete-object", "--bucket", "ledgers", "--key", key)
        }
        #expect(try await machines.on("b", "apply", "m.json").exit == 0)
        let old = try await machines.on("a", "apply", "m.json")
        #expect(old.exit == 74 && old.error.contains("error[ledger-foreign]"), "\(old.error)")
        #expect(old.error.contains("the store has the lineage") && old.error.contains("the copy"), "\(old.error)")
    }
}
