import Foundation
import JSON
import Support
import Testing

/// The steps of `action.yml`, run as GitHub runs them, against the sandbox.
@Suite("the GitHub action")
struct ActionTests {
    private let folder: String
    private let runner: GitHubRunner
    private let release: FakeRelease

    init() async throws {
        folder = try Scratch.folder("checkout")
        runner = try GitHubRunner(in: folder)
        release = try await FakeRelease(runner.fakes)
    }

    @Test("installs its own version by default, and docs/ci.md names all its inputs and outputs")
    func described() async throws {
        let action = try GitHubRunner.read("action.yml")
        let version = try await Outcome.of(Project.reconcile, ["--version"]).out.dropLast()
        #expect(action["inputs"]?["version"]?["default"]?.string == String(version))
        let document = try String(contentsOfFile: Project.root + "/docs/ci.md", encoding: .utf8)
        let names = ["inputs", "outputs"].flatMap { action[$0]?.object?.keys ?? [] }
        #expect(names.count == 15)
        for name in names { #expect(document.contains(try Regex("\n\\|.*`\(name)`.*\\| ")), "\(name)") }
    }

    @Test("installs the version for the runner's architecture once, checked against the release's list")
    func install() async throws {
        try await runner.use([:])
        try await runner.use(["version": "v0.1.0"])
        let base = "https://github.com/a/reconcile/releases/download/v0.1.0"
        let calls = runner.fakes.calls("curl").map { String($0.split(separator: " ").last ?? "") }
        #expect(calls == ["\(base)/\(FakeRelease.archive)", "\(base)/SHA256SUMS"])
        #expect(!runner.hasFailed, "\(runner.steps)")
        runner.environment["RUNNER_ARCH"] = "ARM64"
        runner.environment["GITHUB_SERVER_URL"] = "https://github.example"
        try await runner.use(["repository": "other/place"])
        #expect(
            runner.fakes.calls("curl").last?.hasSuffix(
                "https://github.example/other/place/releases/download/v0.1.0/SHA256SUMS") == true)
        #expect(!runner.hasFailed, "\(runner.steps)")
    }

    @Test("takes a given checksum instead, and refuses an archive that has another one")
    func checksum() async throws {
        let other = try GitHubRunner(in: folder)
        try await runner.use(["sha256": release.sha256])
        #expect(!runner.hasFailed && runner.fakes.calls("curl").count == 1, "\(runner.steps)")
        _ = try await FakeRelease(other.fakes)
        try await other.use(["sha256": String(repeating: "0", count: 64)])
        #expect(other.hasFailed)
        #expect(
            other.steps.last?.out.contains("::error title=reconcile::The SHA-256 of \(FakeRelease.archive) is ") == true
        )
    }

    @Test(
        "refuses what it cannot install",
        arguments: [
            (["version": "1/../.."], "The input version"), (["repository": "a b"], "The input repository"),
            (["version": "9.9.9"], "could not be downloaded"),
        ])
    func refused(inputs: [String: String], message: String) async throws {
        try await runner.use(inputs)
        #expect(runner.hasFailed)
        #expect(runner.steps.last?.out.contains(message) == true, "\(runner.steps)")
    }

    @Test("is on Linux only")
    func macOS() async throws {
        runner.environment["RUNNER_ARCH"] = "RISCV"
        try await runner.use([:])
        #expect(runner.steps.last?.out.contains("not on Linux RISCV") == true)
    }

    @Test("gives each input as one word, whatever is in it")
    func words() async throws {
        let spy = try GitHubRunner(in: folder)
        _ = try await FakeRelease(spy.fakes, script: "printf '%s\\n' \"$@\"")
        try await spy.use([
            "command": "plan", "manifest": "a b.json\n\n$(touch pwned)\n", "image-tag": "`touch pwned`",
            "schema-version": "'; touch pwned; '", "ledger": "\"$HOME\"", "sequence": "-1", "output": "json",
            "args": "--var\nX=1 2",
        ])
        #expect(
            spy.steps.last?.out.split(separator: "\n").map(String.init) == [
                "plan", "--output", "json", "--image-tag", "`touch pwned`", "--schema-version", "'; touch pwned; '",
                "--ledger", "\"$HOME\"", "--sequence", "-1", "--detailed-exitcode", "--var", "X=1 2", "--", "a b.json",
                "$(touch pwned)",
            ])
        #expect(!FileManager.default.fileExists(atPath: folder + "/pwned"))
    }

    @Test("plans, applies and compares; its outputs say how that ended")
    func commands() async throws {
        let world = try await World()
        try world.manifest(name: "env/manifest.json")
        try world.image("v1")
        let runner = try GitHubRunner(in: world.folder, environment: world.environment)
        _ = try await FakeRelease(runner.fakes)
        let there = ["working-directory": "env"]
        func use(_ command: String, _ more: [String: String] = [:]) async throws -> [String: String] {
            try await runner.use(there.merging(["command": command]) { $1 }.merging(more) { $1 })
        }
        let plan = try await use("plan", ["output": "json"])
        #expect(plan["exit-code"] == "2" && plan["in-sync"] == "false" && !runner.hasFailed)
        let result = try JSON.parse(try String(contentsOfFile: try #require(plan["result"]), encoding: .utf8))
        #expect(result["changes"]?.elements.count == 3)
        let apply = try await use("apply", ["image-tag": "v1", "schema-version": "1", "sequence": "3"])
        #expect(apply["exit-code"] == "0" && apply["in-sync"] == "true")
        #expect(try await use("drift")["in-sync"] == "true")
        #expect(try await use("plan")["in-sync"] == "true")
        #expect(!runner.hasFailed, "\(runner.steps)")
        #expect(world.migrated == ["v1"])
        let drift = try await use("drift", ["schema-version": "2"])
        #expect(drift["exit-code"] == "2" && drift["in-sync"] == "false" && runner.hasFailed)
    }

    @Test("fails with the exit code of a failed migration; then nothing is known about being in sync")
    func failure() async throws {
        let world = try await World()
        try world.manifest(name: "manifest.json")
        try world.image("v1", migrate: .some("exit 1"))
        let runner = try GitHubRunner(in: world.folder, environment: world.environment)
        _ = try await FakeRelease(runner.fakes)
        let outputs = try await runner.use(["command": "apply"])
        #expect(runner.steps.last?.exit == 3)
        #expect(outputs["exit-code"] == "3" && outputs["in-sync"] == "")
        let other = try GitHubRunner(in: world.folder)
        _ = try await FakeRelease(other.fakes)
        try await other.use(["command": "destroy"])
        #expect(other.steps.last?.exit == 64)
    }

    @Test("a cancelled job ends reconcile in order: it says so, and its locks are free")
    func cancelled() async throws {
        let world = try await World()
        try world.manifest(name: "manifest.json")
        try world.image("v1", migrate: .some("echo under way; exec sleep 1000"))
        let fakes = try Fakes()
        try fakes.addReconcile()
        let output = folder + "/output"
        let inputs = [
            "COMMAND": "apply", "MANIFEST": "manifest.json", "IMAGE_TAG": "", "SCHEMA_VERSION": "", "LEDGER": "",
            "SEQUENCE": "", "OUTPUT": "text", "ARGS": "", "FOLDER": world.folder, "PATH": fakes.path,
            "RUNNER_TEMP": folder, "GITHUB_OUTPUT": output,
        ]
        let job = try Child(
            "bash", [Project.root + "/action/run"], environment: world.environment.merging(inputs) { $1 })
        let patience = Patience()
        while !job.output.contains("under way") {
            try #require(job.isRunning && !patience.isOver, "\(job.output)")
            try await Task.sleep(for: .milliseconds(10))
        }
        job.signal(SIGINT)
        job.signal(SIGTERM)
        #expect(await job.end() == 130, "\(job.output)")
        #expect(try String(contentsOfFile: output, encoding: .utf8).hasPrefix("exit-code=130\nresult="))
        let next = try await world.reconcile("apply", "manifest.json", "--timeout", "1s")
        #expect(next.exit == 5, "\(next.error)")
    }
}
