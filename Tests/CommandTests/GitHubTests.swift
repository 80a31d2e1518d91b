import Foundation
import JSON
import Support
import Testing

/// What is said to GitHub Actions next to the result: annotations and the page of the step.
@Suite("GitHub Actions")
struct GitHubTests {
    private static let manifest = """
        {
          "apiVersion": "reconcile/v1", "environment": "test-env", "cluster": "test",
          "image": {"repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app", "tag": "v1"},
          "schema": {"database": "main", "version": "1"},
          "services": [
            {"name": "web"}
          ]
        }
        """

    private func world() async throws -> World {
        let world = try await World()
        try Scratch.write(Self.manifest, to: world.folder + "/env/m.json")
        return world
    }

    private func annotations(_ outcome: Outcome) -> [String] {
        outcome.error.split(separator: "\n").filter { $0.hasPrefix("::error ") }
            .map { String($0.dropFirst(2).prefix { $0 != ":" }) }
    }

    @Test("a failure is marked where its resource is declared", arguments: ["text", "json"])
    func places(output: String) async throws {
        let world = try await world()
        let github = ["GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": world.folder]
        try world.image("v1", migrate: .some("exit 1"))
        let migration = try await world.reconcile(["apply", "./env/m.json", "--output", output], extra: github)
        #expect(migration.exit == 3)
        #expect(annotations(migration) == ["error file=env/m.json,line=4,col=3,title=migration-failed"])
        let service = Self.manifest.replacingOccurrences(of: "\"web\"", with: "\"wbe\"")
        try Scratch.write(service, to: world.folder + "/env/m.json")
        let missing = try await world.reconcile(["plan", "env", "--output", output], extra: github)
        #expect(annotations(missing) == ["error file=env/m.json,line=6,col=5,title=service-missing"])
        try Scratch.write("{\"apiVersion\": \"reconcile/v1\"", to: world.folder + "/env/m.json")
        let inFolder = try await Outcome.of(
            Project.reconcile, ["plan", ".", "--output", output], environment: github, in: world.folder + "/env")
        #expect(annotations(inFolder) == ["error file=env/m.json,line=1,col=30,title=manifest-invalid"])
        let alone = try await Outcome.of(
            Project.reconcile, ["plan", ".", "--output", output], environment: ["GITHUB_ACTIONS": "true"],
            in: world.folder + "/env")
        #expect(annotations(alone) == ["error file=m.json,line=1,col=30,title=manifest-invalid"])
    }

    @Test("the page of the step tells of an apply, also as JSON, and of a command that it is done")
    func summary() async throws {
        let world = try await world()
        try world.image("v1")
        let page = world.folder + "/page.md"
        let github = ["GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": page]
        #expect(try await world.reconcile(["apply", "env/m.json", "--output", "json"], extra: github).exit == 0)
        let command = ["run", "env/m.json", "--", "echo", "hello"]
        #expect(try await world.reconcile(command, extra: github).exit == 0)
        let heads = try String(contentsOfFile: page, encoding: .utf8).split(separator: "\n").filter {
            $0.hasPrefix("###")
        }
        #expect(heads.count == 2, "\(heads)")
        #expect(heads.first?.hasPrefix("### test-env: converged in ") == true)
        #expect(heads.last?.hasPrefix("### test-env: done in ") == true)
    }
}
