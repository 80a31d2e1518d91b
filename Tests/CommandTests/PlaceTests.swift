import Foundation
import JSON
import Support
import Testing

/// Two manifests of one invocation that name one cluster in different words.
@Suite("Places")
struct PlaceTests {
    struct Naming: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// What the second manifest says; the first one has the cluster's name alone.
        let second: JSON
        var environment: [String: String] = [:]
        var arguments: [String] = []
        var isSame = true
    }

    private static let arn = "arn:aws:ecs:us-east-1:123456789012:cluster/test"
    private static let unset = ["AWS_REGION": "", "AWS_DEFAULT_REGION": ""]
    private static let files = ["AWS_CONFIG_FILE": "config", "AWS_SHARED_CREDENTIALS_FILE": "nowhere"]

    static let namings = [
        Naming(testDescription: "the same words", second: [:]),
        Naming(testDescription: "the cluster's ARN", second: ["cluster": .string(arn)]),
        Naming(testDescription: "AWS_REGION and a manifest's region", second: ["region": "us-east-1"]),
        Naming(
            testDescription: "AWS_DEFAULT_REGION and a manifest's region", second: ["region": "us-east-1"],
            environment: ["AWS_REGION": ""]),
        Naming(
            testDescription: "the default profile and a manifest's region", second: ["region": "us-east-1"],
            environment: unset.merging(files) { $1 }),
        Naming(
            testDescription: "AWS_PROFILE and a manifest's region", second: ["region": "us-east-1"],
            environment: unset.merging(files) { $1 }.merging(["AWS_PROFILE": "ci"]) { $1 }),
        Naming(
            testDescription: "--region over a manifest's other region", second: ["region": "eu-west-1"],
            arguments: ["--region", "us-east-1"]),
        Naming(
            testDescription: "a manifest's region and the cluster's ARN",
            second: ["region": "us-east-1", "cluster": .string(arn)]),
        Naming(testDescription: "another region in the manifest", second: ["region": "eu-west-1"], isSame: false),
        Naming(
            testDescription: "another region in the ARN",
            second: ["cluster": "arn:aws:ecs:eu-west-1:123456789012:cluster/test"], isSame: false),
        Naming(testDescription: "another cluster", second: ["cluster": "prod"], isSame: false),
        Naming(
            testDescription: "another cluster by its ARN",
            second: ["cluster": "arn:aws:ecs:us-east-1:123456789012:cluster/prod"], isSame: false),
    ]

    /// A world with two manifests; the second one has other services where that is asked for.
    private func world(_ naming: Naming, second service: String) async throws -> World {
        let world = try await World(services: [("web", "app"), ("worker", "app")], clusters: ["test", "prod"])
        try Scratch.write(
            "[default]\nregion = us-east-1\n[profile ci]\nregion = us-east-1\n", to: world.folder + "/config")
        try world.image("v1", migrate: "echo tried >> migrated; exit 1")
        try world.manifest(["environment": "one"], name: "one.json")
        var changes = naming.second
        changes["environment"] = "two"
        changes["services"] = [["name": .string(service)]]
        try world.manifest(changes, name: "two.json")
        return world
    }

    @Test("a service is in two manifests however its cluster and region are named", arguments: namings)
    func contested(naming: Naming) async throws {
        let world = try await world(naming, second: "web")
        for command in ["plan", "apply"] where command == "plan" || naming.isSame {
            let outcome = try await world.reconcile(
                [command, "one.json", "two.json"] + naming.arguments, extra: naming.environment)
            let refused = outcome.error.components(separatedBy: "the service is in another manifest").count - 1
            #expect(refused == (naming.isSame ? 2 : 0), "\(outcome.error)")
        }
        #expect(world.migrated == [])
    }

    @Test("a database is one database however its cluster and region are named", arguments: namings.filter(\.isSame))
    func shared(naming: Naming) async throws {
        let world = try await world(naming, second: "worker")
        let outcome = try await world.reconcile(
            ["apply", "one.json", "two.json", "--parallel", "2"] + naming.arguments, extra: naming.environment)
        #expect(outcome.exit == 3, "\(outcome.error)")
        #expect(world.migrated == ["tried"])
        #expect(outcome.error.contains("they share the database main"), "\(outcome.error)")
    }

    @Test("a sandbox has one region, whatever the manifests say")
    func sandbox() async throws {
        let world = try await world(Naming(testDescription: "", second: ["region": "eu-west-1"]), second: "web")
        await world.end()
        let outcome = try await world.reconcile("plan", "one.json", "two.json", "--sandbox", ".")
        #expect(outcome.exit == 65)
        #expect(outcome.error.contains("the service is in another manifest"), "\(outcome.error)")
    }
}
