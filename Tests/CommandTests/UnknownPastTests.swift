import Foundation
import JSON
import Support
import Testing

/// What happened before is known only in part: an older ledger, a lost one, a log that cannot be read.
@Suite("A past that is known in part")
struct UnknownPastTests {
    @Test("a declaration reaches every family that a ledger of an earlier release has marked")
    func families() async throws {
        let world = try await World(services: [("web", "app"), ("worker", "worker")])
        for tag in ["v1", "v2"] { try world.image(tag) }
        for (tag, version) in [("v1", "0001"), ("v2", "0002")] {
            for service in ["web", "worker"] {
                try manifest(world, service, tag, version)
                try await world.applied("--ledger", "new")
            }
        }
        let old = #filePath.replacing("UnknownPastTests.swift", with: "Ledgers/format-1")
        try FileManager.default.copyItem(atPath: old, toPath: world.folder + "/old")
        try manifest(world, "web", "v1", "0001")
        let resolved = try await world.reconcile(
            "resolve", "m.json", "schema/main", "--at", "0001", "--reason", "restored", "--ledger", "old")
        #expect(resolved.exit == 0, "\(resolved.error)")
        for family in ["app", "worker"] {
            let revision = try await world.aws(
                "ecs", "describe-task-definition", "--task-definition", "\(family):3", "--include", "TAGS")
            let declared = Self.tags(revision)["reconcile:declared:test/main"]
            #expect(declared?.hasSuffix(" 0001") == true, "\(revision["tags"] ?? .null)")
        }
    }

    private func manifest(_ world: World, _ service: String, _ tag: String, _ version: String) throws {
        try world.manifest([
            "environment": .string(service),
            "image": ["repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app", "tag": .string(tag)],
            "schema": ["database": "main", "version": .string(version), "order": "integer", "accepts": "at-least"],
            "services": [["name": .string(service), "timeout": "10m"]],
        ])
    }

    private static func tags(_ answer: JSON) -> [String: String] {
        (answer["tags"]?.elements ?? []).reduce(into: [:]) { tags, tag in
            if let key = tag["key"]?.string { tags[key] = tag["value"]?.string }
        }
    }

    @Test("a task that had ended before a run is not shown as that run's work")
    func earlier() async throws {
        let world = try await World()
        try world.image("v1")
        try world.manifest()
        let relay = try Relay(to: world.port, denied: ["TagResource"])
        let unmarked = try await world.reconcile("apply", "m.json", extra: ["AWS_ENDPOINT_URL": relay.url])
        #expect(unmarked.exit == 0, "\(unmarked.error)")
        try FileManager.default.removeItem(atPath: world.folder + "/.reconcile")
        let later = try Relay(to: world.port)
        later.later.store(60, ordering: .relaxed)
        let shown = try await world.reconcile("apply", "m.json", extra: ["AWS_ENDPOINT_URL": later.url])
        #expect(shown.exit == 0 && world.migrated == ["v1"], "\(shown.error)")
        #expect(
            shown.error.contains("migrated to 1 before this run: ECS answered with the task ")
                && shown.error.contains(", which had ended at 20"), "\(shown.error)")
    }

    @Test("a person may say that a migration failed whose log cannot be read")
    func unreadable() async throws {
        let world = try await World()
        try world.image("v1")
        try world.manifest()
        let relay = try Relay(to: world.port, denied: ["GetLogEvents"])
        let extra = ["AWS_ENDPOINT_URL": relay.url]
        let asked = try await world.reconcile(["apply", "m.json"], extra: extra)
        #expect(asked.exit == 6, "\(asked.error)")
        let failed = try await world.reconcile(
            ["resolve", "m.json", "schema/main", "--failed", "--reason", "x"], extra: extra)
        #expect(failed.out == "schema/main: migrate is settled as failed\n", "\(failed.error)")
    }
}
