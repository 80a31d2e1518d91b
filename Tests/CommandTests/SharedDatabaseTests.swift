import Foundation
import JSON
import Support
import Testing

/// Two environments with one database and one ledger: what one of them does changes what the other one needs.
@Suite("a database that environments share")
struct SharedDatabaseTests {
    private static let image: JSON = [
        "repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app", "tag": "v2",
    ]

    /// - Parameter family: of the second environment's service.
    private func world(family: String = "work", migrate: String = AfterTests.migrate) async throws -> World {
        let world = try await World(services: [("web", "app"), ("worker", family)])
        for tag in ["v1", "v2"] { try world.image(tag, migrate: tag == "v1" ? AfterTests.migrate : migrate) }
        try manifests(world, image: nil, "1", "1")
        #expect(try await world.reconcile("apply", "a.json", "b.json").exit == 0)
        return world
    }

    /// - Parameter after: the second version of each, if it has one.
    private func manifests(
        _ world: World, image: JSON? = image, _ first: String, _ second: String, accepts: String = "exact",
        after: [String?] = [nil, nil]
    ) throws {
        for (index, version) in [first, second].enumerated() {
            let name = ["a", "b"][index]
            let service = ["web", "worker"][index]
            var schema: JSON = [
                "database": "main", "version": .string(version), "order": "integer", "accepts": .string(accepts),
            ]
            if let after = after[index] { schema["after"] = ["version": .string(after)] }
            var changes: JSON = [
                "environment": .string(name), "services": [["name": .string(service)]], "schema": schema,
            ]
            if let image { changes["image"] = image }
            try world.manifest(changes, name: name + ".json")
        }
    }

    struct Fleet: Sendable, CustomTestStringConvertible {
        let family: String
        let versions: (String, String)
        var after: [String?] = [nil, nil]
        var testDescription: String { "\(family) \(versions) \(after)" }
    }

    @Test(
        "an approved plan of both is carried out, whatever the first part does for the second one",
        arguments: [
            Fleet(family: "app", versions: ("2", "2")), Fleet(family: "work", versions: ("2", "3")),
            Fleet(family: "work", versions: ("2", "2"), after: [nil, "3"]),
            Fleet(family: "app", versions: ("2", "2"), after: ["3", "3"]),
        ])
    func approved(fleet: Fleet) async throws {
        let world = try await world(family: fleet.family)
        try manifests(world, fleet.versions.0, fleet.versions.1, after: fleet.after)
        let plan = try await world.reconcile("plan", "a.json", "b.json", "--out", "p.json")
        #expect(plan.exit == 0, "\(plan.error)")
        let outcome = try await world.reconcile("apply", "p.json")
        #expect(outcome.exit == 0, "\(outcome.error)")
        #expect(world.migrated.count { $0.hasPrefix("2 ") } == 1, "\(world.migrated)")
    }

    @Test("what a cut-off run has left unmarked is announced by the plan of the other one, and marked by its apply")
    func unmarked() async throws {
        let world = try await world(
            migrate: "touch begun; until test -f go; do sleep 0.05; done; \(AfterTests.migrate)")
        try manifests(world, "2", "1", accepts: "at-least")
        try FileManager.default.copyItem(atPath: world.folder + "/a.json", toPath: world.folder + "/m.json")
        try await RecoveryTests.detach(world)
        try Scratch.write("", to: world.folder + "/data/go")
        try manifests(world, image: nil, "1", "1", accepts: "at-least")
        var notes = ""
        while !notes.contains("mark") { notes = try await world.reconcile("plan", "b.json", "--output", "json").out }
        let apply = try await world.reconcile("apply", "b.json", "--verbose")
        #expect(apply.exit == 0, "\(apply.error)")
        #expect(
            notes.contains("apply marks") == apply.error.contains("call: ecs:TagResource"), "\(notes)\(apply.error)")
    }

    @Test("no service of one moves while the other one's second migration has left the database dirty")
    func dirty() async throws {
        let world = try await world(
            migrate: """
                echo RECONCILE_SCHEMA=$RECONCILE_SCHEMA_VERSION$(test "$RECONCILE_SCHEMA_VERSION" != 3 || echo " dirty")
                """)
        try manifests(world, "2", "2", after: ["3", "3"])
        #expect(try await world.reconcile("apply", "a.json").exit == 6)
        let other = try await world.reconcile("apply", "b.json", "--verbose")
        #expect(other.exit == 6, "\(other.error)")
        #expect(!other.error.contains("call: ecs:UpdateService"), "\(other.error)")
    }
}
