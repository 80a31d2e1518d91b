import Foundation
import JSON
import Support
import Testing

/// The tag comes from CI: the manifest in the repository has none, or an old one.
@Suite("What was applied last")
struct AsAppliedTests {
    /// How a manifest leaves the release to CI, and how CI gives it.
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// nil for a manifest that names none.
        let tag: JSON?
        let version: JSON
        let options: [String]
        var environment: [String: String] = [:]
        let comparison: JSON
    }

    static let rows = [
        Row(
            testDescription: "no tag, and --image-tag", tag: nil, version: "1", options: ["--image-tag", "v2"],
            comparison: ["image": "v2"]),
        Row(
            testDescription: "an old tag and version, and options", tag: "v1", version: "1",
            options: ["--image-tag", "v2", "--schema-version", "2"], comparison: ["image": "v2", "schema": "2"]),
        Row(
            testDescription: "variables without a value", tag: "${env:TAG}", version: "${var:SCHEMA}",
            options: ["--var", "SCHEMA=2"], environment: ["TAG": "v2"], comparison: ["image": "v2", "schema": "2"]),
        Row(
            testDescription: "a variable with a default", tag: "${env:TAG:-v1}", version: "1", options: [],
            environment: ["TAG": "v2"], comparison: ["image": "v2"]),
    ]

    private static func image(_ tag: JSON?) -> JSON {
        .object(dropping: ["repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app", "tag": tag])
    }

    private static func compare(
        _ world: World, _ command: String = "drift", exit: Int32 = 0, _ options: String...
    ) async throws -> JSON {
        let outcome = try await world.reconcile([command, "m.json", "--output", "json"] + options)
        #expect(outcome.exit == exit, "\(outcome.out)\(outcome.error)")
        return try JSON.parse(outcome.out)
    }

    @Test("is what drift and status compare with where CI gives it, and they say so", arguments: rows)
    func given(row: Row) async throws {
        let world = try await World()
        try world.image("v1")
        try world.image("v2")
        try world.manifest(["image": Self.image("v1")])
        try await world.applied()
        try world.manifest(["image": Self.image(row.tag), "schema": ["database": "main", "version": row.version]])
        let apply = try await world.reconcile(["apply", "m.json"] + row.options, extra: row.environment)
        #expect(apply.exit == 0, "\(apply.error)")
        for command in ["drift", "status"] {
            #expect(try await Self.compare(world, command)["comparedWith"] == row.comparison)
        }
        // The one that is given with the comparison counts.
        #expect(try await Self.compare(world, exit: 2, "--image-tag", "v1")["comparedWith"]?["image"] == nil)
        // A ledger that is lost: AWS has it, too.
        try FileManager.default.removeItem(atPath: world.folder + "/.reconcile")
        let isLeft = row.tag != "v1"
        let lost = try await Self.compare(world, exit: isLeft ? 0 : 2)
        if isLeft { #expect(lost["comparedWith"]?["image"]?.string?.hasPrefix("sha256:") == true) }
    }

    @Test("is the release that an apply found in place, once ECS has rolled back the one after it")
    func inPlace() async throws {
        let world = try await World(limits: ["healthy": 2_000])
        try world.image("v1")
        try world.image("bad", serve: "exit 1")
        try world.manifest(["image": Self.image(nil)])
        try await world.applied("--image-tag", "v1")
        #expect(try await world.reconcile("apply", "m.json", "--image-tag", "bad").exit == 4)
        #expect(try await Self.compare(world, exit: 2)["comparedWith"] == ["image": "bad"])
        let apply = try await world.reconcile("apply", "m.json", "--image-tag", "v1")
        #expect(apply.exit == 0 && apply.out.contains("apply records v1 as what was applied last"), "\(apply.out)")
        #expect(try await Self.compare(world)["comparedWith"] == ["image": "v1"])
        let before = try await world.reconcile("history", "m.json", "--output", "json").out
        try await world.applied("--image-tag", "v1")
        #expect(try await world.reconcile("history", "m.json", "--output", "json").out == before)
    }

    @Test("does not outrank a manifest that was applied as it is: a newer tag in it is not rolled out yet")
    func own() async throws {
        let world = try await World()
        try world.image("v1")
        try world.image("v2")
        try world.manifest()
        try await world.applied()
        #expect(try await Self.compare(world)["comparedWith"] == nil)
        try world.manifest(["image": Self.image("v2")])
        let drift = try await Self.compare(world, exit: 2)
        #expect(drift["comparedWith"] == nil)
        #expect(drift["drift"]?.elements.map { $0["moved"] } == ["manifest"])
    }

    @Test("is asked for by its option where nothing was applied yet, and never by apply or plan")
    func nothing() async throws {
        let world = try await World()
        try world.manifest(["image": Self.image(nil)])
        for command in ["drift", "status"] {
            let outcome = try await world.reconcile(command, "m.json")
            #expect(outcome.exit == 65)
            #expect(outcome.error.contains("reconcile apply m.json --image-tag TAG\n"), "\(outcome.error)")
        }
        for command in ["apply", "plan"] {
            let outcome = try await world.reconcile(command, "m.json")
            #expect(outcome.exit == 65)
            #expect(outcome.error.contains(#"image needs "tag" or "digest""#), "\(outcome.error)")
        }
    }

    @Test("is in the history with its tag, its digest and its schema version")
    func history() async throws {
        let world = try await World()
        try world.image("v1")
        try world.manifest()
        try await world.applied()
        let history = try await world.reconcile("history", "m.json", "--output", "json")
        let release = try JSON.parse(history.out)["release"]
        #expect(release?["image"]?.string?.hasSuffix("/app:v1") == true, "\(history.out)")
        #expect(release?["digest"]?.string?.hasPrefix("sha256:") == true)
        #expect(release?["schema"] == "1")
        let text = try await world.reconcile("history", "m.json")
        #expect(text.out.contains("/app:v1 (sha256:"))
    }
}
