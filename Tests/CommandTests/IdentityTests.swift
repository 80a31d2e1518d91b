import Foundation
import JSON
import Support
import Testing

/// What is known of one cluster, database or environment says nothing of another one of the same name.
@Suite("A name alone")
struct IdentityTests {
    enum Ledgers: String, CaseIterable, Sendable {
        case one = "one ledger"
        case own = "a ledger each"
        case none = "no ledger at all"

        /// Arguments of an apply in a cluster.
        func arguments(_ cluster: String) -> [String] {
            switch self {
            case .one: ["--ledger", "l/ledger.sqlite"]
            case .own, .none: ["--ledger", "\(cluster)/ledger.sqlite"]
            }
        }
    }

    private static let clusters = ["staging", "prod"]

    private func world() async throws -> World {
        let world = try await World(clusters: Self.clusters)
        for cluster in Self.clusters {
            try world.manifest(["cluster": .string(cluster), "environment": .string(cluster)], name: "\(cluster).json")
        }
        try world.image("v1")
        return world
    }

    private func revision(_ world: World, _ cluster: String) async throws -> String {
        let answer = try await world.aws("ecs", "describe-services", "--cluster", cluster, "--services", "web")
        return answer["services"]?.elements.first?["taskDefinition"]?.string ?? "?"
    }

    @Test("two clusters that share a family and a database's name are migrated one by one", arguments: Ledgers.allCases)
    func clusters(ledgers: Ledgers) async throws {
        let world = try await world()
        for (index, cluster) in Self.clusters.enumerated() {
            let outcome = try await world.reconcile(["apply", "\(cluster).json"] + ledgers.arguments(cluster))
            #expect(outcome.exit == 0, "\(outcome.error)")
            #expect(world.migrated.count == index + 1)
            if ledgers == .none { try FileManager.default.removeItem(atPath: "\(world.folder)/\(cluster)") }
        }
        // The same content is one revision, with a mark for each cluster.
        #expect(try await revision(world, "staging") == (try await revision(world, "prod")))
        for cluster in Self.clusters {
            let again = try await world.reconcile(
                ["apply", "\(cluster).json", "--output", "json"] + ledgers.arguments(cluster))
            #expect(again.exit == 0 && again.out.contains(#""mutating":0"#), "\(again.out)\(again.error)")
        }
        #expect(world.migrated.count == 2)
    }

    @Test("a mark of an earlier release, which names no cluster, is not believed, and the plan says so")
    func unqualified() async throws {
        let world = try await world()
        try world.manifest(["cluster": "staging", "environment": "staging", "schema": .null], name: "no-schema.json")
        #expect(try await world.reconcile("apply", "no-schema.json").exit == 0)
        _ = try await world.aws(
            "ecs", "tag-resource", "--resource-arn", try await revision(world, "staging"), "--tags",
            "key=reconcile:schema,value=main=1")
        let plan = try await world.reconcile("plan", "staging.json", "--ledger", "other/ledger.sqlite")
        #expect(plan.out.contains("does not name its cluster"), "\(plan.out)\(plan.error)")
        #expect(try await world.reconcile("apply", "staging.json", "--ledger", "other/ledger.sqlite").exit == 0)
        #expect(world.migrated.count == 1)
    }

    @Test("a database that the ledger knows of another cluster only is named, and migrated all the same")
    func namesake() async throws {
        let world = try await world()
        #expect(try await world.reconcile("apply", "staging.json", "--ledger", "one.sqlite").exit == 0)
        let plan = try await world.reconcile("plan", "prod.json", "--ledger", "one.sqlite")
        #expect(plan.out.contains("the ledger knows main of cluster staging at 1"), "\(plan.out)")
        #expect(plan.out.contains("schema/main --at 1 --reason"), "\(plan.out)")
        #expect(try await world.reconcile("apply", "prod.json", "--ledger", "one.sqlite").exit == 0)
        #expect(world.migrated.count == 2)
        #expect(
            !(try await world.reconcile("plan", "prod.json", "--ledger", "one.sqlite").out.contains("cluster staging")))
    }

    @Test("a cluster by its ARN and by its name are the same cluster, with one ledger and with none")
    func spellings() async throws {
        let world = try await world()
        #expect(try await world.reconcile("apply", "prod.json").exit == 0)
        let arn = "arn:aws:ecs:us-east-1:123456789012:cluster/prod"
        try world.manifest(["cluster": .string(arn), "environment": "prod", "region": "us-east-1"], name: "arn.json")
        for ledger in [".reconcile/ledger.sqlite", "fresh/ledger.sqlite"] {
            let again = try await world.reconcile("apply", "arn.json", "--ledger", ledger, "--output", "json")
            #expect(again.exit == 0 && again.out.contains(#""mutating":0"#), "\(again.out)\(again.error)")
        }
        #expect(world.migrated.count == 1)
    }

    @Test("what was killed while it migrated one cluster's database says nothing of another cluster's")
    func movedCluster() async throws {
        let world = try await World(clusters: ["blue", "green"])
        try world.image("v1", migrate: .some(nil))
        let migrate: JSON = ["runner": "process", "command": ["./migrate"], "timeout": "10m"]
        func manifest(_ cluster: String) throws {
            try world.manifest([
                "cluster": .string(cluster), "schema": ["database": "main", "version": "1", "migrate": migrate],
            ])
        }
        try ProcessTests.script(
            "touch data/begun; until test -f data/go; do sleep 0.02; done; echo done >> data/migrated", in: world)
        try manifest("blue")
        try await Killed.apply(world, "m.json", when: "data/begun")
        try Scratch.write("", to: world.folder + "/data/go")
        try manifest("green")
        let green = try await world.reconcile("apply", "m.json")
        #expect(green.exit == 0, "\(green.error)")
        try manifest("blue")
        let blue = try await world.reconcile("apply", "m.json")
        #expect(blue.exit == 0, "\(blue.error)")
        #expect(world.migrated == ["done", "done"])
    }

    @Test("a mark of another cluster does not decide how a migration ended that was stopped half way")
    func undecided() async throws {
        let world = try await world()
        try RecoveryTests.hanging(world)
        try await Killed.apply(world, "staging.json", when: "data/begun")
        _ = try await world.reconcile("resolve", "staging.json", "schema/main", "--stop", "--reason", "x")
        try world.image("v1")
        #expect(try await world.reconcile("apply", "prod.json", "--ledger", "prod/ledger.sqlite").exit == 0)
        let staging = try await world.reconcile("apply", "staging.json")
        #expect(staging.exit == 6, "\(staging.error)")
        #expect(world.migrated.count == 1)
    }

    @Test("a plan that was approved for one cluster is not carried out in another")
    func plan() async throws {
        let world = try await world()
        try world.manifest(["cluster": "${env:CLUSTER}"])
        let plan = try await world.reconcile("plan", "m.json", "--out", "p", extra: ["CLUSTER": "staging"])
        #expect(plan.exit == 0, "\(plan.error)")
        let prod = try await world.reconcile("apply", "p", extra: ["CLUSTER": "prod"])
        #expect(prod.exit == 1 && prod.error.contains("error[plan-changed]"), "\(prod.error)")
        #expect(prod.error.contains("cluster/staging") && prod.error.contains("cluster/prod"), "\(prod.error)")
        #expect(world.migrated.isEmpty)
        #expect(try await world.reconcile("apply", "p", extra: ["CLUSTER": "staging"]).exit == 0)
    }
}

/// An apply that dies in the middle.
enum Killed {
    /// - Parameter mark: the file whose appearance says that it is time.
    static func apply(_ world: World, _ manifest: String, when mark: String, _ arguments: [String] = []) async throws {
        let script = """
            "$0" apply "$1" "${@:3}" >/dev/null 2>killed.log & pid=$!
            until test -f "$2"; do kill -0 $pid || exit 1; sleep 0.02; done
            kill -KILL $pid; wait $pid; exit 0
            """
        let outcome = try await Outcome.of(
            "bash", ["-c", script, Project.reconcile, manifest, mark] + arguments, environment: world.environment,
            in: world.folder)
        #expect(outcome.exit == 0, "\(outcome.error)")
    }
}
