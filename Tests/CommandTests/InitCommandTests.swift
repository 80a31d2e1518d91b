import Foundation
import JSON
import Support
import Testing

/// `init` and `schema`, which call nothing.
@Suite("init and schema")
struct InitCommandTests {
    private static let options = [
        "--environment", "test-env", "--region", "us-east-1", "--cluster", "test", "--repository",
        "123456789012.dkr.ecr.us-east-1.amazonaws.com/app", "--service", "web",
    ]

    @Test("what init writes is planned and applied, and its workflow is one")
    func works() async throws {
        let world = try await World()
        try await world.until("has reached a steady state", "web")
        try world.image("v1")
        let outcome = try await world.reconcile(["init", "--database", "main"] + Self.options)
        #expect(outcome.exit == 0, "\(outcome.error)")
        try GoldenTests.check(outcome.out, "init.txt")
        for (file, golden) in [("manifest.json", "init.json"), (".github/workflows/release.yml", "init.yml")] {
            try GoldenTests.check(String(contentsOfFile: "\(world.folder)/\(file)", encoding: .utf8), golden)
        }
        let plan = try await world.reconcile("plan", "manifest.json", "--image-tag", "v1", "--detailed-exitcode")
        #expect(plan.exit == 2, "\(plan.error)")
        let apply = try await world.reconcile("apply", "manifest.json", "--image-tag", "v1", "--sequence", "1")
        #expect(apply.exit == 0, "\(apply.error)")
        #expect(world.migrated == ["v1"])
    }

    @Test(
        "the workflow is one to the schema of GitHub's workflows",
        .enabled(if: ForeignServer.isThere("check-jsonschema"), "check-jsonschema is not installed"))
    func workflow() async throws {
        let folder = try Scratch.folder("init")
        #expect(try await Outcome.of(Project.reconcile, ["init"] + Self.options, in: folder).exit == 0)
        let outcome = try await Outcome.of(
            "check-jsonschema",
            ["--builtin-schema", "vendor.github-workflows", folder + "/.github/workflows/release.yml"])
        #expect(outcome.exit == 0, "\(outcome.out)")
    }

    @Test(
        "at a terminal, init and import ask for what no option says",
        .enabled(if: ForeignServer.isThere("script"), "script (util-linux) is not installed"))
    func questions() async throws {
        let world = try await World()
        /// Types answers into a terminal.
        func typing(_ answers: [String], into command: String) async throws -> Outcome {
            let line = "\(Project.reconcile) \(command)"
            return try await Outcome.of(
                "sh", ["-c", "printf '%s\\n' \"$@\" | script -qec '\(line)' /dev/null", "sh"] + answers,
                environment: world.environment, in: world.folder)
        }
        let made = try await typing(
            ["us-east-1", "test", "123456789012.dkr.ecr.us-east-1.amazonaws.com/app", "web, worker", "main", "", ""],
            into: "init --environment test-env")
        #expect(made.exit == 0, "\(made.out)")
        #expect(made.out.contains("ECS cluster: ") && !made.out.contains("Environment"))
        let first = try JSON.parse(String(contentsOfFile: world.folder + "/manifest.json", encoding: .utf8))
        #expect(first["services"] == [["name": "web"], ["name": "worker"]])
        #expect(first["schema"] == ["database": "main"])

        let command = "import --cluster test --service web"
        let imported = try await typing(
            ["web", "main", "7", "up now"], into: "import --cluster test --out named.json")
        #expect(imported.exit == 0, "\(imported.out)")
        let named = try JSON.parse(String(contentsOfFile: world.folder + "/named.json", encoding: .utf8))
        #expect(named["schema"] == ["database": "main", "version": "7", "migrate": ["command": ["up", "now"]]])
        let wrong = try await typing(["a/b", "", ""], into: command + " --out wrong.json")
        #expect(wrong.exit == 64 && wrong.out.contains("--database takes"))
        let there = try await typing([], into: command + " --out named.json")
        #expect(there.exit == 1 && there.out.contains("is there already") && !there.out.contains("Database"))
        let silent = try await typing([], into: command + " --quiet --out silent.json")
        #expect(silent.exit == 0 && !silent.out.contains("Database"))
        let files = try FileManager.default.contentsOfDirectory(atPath: world.folder)
        #expect(files.contains("silent.json") && !files.contains("wrong.json"))
    }

    @Test("init overwrites nothing, and writes both files or none")
    func careful() async throws {
        for file in ["manifest.json", ".github/workflows/release.yml"] {
            let folder = try Scratch.folder("init")
            try Scratch.write("mine", to: "\(folder)/repo/\(file)")
            let outcome = try await Outcome.of(Project.reconcile, ["init", "repo"] + Self.options, in: folder)
            #expect(outcome.exit == 1)
            #expect(outcome.error.contains("repo/\(file) is there already"))
            #expect(try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.contains(".") }.count <= 3)
            #expect(try String(contentsOfFile: "\(folder)/repo/\(file)", encoding: .utf8) == "mine")
        }
    }

    @Test("init says which options it needs, and which of them are wrong")
    func options() async throws {
        let folder = try Scratch.folder("init")
        let none = try await Outcome.of(Project.reconcile, ["init"], in: folder)
        #expect(none.exit == 64)
        #expect(none.error.contains("init needs --environment, --region, --cluster, --repository, --service"))
        for (option, value) in [
            ("--environment", "a b"), ("--region", "us east"), ("--cluster", "a/b"), ("--repository", "app:v1"),
            ("--service", "arn:aws:x"), ("--database", "a/b"),
        ] {
            let outcome = try await Outcome.of(
                Project.reconcile, ["init"] + Self.options + [option, value], in: folder)
            #expect(outcome.exit == 64, "\(option)")
            #expect(outcome.error.contains("\(option) takes"), "\(outcome.error)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }

    @Test("schema prints the file of the repository")
    func schema() async throws {
        let outcome = try await Outcome.of(Project.reconcile, ["schema"])
        let file = try String(contentsOfFile: Project.root + "/manifests/manifest.schema.json", encoding: .utf8)
        #expect(outcome.exit == 0)
        #expect(outcome.out == file)
    }
}
