import Foundation
import JSON
import Support
import Testing

/// What a user sees, word for word: see ``Golden``.
@Suite("what is shown is what is in the golden files")
struct GoldenTests {
    static func check(_ text: String, _ name: String) throws {
        #expect(try Golden.holds(text, "Tests/CommandTests/Golden/\(name)"), "differs from \(name)")
    }

    /// Without what differs from run to run: digests, ids, times, addresses.
    static func steady(_ text: String) -> String {
        text.replacing(#/sha256:[0-9a-f]{64}/#, with: "sha256:DIGEST")
            .replacing(#/sha256:[0-9a-f]{12}…/#, with: "sha256:DIGEST…")
            .replacing(#/[0-9a-f]{32}/#, with: "ID")
            .replacing(#/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ by .* on [^,]*,/#, with: "TIME by USER on HOST,")
            .replacing(#/(after|in) (\d+m?s|\d+\.\d+s|\d+m \d\ds)/#) { "\($0.output.1) TIME" }
            .replacing(#/\((\d+m?s|\d+\.\d+s)\)/#, with: "(TIME)")
    }

    @Test(
        "help",
        arguments: [
            "", "apply", "plan", "status", "drift", "run", "history", "resolve", "unlock", "verify", "policy", "report",
            "ledger-rebuild",
            "ledger-copy",
            "ledger", "sandbox", "import", "init", "schema",
        ])
    func help(command: String) async throws {
        let arguments = command.split(separator: "-").map(String.init) + ["--help"]
        let outcome = try await Outcome.of(Project.reconcile, arguments, environment: ["COLUMNS": "100"])
        #expect(outcome.exit == 0)
        try Self.check(outcome.out, "help\(command.isEmpty ? "" : "-" + command).txt")
    }

    @Test("a plan, in text, JSON and Markdown; the same twice")
    func plan() async throws {
        let world = try await World(services: [("web", "app"), ("worker", "jobs")])
        try world.manifest(["services": [["name": "web", "desiredCount": 3], ["name": "worker"]]])
        try world.image("v1")
        for format in ["text", "json", "markdown"] {
            let once = try await world.reconcile("plan", "m.json", "--output", format, "--detailed-exitcode")
            let twice = try await world.reconcile("plan", "m.json", "--output", format, "--detailed-exitcode")
            #expect(once.exit == 2)
            #expect(once.out == twice.out)
            try Self.check(
                Self.steady(once.out), "plan.\(format == "markdown" ? "md" : format == "text" ? "txt" : "json")")
        }
        #expect(!FileManager.default.fileExists(atPath: world.folder + "/.reconcile"))
    }

    @Test("a run and its status, in plain lines")
    func run() async throws {
        let world = try await World()
        try world.manifest()
        try world.image("v1")
        let applied = try await world.reconcile("apply", "m.json")
        // How often a state is seen depends on the machine's speed, so only what must be there is compared.
        let lines = Self.steady(applied.error).split(separator: "\n", omittingEmptySubsequences: false)
        let steady = lines.filter { line in
            !["PROVISIONING", "PENDING", "RUNNING", "DEPROVISIONING", "STOPPING", "tasks running", "not visible"]
                .contains { line.contains($0) }
        }
        try Self.check(steady.joined(separator: "\n"), "apply.txt")
        #expect(Self.steady(applied.out) == "test-env: converged in TIME\n")
        try Self.check(Self.steady(try await world.reconcile("status", "m.json").out), "status.txt")
        let markdown = try await world.reconcile("status", "m.json", "--output", "markdown")
        try Self.check(Self.steady(markdown.out), "status.md")
    }

    @Test("a failed migration and a rolled back service")
    func failures() async throws {
        let world = try await World(limits: World.seenFailing)
        try world.manifest()
        try world.image("v1", migrate: .some("echo step one; echo 'relation \"users\" does not exist' >&2; exit 1"))
        try world.image("bad", serve: "echo no configuration >&2; exit 1")
        func failure(_ text: String) -> String {
            let steady = Self.steady(text)
            return steady.firstRange(of: "error[").map { String(steady[$0.lowerBound...]) } ?? steady
        }
        let migration = try await world.reconcile("apply", "m.json")
        try Self.check(failure(migration.error), "failure-migration.txt")
        // What it is rolled back to.
        try await world.until("steady state", "web")
        let rollout = try await world.reconcile("apply", "m.json", "--image-tag", "bad")
        // How many of its tasks had failed by then, and which, is the machine's affair.
        let text = failure(rollout.error).replacing(#/(  task ID.*:\n(    .*\n)+)+/#, with: "  TASKS\n")
        try Self.check(text, "failure-rollout.txt")
        let json = try await world.reconcile("plan", "m.json", "--image-tag", "nope", "--output", "json")
        try Self.check(Self.steady(json.out), "failure.json")
    }
}
