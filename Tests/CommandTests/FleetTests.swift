import Foundation
import JSON
import Support
import Testing

/// Many manifests in one invocation.
@Suite("fleets")
struct FleetTests {
    private static let names = (1...12).map { "web\($0 < 10 ? "0" : "")\($0)" }

    private func fleet(_ names: [String] = names, database: (String) -> String = { $0 }) async throws -> World {
        let world = try await World(services: names.map { ($0, "app") })
        try world.image("v1")
        for name in names {
            try FileManager.default.createDirectory(
                atPath: "\(world.folder)/fleet/\(name)", withIntermediateDirectories: true)
            try world.manifest(
                [
                    "environment": .string("env-\(name)"), "services": [["name": .string(name), "timeout": "10m"]],
                    "schema": ["database": .string(database(name)), "version": "1"],
                ], name: "fleet/\(name)/m.json")
        }
        return world
    }

    private func calls(_ outcome: Outcome, _ operation: String) -> Int {
        outcome.error.split(separator: "\n").filter { $0.hasPrefix("call: \(operation) ") }.count
    }

    @Test("a folder stands for the manifests below it, and their services are read ten to a call")
    func folder() async throws {
        let world = try await fleet()
        let outcome = try await world.reconcile("plan", "fleet", "--output", "json", "--verbose")
        #expect(outcome.exit == 0, "\(outcome.error)")
        let environments = try outcome.out.split(separator: "\n").map {
            try JSON.parse(String($0))["environment"]?.string ?? "?"
        }
        #expect(environments == Self.names.map { "env-\($0)" })
        #expect(calls(outcome, "ecs:DescribeServices") == 2)
        #expect(calls(outcome, "ecr:DescribeImages") == 1)
    }

    @Test("one that fails does not stop the others, and the exit code and the report tell both")
    func failing() async throws {
        let world = try await fleet(["web1", "web2", "web3"])
        try Scratch.write("{\"apiVersion\": \"reconcile/v1\"", to: world.folder + "/fleet/web2/m.json")
        let outcome = try await world.reconcile("apply", "fleet", "--output", "json", "--parallel", "3")
        #expect(outcome.exit == 65, "\(outcome.error)")
        let ends = try outcome.out.split(separator: "\n").map { try JSON.parse(String($0)) }
            .filter { $0["event"] == "result" }
        #expect(Set(ends.map { $0["exit"]?.integer }) == [0, 65])
        #expect(ends.count == 3)
        #expect(world.migrated == ["v1", "v1"])
        let again = try await world.reconcile("drift", "fleet/web1", "fleet/web3")
        #expect(again.exit == 0, "\(again.out)")
    }

    @Test("a time-out is of the invocation: what has not begun by then is not begun")
    func deadline() async throws {
        let world = try await fleet(["web1", "web2"])
        try world.image("v1", migrate: .some("exec sleep 1000"))
        let outcome = try await world.reconcile("apply", "fleet", "--timeout", "3s", "--output", "json")
        #expect(outcome.exit == 5, "\(outcome.error)")
        let events = try outcome.out.split(separator: "\n").map { try JSON.parse(String($0)) }
        let ends = events.filter { $0["event"] == "result" }
        #expect(ends.map { $0["failure"]?["code"] } == ["timed-out", "deadline-reached"])
        #expect(ends.last?["failure"]?["summary"] == "not started: the time-out of 3s is over")
        #expect(!outcome.error.contains("env-web2: still"))
        // It took no turn.
        #expect(!(try await world.reconcile("history", "fleet/web2/m.json").out.contains("apply")))
        #expect(!events.contains { $0["event"] == "started" && $0["environment"] == "env-web2" })
    }

    @Test("a file that is named twice is one manifest, also by another path or a link")
    func twice() async throws {
        let world = try await fleet(["web1"])
        try FileManager.default.createSymbolicLink(
            atPath: world.folder + "/link.json", withDestinationPath: "fleet/web1/m.json")
        let outcome = try await world.reconcile(
            "plan", "fleet", "./fleet//web1/m.json", world.folder + "/link.json", "--output", "json")
        #expect(outcome.exit == 0 && outcome.out.split(separator: "\n").count == 1, "\(outcome.out)\(outcome.error)")
        // Links that lead back would be followed for ever.
        for name in ["a", "b", "c", "d"] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(world.folder)/fleet/\(name)", withDestinationPath: "web1/..")
        }
        let folder = try await world.reconcile("plan", "fleet", "--output", "json")
        #expect(folder.exit == 0 && folder.out == outcome.out, "\(folder.out)\(folder.error)")
    }

    @Test("two manifests that name the same service are both refused: each would undo the other")
    func contested() async throws {
        let world = try await fleet(["web1", "web2"])
        try world.manifest(["environment": "other", "services": [["name": "web1"]], "schema": .null], name: "n.json")
        let outcome = try await world.reconcile("apply", "fleet", "n.json")
        #expect(outcome.exit == 65)
        #expect(outcome.error.contains("error[manifest-invalid]: service/web1: the service is in another manifest"))
        #expect(outcome.error.contains("n.json") && outcome.error.contains("fleet/web1/m.json"), "\(outcome.error)")
        // The same by the cluster's ARN, and in a plan.
        try world.manifest(
            [
                "environment": "other", "cluster": "arn:aws:ecs:us-east-1:123456789012:cluster/test",
                "services": [["name": "web1"]], "schema": .null,
            ], name: "n.json")
        #expect(try await world.reconcile("plan", "fleet", "n.json").exit == 65)
        // The one that is in no other's way is carried out.
        #expect(world.migrated == ["v1"])
        #expect(try await world.page().contains("service web1  app:1"))
    }

    @Test("calls are counted for each environment, also side by side", arguments: ["1", "3"])
    func counted(parallel: String) async throws {
        let world = try await fleet(["web1", "web2", "web3"])
        let outcome = try await world.reconcile(
            "apply", "fleet", "--output", "json", "--parallel", parallel, "--verbose")
        let counts = try outcome.out.split(separator: "\n").map { try JSON.parse(String($0)) }
            .filter { $0["event"] == "result" }.map { $0["calls"] ?? .null }
        // One revision is of all of them: whoever comes later finds it.
        let registered = calls(outcome, "ecs:RegisterTaskDefinition")
        #expect(counts.reduce(0) { $0 + ($1["mutating"]?.integer ?? 0) } == registered + 3 * 3)
        #expect(counts.allSatisfy { (3...4).contains($0["mutating"]?.integer ?? 0) }, "\(counts)")
        // What was read ahead for all is of none.
        let all = outcome.error.split(separator: "\n").count { $0.hasPrefix("call: ") }
        let told = counts.reduce(0) { $0 + ($1["all"]?.integer ?? 0) }
        #expect(told <= all && told >= all - 2)
    }

    @Test("environments that share a database migrate it once", arguments: ["1", "4"])
    func sharedDatabase(parallel: String) async throws {
        let names = ["web1", "web2", "web3", "web4"]
        let world = try await fleet(names) { _ in "main" }
        let outcome = try await world.reconcile("apply", "fleet", "--parallel", parallel)
        #expect(outcome.exit == 0, "\(outcome.error)")
        #expect(world.migrated == ["v1"])
        let plan = try await world.reconcile("plan", "fleet", "--detailed-exitcode")
        #expect(plan.exit == 0, "\(plan.out)")
    }

    @Test("what has just failed for one of them is not run again for each of the others")
    func sharedFailure() async throws {
        let world = try await fleet(["web1", "web2", "web3"]) { _ in "main" }
        try world.image("v1", migrate: "echo tried >> migrated; exit 1")
        let outcome = try await world.reconcile("apply", "fleet", "--parallel", "3")
        #expect(outcome.exit == 3)
        #expect(world.migrated == ["tried"])
        #expect(outcome.error.contains("they share the database main"))
    }

    @Test("a fleet that shares one ledger is applied side by side")
    func sharedLedger() async throws {
        let world = try await fleet(["web1", "web2", "web3"])
        let outcome = try await world.reconcile("apply", "fleet", "--parallel", "3", "--ledger", "all.sqlite")
        #expect(outcome.exit == 0, "\(outcome.error)")
        #expect(try await world.reconcile("ledger", "verify", "--ledger", "all.sqlite").exit == 0)
        #expect(outcome.error.contains("env-web2 service/web2"))
    }

    @Test("the status of a fleet is one table, and one JSON object for each for programs")
    func status() async throws {
        let world = try await fleet(["web1", "web2"])
        #expect(try await world.reconcile("apply", "fleet/web1").exit == 0)
        let table = try await world.reconcile("status", "fleet")
        #expect(table.exit == 0)
        let lines = table.out.split(separator: "\n").map(String.init)
        #expect(lines[0].hasPrefix("environment  state"))
        #expect(lines[1].hasPrefix("env-web1     in sync") && lines[1].contains("converged in"))
        #expect(lines[2].contains("to change") && lines[2].hasSuffix("none"))
        #expect(lines[3] == "1 of 2 in sync")
        let json = try await world.reconcile("status", "fleet", "--output", "json").out
        #expect(json.split(separator: "\n").count == 2)
        try Scratch.write("apiVersion: reconcile/v1 {", to: world.folder + "/fleet/web2/m.yaml")
        let broken = try await world.reconcile("status", "fleet")
        #expect(broken.exit == 65)
        #expect(broken.out.contains("unknown") && broken.out.contains("manifest-invalid"))
    }

    @Test(
        "of each that an interruption left without its turn it is said that it was not begun",
        arguments: ["text", "json"])
    func interruption(output: String) async throws {
        let world = try await fleet(["web1", "web2", "web3"])
        try world.image("v1", migrate: "until test -f go; do sleep 0.05; done")
        let script = """
            "$0" apply fleet --output \(output) --verbose 2>log & pid=$!
            until grep -q ecs:RunTask log; do sleep 0.02; done
            kill -INT $pid; wait $pid
            """
        let outcome = try await Outcome.of(
            "bash", ["-c", script, Project.reconcile], environment: world.environment, in: world.folder)
        try Scratch.write("", to: world.folder + "/data/go")
        #expect(outcome.exit == 130)
        let lines = outcome.out.split(separator: "\n").map(String.init)
        if output == "text" {
            #expect(lines.dropFirst() == ["env-web2: not started", "env-web3: not started"])
            return
        }
        let ends = try lines.map { try JSON.parse($0) }.filter { $0["event"] == "result" }
        #expect(ends.map { $0["environment"] } == ["env-web1", "env-web2", "env-web3"])
        #expect(ends.allSatisfy { $0["exit"] == 130 && $0["failure"]?["code"] == "interrupted" })
    }

    @Test("a command is run for one manifest, and not for a folder of them")
    func command() async throws {
        let world = try await fleet(["web1", "web2"])
        let outcome = try await world.reconcile("run", "fleet", "--", "greet")
        #expect(outcome.exit == 64)
        #expect(outcome.error.contains("fleet has 2 manifests, and run takes one"))
        #expect(outcome.error.contains("reconcile run fleet/web1/m.json -- greet"))
    }

    @Test("in Markdown an empty line ends each table, so that the next environment is no row of it")
    func markdown() async throws {
        let world = try await fleet(["web1", "web2", "web3"])
        try Scratch.write("{\"apiVersion\": \"reconcile/v1\"", to: world.folder + "/fleet/web1/m.json")
        func check(_ arguments: String...) async throws {
            let text = try await world.reconcile(arguments + ["fleet", "--output", "markdown"]).out
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            let heads = lines.indices.filter { lines[$0].hasPrefix("**env-") || lines[$0].hasPrefix("### ") }
            #expect(heads.count >= 2 && text.contains("env-web3"))
            for head in heads { #expect(head == 0 || lines[head - 1].isEmpty, "\(text)") }
            #expect(!text.hasPrefix("\n"))
        }
        try await check("plan")
        try await check("drift")
        try await check("apply")
    }

    @Test("a folder without manifests is told of")
    func noManifests() async throws {
        let world = try await World()
        let outcome = try await world.reconcile("plan", "images")
        #expect(outcome.exit == 65, "\(outcome.error)")
        #expect(outcome.error.contains("there is no manifest below images"))
        for arguments in [
            ["apply", "images"], ["apply", "m.json", "--var-file", "nope"], ["run", "images", "--", "x"],
        ] {
            let outcome = try await world.reconcile([arguments[0], "--output", "json"] + arguments.dropFirst())
            #expect(outcome.exit == 65)
            #expect(try JSON.parse(outcome.out)["event"] == "result")
        }
    }

    @Test("what was meant to be a manifest is told of, and other people's files are passed over")
    func meant() async throws {
        let folder = try Scratch.folder("meant")
        let manifest = """
            "environment": "e", "image": {"repository": "r", "tag": "t"}, "services": [{"name": "web"}]}
            """
        let files = FileManager.default
        try Scratch.write("{\"apiVersion\": \"reconcile/v1\", \(manifest)", to: folder + "/a.JSON")
        try Scratch.write("{\"apiversion\": \"reconcile/v1\", \(manifest)", to: folder + "/b.json")
        try Scratch.write("{\(manifest)", to: folder + "/c.json")
        try Scratch.write("{\"name\": \"package\"}", to: folder + "/package.json")
        try files.createSymbolicLink(atPath: folder + "/gone.json", withDestinationPath: "nowhere")
        try files.copyItem(atPath: Project.root + "/manifests/manifest.schema.json", toPath: folder + "/z.schema.json")
        try #require(mkfifo(folder + "/pipe.json", 0o600) == 0)
        let outcome = try await Outcome.of(Project.reconcile, ["plan", ".", "--output", "json"], in: folder)
        let found = try outcome.out.split(separator: "\n").map { try JSON.parse(String($0)) }
        #expect(found.map { $0["manifest"] } == ["a.JSON", "b.json", "c.json", "gone.json"])
        #expect(
            found.map { $0["failure"]?["code"] } == [
                "settings-missing", "manifest-invalid", "manifest-invalid", "manifest-unreadable",
            ])
        #expect(outcome.error.contains("c.json:1:1: error: the manifest needs the key \"apiVersion\""))
        #expect(outcome.error.contains("unknown key \"apiversion\" (did you mean \"apiVersion\"?)"))
    }

    @Test("a folder without manifests does not stop the others", arguments: ["plan", "status", "drift", "apply"])
    func emptyFolder(command: String) async throws {
        let world = try await World()
        try world.manifest()
        try world.image("v1")
        let outcome = try await world.reconcile(command, "images", "m.json", "nosuch", "--output", "json")
        #expect(outcome.exit == 65)
        let lines = try outcome.out.split(separator: "\n").map { try JSON.parse(String($0)) }
        let ends = lines.filter { $0["event"] == nil || $0["event"] == "result" }
        #expect(ends.map { $0["environment"] } == [.null, "test-env", .null])
        #expect(ends.first?["manifest"] == "images" && ends.last?["manifest"] == "nosuch")
        #expect(ends.first?["failure"]?["code"] == "manifest-unreadable")
    }
}
