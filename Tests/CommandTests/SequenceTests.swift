import Foundation
import JSON
import Support
import Testing

/// Locks keep two runs apart; `--sequence` keeps them in order.
@Suite("--sequence")
struct SequenceTests {
    private func world() async throws -> World {
        let world = try await World()
        try world.manifest(["schema": .null])
        for tag in ["v1", "v2"] { try world.image(tag) }
        return world
    }

    private func apply(
        _ world: World, _ tag: String, _ sequence: Int, _ options: String..., exit: Int32 = 0,
        at location: SourceLocation = #_sourceLocation
    ) async throws -> JSON {
        let arguments = ["apply", "m.json", "--image-tag", tag, "--sequence", "\(sequence)", "--output", "json"]
        let outcome = try await world.reconcile(arguments + options)
        #expect(outcome.exit == exit, "\(outcome.out)\(outcome.error)", sourceLocation: location)
        return try JSON.parse(outcome.out.split(separator: "\n").last.map(String.init) ?? "{}")
    }

    private func forgets(_ world: World) throws {
        try FileManager.default.removeItem(atPath: world.folder + "/.reconcile")
    }

    @Test(
        "an older release does not replace a newer one, with the same ledger, another one, or none",
        arguments: [true, false])
    func superseded(remembers: Bool) async throws {
        let world = try await world()
        _ = try await apply(world, "v1", 11)
        _ = try await apply(world, "v2", 12)
        if !remembers { try forgets(world) }
        for command in [["plan", "m.json"], ["apply", "m.json"]] {
            let late = try await world.reconcile(command + ["--image-tag", "v1", "--sequence", "11"])
            #expect(late.exit == 6, "\(late.out)")
            let text = late.out + late.error
            #expect(text.contains("release 12 was applied already, and this is release 11"), "\(text)")
            #expect(
                text.contains("--image-tag v1 --sequence 11 --allow-older"), "\(text)")
        }
        let refused = try await apply(world, "v1", 11, exit: 6)
        #expect(refused["failure"]?["code"] == "release-superseded")
        #expect(refused["calls"]?["mutating"]?.integer == 0)
        // Who means it says so, and it counts from then on.
        _ = try await apply(world, "v1", 11, "--allow-older")
        _ = try await apply(world, "v1", 11)
        _ = try await apply(world, "v2", 12)
    }

    @Test("a release that finds its content in place is the last one all the same", arguments: [true, false])
    func revert(remembers: Bool) async throws {
        let world = try await world()
        _ = try await apply(world, "v1", 10)
        // Commit 12 takes back commit 11, whose pipeline is slower.
        let plan = try await world.reconcile("plan", "m.json", "--sequence", "12", "--output", "json")
        #expect(try JSON.parse(plan.out)["converged"] == true, "\(plan.out)")
        #expect(plan.out.contains("this is release 12 after 10"), "\(plan.out)")
        let same = try await apply(world, "v1", 12)
        #expect(same["calls"]?["mutating"]?.integer == 1)
        if !remembers { try forgets(world) }
        _ = try await apply(world, "v2", 11, exit: 6)
        // A retry of the same run is quiet.
        let again = try await apply(world, "v1", 12)
        #expect(again["calls"]?["mutating"]?.integer == 0)
        if remembers { #expect(try await world.reconcile("history", "m.json").out.contains("tag"), "no tag") }
    }

    @Test("a revision that is found again bears the number of its last release, of each environment its own")
    func foundAgain() async throws {
        let world = try await world()
        _ = try await apply(world, "v1", 10)
        _ = try await apply(world, "v2", 11)
        _ = try await apply(world, "v1", 12)
        try forgets(world)
        _ = try await apply(world, "v2", 11, exit: 6)
        try world.manifest(["schema": .null, "environment": "other", "services": [["name": "web"]]], name: "o.json")
        let other = try await world.reconcile("apply", "o.json", "--image-tag", "v1", "--sequence", "3")
        #expect(other.exit == 0, "\(other.error)")
        #expect(try await world.reconcile("drift", "m.json", "--tags").exit == 0)
    }

    @Test("a plan keeps its place in the order, and is not carried out after a newer release")
    func planned() async throws {
        let world = try await world()
        _ = try await apply(world, "v1", 10)
        let plan = try await world.reconcile(
            "plan", "m.json", "--image-tag", "v2", "--sequence", "11", "--out", "p.json")
        #expect(plan.exit == 0, "\(plan.error)")
        _ = try await apply(world, "v1", 12)
        let late = try await world.reconcile("apply", "p.json")
        #expect(late.exit == 6, "\(late.error)")
        let both = try await world.reconcile("apply", "p.json", "--sequence", "13")
        #expect(both.exit == 64, "\(both.error)")
    }

    @Test("is a number, and --allow-older is about it")
    func usage() async throws {
        let world = try await world()
        for words in [["--sequence", "x"], ["--sequence", "-1"], ["--allow-older"]] {
            #expect(try await world.reconcile(["apply", "m.json"] + words).exit == 64)
        }
    }
}
