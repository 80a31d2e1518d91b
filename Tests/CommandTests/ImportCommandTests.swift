import Foundation
import JSON
import Support
import Testing

/// `import`, against services that run in the sandbox.
@Suite("import")
struct ImportCommandTests {
    /// The commands that a text tells to type, in their order, as words.
    private static func commands(in text: String) -> [[String]] {
        text.split(separator: "\n").compactMap { line in
            guard let found = line.firstRange(of: "reconcile ") else { return nil }
            return line[found.upperBound...].replacing("'", with: "").split(separator: " ").map(String.init)
        }
    }

    private static let steady = "has reached a steady state"

    @Test("of services that run by tag: the next plan is empty, and a migration that was declared stays out of it")
    func tag() async throws {
        let world = try await World(services: [("web", "app"), ("worker", "jobs")])
        try await world.until(Self.steady, "web", "worker")
        let before = try world.state
        let printed = try await world.reconcile("import", "--cluster", "test", "--all")
        #expect(printed.exit == 0, "\(printed.error)")
        #expect(try world.state == before)
        try GoldenTests.check(printed.out, "import.json")
        try GoldenTests.check(printed.error, "import.txt")
        try Scratch.write(printed.out, to: world.folder + "/app-test.json")
        let last = try #require(Self.commands(in: printed.error).last)
        #expect(last == ["plan", "app-test.json"])
        let plan = try await world.reconcile(last + ["--detailed-exitcode"])
        #expect(plan.exit == 0, "\(plan.out)\(plan.error)")

        let with = try await world.reconcile(
            "import", "--cluster", "test", "--service", "web", "--service", "worker", "--environment", "prod",
            "--database", "main", "--schema-version", "0001", "--migrate-command", "db-migrate --all", "--out",
            "m.json")
        #expect(with.exit == 0 && with.out.isEmpty, "\(with.error)")
        try GoldenTests.check(with.error, "import-schema.txt")
        let manifest = try JSON.parse(String(contentsOfFile: world.folder + "/m.json", encoding: .utf8))
        #expect(
            manifest["schema"] == [
                "database": "main", "version": "0001", "migrate": ["command": ["db-migrate", "--all"]],
            ])
        #expect(try await world.reconcile("plan", "m.json", "--detailed-exitcode").exit == 2)
        for command in Self.commands(in: with.error) {
            let outcome = try await world.reconcile(command)
            #expect(outcome.exit == 0, "\(command) \(outcome.error)")
        }
        #expect(try await world.reconcile("plan", "m.json", "--detailed-exitcode").exit == 0)
        #expect(try await world.reconcile("drift", "m.json").exit == 0)
        #expect(try await world.reconcile("apply", "m.json").out.contains("nothing to do"))
        #expect(world.migrated.isEmpty)
    }

    @Test("of what reconcile has released: the digest, the environment's name, and where the database is")
    func digest() async throws {
        let world = try await World()
        try world.image("v1")
        try world.manifest()
        try await world.applied()
        let printed = try await world.reconcile("import", "--cluster", "test", "--service", "web", "--out", "new/")
        #expect(printed.exit == 0, "\(printed.error)")
        let text = try String(contentsOfFile: world.folder + "/new/test-env.json", encoding: .utf8)
        #expect(text.contains("\"digest\": \"sha256:"))
        #expect(printed.error.contains("the next plan changes nothing\n"))
        #expect(printed.error.contains("database main is at schema 1"))
        #expect(try await world.reconcile("plan", "new/test-env.json", "--detailed-exitcode").exit == 0)
        let again = try await world.reconcile("import", "--cluster", "test", "--service", "web", "--out", "new")
        #expect(again.exit == 1)
        #expect(again.error.contains("new/test-env.json is there already"))
        // The mark says it, without a ledger.
        let whole = try await world.reconcile(
            "import", "--cluster", "test", "--all", "--out", "lost/m.json", "--database", "main", "--schema-version",
            "1")
        #expect(whole.exit == 0 && !whole.error.contains("resolve"), "\(whole.error)")
        #expect(try await world.reconcile("plan", "lost/m.json", "--detailed-exitcode").exit == 0)
        // Once for each new image: that is known of another version only.
        let image = try await world.reconcile(
            "import", "--cluster", "test", "--all", "--out", "image/m.json", "--database", "other")
        #expect(image.exit == 0, "\(image.error)")
        for command in Self.commands(in: image.error) { #expect(try await world.reconcile(command).exit == 0) }
        #expect(try await world.reconcile("plan", "image/m.json", "--detailed-exitcode").exit == 0)
        #expect(try await world.reconcile("drift", "image/m.json").exit == 0)
        #expect(world.migrated == ["v1"])
    }

    @Test("says that a version cannot be declared where neither an option nor a digest names one")
    func undeclared() async throws {
        let world = try await World()
        try await world.until(Self.steady, "web")
        let made = try await world.reconcile("import", "--cluster", "test", "--all", "--database", "main")
        #expect(made.exit == 0)
        #expect(made.error.contains("runs the migration once") && !made.error.contains("resolve"), "\(made.error)")
    }

    @Test("names its own options, and no manifest, where the cluster or the service is not there")
    func unknown() async throws {
        let world = try await World()
        for options in [["--all"], ["--service", "web"]] {
            let outcome = try await world.reconcile(["import", "--cluster", "nosuch"] + options)
            #expect(
                outcome.exit == 1 && outcome.error.contains("next: check --cluster and --region, and whose account"),
                "\(outcome.error)")
        }
        let service = try await world.reconcile("import", "--cluster", "test", "--service", "wbe")
        #expect(service.exit == 1 && service.error.contains("check --service, --cluster and"), "\(service.error)")
    }

    @Test("says what the next plan is not empty for")
    func changes() async throws {
        let world = try await World()
        try world.image("v1")
        try world.manifest()
        try await world.applied()
        // The one before it stays, and is not newer.
        _ = try await world.aws("ecs", "deregister-task-definition", "--task-definition", "app:2")
        let made = try await world.reconcile("import", "--cluster", "test", "--all")
        #expect(made.exit == 0)
        #expect(made.error.contains("web runs app:2, which was deregistered"), "\(made.error)")
        #expect(!made.error.contains("is newer"))
        // Where nothing is remembered of it, the plan says so as well.
        let elsewhere = try await world.reconcile(
            "import", "--cluster", "test", "--all", extra: ["XDG_CACHE_HOME": world.folder + "/other"])
        #expect(
            elsewhere.error.contains("the next plan is not empty:\n    task-definition/app  register"),
            "\(elsewhere.error)")
    }

    @Test("of several images: a folder with a manifest of each, all of whose plans are empty")
    func several() async throws {
        let world = try await World(services: [("web", "app"), ("worker", "jobs")])
        try world.image("v1")
        try world.manifest(["services": [["name": "web"]]])
        try await world.applied()
        try await world.until(Self.steady, "worker")
        let printed = try await world.reconcile("import", "--cluster", "test", "--all")
        #expect(printed.exit == 64)
        #expect(printed.out.isEmpty)
        #expect(printed.error.contains("--out FOLDER/") && printed.error.contains("app:v0: worker"))
        let written = try await world.reconcile("import", "--cluster", "test", "--all", "--out", "all")
        #expect(written.exit == 0, "\(written.error)")
        let names = try FileManager.default.contentsOfDirectory(atPath: world.folder + "/all").sorted()
        #expect(names == ["app-worker-test.json", "test-env.json"])
        let plan = try await world.reconcile("plan", "all", "--detailed-exitcode")
        #expect(plan.exit == 0, "\(plan.out)\(plan.error)")
    }

    @Test("says what is missing, and writes nothing")
    func missing() async throws {
        let world = try await World()
        for (arguments, exit, said) in [
            (["--cluster", "test"], 64, "the cluster test has: web"),
            (["--cluster", "nope", "--all"], 1, "there is no cluster nope"),
            (["--cluster", "test", "--service", "nope", "--out", "m.json"], 1, "there is no service nope"),
            (["--cluster", "test", "--all", "--service", "web"], 64, "exclude each other"),
            (["--cluster", "test", "--all", "--out", "m.yaml"], 64, "import writes JSON"),
            (["--cluster", "test", "--all", "--schema-version", "1"], 64, "--database NAME"),
            (["--cluster", "test", "--all", "--database", "d", "--migrate-command", "sh -c 'x y'"], 64, "a JSON list"),
            (["--all"], 64, "--cluster"), (["--cluster", "a b", "--all"], 64, "--cluster takes"),
            (["--cluster", "test", "--service", "arn:aws:ecs:x"], 64, "not its ARN"),
            (["--cluster", "test", "--service", "web", "--service", "web"], 64, "twice"),
            (["--cluster", "test", "--all", "--environment", "a/b"], 64, "--environment takes"),
        ] as [([String], Int32, String)] {
            let outcome = try await world.reconcile(["import"] + arguments)
            #expect(outcome.exit == exit, "\(arguments) \(outcome.error)")
            #expect(outcome.error.contains(said), "\(outcome.error)")
            #expect(outcome.out.isEmpty)
        }
        #expect(!FileManager.default.fileExists(atPath: world.folder + "/m.json"))
    }
}
