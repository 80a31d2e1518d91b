import Foundation
import JSON
import Support
import Testing

/// A plan is made, approved, and then applied exactly or not at all.
@Suite("plan files")
struct PlanFileTests {
    private func planned(_ arguments: String...) async throws -> World {
        let world = try await World()
        for tag in ["v1", "v2"] { try world.image(tag) }
        try world.manifest()
        let outcome = try await world.reconcile(["plan", "m.json", "--out", "p.json"] + arguments)
        #expect(outcome.exit == 0, "\(outcome.error)")
        return world
    }

    private func refused(_ world: World, _ words: String...) async throws {
        let outcome = try await world.reconcile("apply", "p.json", "--verbose")
        #expect(outcome.exit == 1, "\(outcome.out)\(outcome.error)")
        #expect(outcome.error.contains("plan-changed"))
        for word in words { #expect(outcome.error.contains(word), "\(outcome.error)") }
        let writing = ["RegisterTaskDefinition", "RunTask", "UpdateService", "TagResource"]
        #expect(!writing.contains { outcome.error.contains("call: ecs:\($0)") })
    }

    @Test("what was approved is applied, with the tag and the version that it was made for")
    func applied() async throws {
        let world = try await planned("--image-tag", "v2", "--schema-version", "7")
        let outcome = try await world.reconcile("apply", "p.json", "--output", "json")
        #expect(outcome.exit == 0, "\(outcome.error)")
        #expect(world.migrated == ["v2"])
        let plan = try await world.reconcile(
            "plan", "m.json", "--image-tag", "v2", "--schema-version", "7", "--detailed-exitcode")
        #expect(plan.exit == 0, "\(plan.out)")
        try await refused(world, "schema/main: migrate", "was approved, and nothing is needed now")
    }

    @Test("a plan made without a ledger holds on another machine, and the same plan is the same file")
    func same() async throws {
        let world = try await planned()
        _ = try await world.reconcile("plan", "m.json", "--out", "q.json", "--ledger", "other.sqlite")
        let first = try String(contentsOfFile: world.folder + "/p.json", encoding: .utf8)
        #expect(try String(contentsOfFile: world.folder + "/q.json", encoding: .utf8) == first)
        #expect(!first.contains("canary"))
        #expect(try await world.reconcile("apply", "p.json", "--ledger", "third.sqlite").exit == 0)
    }

    @Test(
        "a plan is for the variables that it was made with, also where they only decide how an end is judged",
        arguments: [
            (#"{"migrate": {"log": "${var:X}"}}"#, "required", "optional"),
            (#"{"probe": {"command": ["p"], "pattern": "${var:X}"}}"#, "at ([0-9]+)", "wanted ([0-9]+)"),
            (#"{"accepts": "${var:X}"}"#, "exact", "at-least"), (#"{"order": "${var:X}"}"#, "integer", "opaque"),
            (#"{"migrate": {"timeout": "${var:X}"}}"#, "60s", "61s"),
        ])
    func variables(schema: String, approved: String, later: String) async throws {
        let world = try await World()
        for tag in ["v1", "v2"] { try world.image(tag) }
        var changed: JSON = ["database": "main", "version": "1"]
        for member in try JSON.parse(schema).object?.members ?? [] { changed[member.key] = member.value }
        try world.manifest(["schema": changed])
        let plan = try await world.reconcile(
            "plan", "m.json", "--image-tag", "v2", "--out", "p.json", "--var", "X=\(approved)")
        #expect(plan.exit == 0, "\(plan.error)")
        let outcome = try await world.reconcile("apply", "p.json", "--var", "X=\(later)", "--verbose")
        #expect(outcome.exit == 1 && outcome.error.contains("a variable has another value: var:X"), "\(outcome.error)")
        #expect(!outcome.error.contains("RegisterTaskDefinition"))
        #expect(try await world.reconcile("apply", "p.json", "--var", "X=\(approved)").exit == 0)
    }

    @Test(
        "what a plan was made with cannot be changed when it is applied",
        arguments: [["--retry-failed"], ["--sequence", "3"]])
    func terms(_ options: [String]) async throws {
        let world = try await planned("--image-tag", "v2")
        let outcome = try await world.reconcile(["apply", "p.json"] + options)
        #expect(outcome.exit == 64 && outcome.error.contains("p.json is a plan"), "\(outcome.exit): \(outcome.error)")
    }

    @Test("a manifest that was edited since is refused")
    func edited() async throws {
        let world = try await planned()
        try world.manifest([
            "schema": ["database": "main", "version": "1", "migrate": ["command": ["db-migrate", "--force"]]]
        ])
        try await refused(world, "m.json has other content")
    }

    @Test(
        "a file that is not as it was written is refused, and what is odd in it is named",
        arguments: [
            ("\"reconcilePlan\": 4,", "\"reconcilePlan\": 4, \"approvedBy\": \"me\",", "unknown key \"approvedBy\""),
            ("\"imageTag\":", "\"image-tag\":", "unknown key \"image-tag\" in overrides"),
            ("\"imageTag\":\"v2\"", "\"imageTag\":2", "overrides.imageTag must be a string"),
            ("{\"manifest\":", "{\"note\":1,\"manifest\":", "unknown key \"note\" in a manifest"),
            ("\"overrides\": {", "\"overrides\": {  ", "it was edited"),
            ("\"imageTag\":\"v2\"", "\"imageTag\":\"v1\"", "it was edited"),
        ])
    func tampered(text: String, other: String, words: String) async throws {
        let world = try await planned("--image-tag", "v2")
        let file = try String(contentsOfFile: world.folder + "/p.json", encoding: .utf8)
        #expect(file.contains(text))
        try Scratch.write(file.replacing(text, with: other), to: world.folder + "/p.json")
        try await refused(world, words)
    }

    @Test("the command that makes it anew is told whole, and no value of a variable with it")
    func wholeCommand() async throws {
        let world = try await World(services: [("web", "app"), ("worker", "work")])
        for tag in ["v1", "v2"] { try world.image(tag) }
        try world.manifest(["schema": ["database": "${var:DB}", "version": "1"]])
        try world.manifest(
            ["environment": "second", "services": [["name": "worker"]], "schema": .null], name: "my n.json")
        let options = ["--var", "DB=canary-db", "--ledger", "l.sqlite"]
        let plan = try await world.reconcile(
            ["plan", "m.json", "my n.json", "--out", "p.json", "--image-tag", "v2", "--region", "us-east-1"] + options)
        #expect(plan.exit == 0, "\(plan.error)")
        try world.image("v2", serve: "echo another; exec sleep 1000")
        let outcome = try await world.reconcile(["apply", "p.json"] + options)
        #expect(outcome.exit == 1)
        #expect(
            outcome.error.contains(
                "reconcile plan m.json 'my n.json' --image-tag v2 --region us-east-1 --var DB=VALUE --ledger l.sqlite "
                    + "--out p.json\n"), "\(outcome.error)")
    }

    @Test("a world that moved since is refused, and what moved is named")
    func moved() async throws {
        let world = try await planned("--image-tag", "v2")
        try await world.applied()
        try await refused(world, "schema/main: migrate")
    }

    @Test("a tag that points elsewhere since is refused")
    func tagMoved() async throws {
        let world = try await planned()
        try world.image("v1", serve: "echo another; exec sleep 1000")
        try await refused(world, "task-definition/app")
    }

    @Test("a definition whose values changed since is refused, and no value is told")
    func values() async throws {
        let world = try await World()
        try world.image("v1")
        var definition = World.definition("app")
        try Scratch.write(definition.compact, to: world.folder + "/taskdef.json")
        try world.manifest(["taskDefinition": ["file": "taskdef.json"]])
        #expect(try await world.reconcile("plan", "m.json", "--out", "p.json").exit == 0)
        var app = try #require(definition["containerDefinitions"]?.elements.first)
        app["environment"] = [["name": "CANARY", "value": "another-canary"]]
        definition["containerDefinitions"] = [app]
        try Scratch.write(definition.compact, to: world.folder + "/taskdef.json")
        try await refused(world, "task-definition/app: approved was register")
        #expect(try await !world.reconcile("apply", "p.json").error.contains("another-canary"))
    }

    @Test("a plan that was begun and failed is used up, and whoever reads of the failure is told so")
    func usedUp() async throws {
        let world = try await planned()
        try world.image("v1", migrate: "test -e mended && echo v1 >> migrated")
        #expect(try await world.reconcile("plan", "m.json", "--out", "p.json").exit == 0)
        let failed = try await world.reconcile("apply", "p.json")
        #expect(failed.exit == 3)
        #expect(failed.error.contains("needs a new one:\n"), "\(failed.error)")
        #expect(failed.error.contains("\n    reconcile plan m.json --out p.json\n"), "\(failed.error)")
        // What was not approved is not offered.
        #expect(failed.error.contains("reconcile plan m.json --image-tag NEW --out FILE"), "\(failed.error)")
        #expect(!failed.error.contains("reconcile apply m.json"))
        try await refused(world)
    }

    @Test(
        "what AWS refuses names a next step within the approval",
        arguments: [
            ("RegisterTaskDefinition", false), ("RunTask", true), ("UpdateService", true),
        ])
    func refusedByAWS(operation: String, isUsedUp: Bool) async throws {
        let world = try await planned()
        let relay = try Relay(to: world.port, denied: [operation])
        let failed = try await world.reconcile("apply", "p.json", "--endpoint-url", relay.url)
        #expect(failed.exit == 77, "\(failed.error)")
        #expect(failed.error.contains("the plan is used up") == isUsedUp, "\(failed.error)")
        #expect(!failed.error.contains("reconcile apply m.json"))
        // What it says of the plan is so.
        if isUsedUp { return try await refused(world) }
        #expect(try await world.reconcile("apply", "p.json").exit == 0)
    }

    @Test("a migration is launched as it was approved, whatever becomes of the service meanwhile")
    func launch() async throws {
        let world = try await planned()
        let environment = world.environment
        let relay = try Relay(to: world.port) { request, side in
            guard request.operation == "RegisterTaskDefinition", side == .before else { return true }
            return Blocking.wait {
                let moved = try? await World.aws(
                    [
                        "ecs", "update-service", "--cluster", "test", "--service", "web", "--network-configuration",
                        "awsvpcConfiguration={subnets=[subnet-other]}",
                    ], environment)
                #expect(moved != nil)
            }
        }
        let outcome = try await world.reconcile("apply", "p.json", "--endpoint-url", relay.url)
        let tasks = try await world.aws("ecs", "list-tasks", "--cluster", "test", "--desired-status", "STOPPED")
        let stopped = try await world.aws(
            ["ecs", "describe-tasks", "--cluster", "test", "--tasks"]
                + (tasks["taskArns"]?.elements ?? []).compactMap(\.string))
        let migrations = (stopped["tasks"]?.elements ?? []).filter { $0["group"]?.string == "family:app" }
        #expect(relay.requests.contains { $0.operation == "RunTask" } == !migrations.isEmpty)
        for task in migrations { #expect(task.compact.contains(#""value":"subnet-1""#), "\(task.compact)") }
        #expect(outcome.exit == 0 || outcome.error.contains("plan-changed"), "\(outcome.error)")
    }

    @Test("a plan that was made after a detached migration's end holds, although the end is awaited anew")
    func detached() async throws {
        let world = try await World()
        try world.manifest()
        try world.image("v1", migrate: .some("touch begun; until test -f go; do sleep 0.05; done; echo v1 >> migrated"))
        try await RecoveryTests.detach(world)
        try Scratch.write("", to: world.folder + "/data/go")
        // A plan is one of what is left once the migration has ended.
        var left: [String?] = []
        while left != ["update"] {
            #expect(try await world.reconcile("plan", "m.json", "--out", "p.json").exit == 0)
            let file = try JSON.parse(try String(contentsOfFile: world.folder + "/p.json", encoding: .utf8))
            let changes = file["manifests"]?.elements.first?["plan"]?["changes"]?.elements ?? []
            left = changes.map { $0["action"]?.string }
        }
        let outcome = try await world.reconcile("apply", "p.json")
        #expect(outcome.exit == 0, "\(outcome.error)")
        #expect(world.migrated == ["v1"])
    }

    @Test("a fleet is approved as a whole")
    func fleet() async throws {
        let world = try await World(services: [("web", "app"), ("worker", "work")])
        try world.image("v1")
        try world.manifest()
        try world.manifest(
            ["environment": "second", "services": [["name": "worker"]], "schema": .null], name: "n.json")
        #expect(try await world.reconcile("plan", "m.json", "n.json", "--out", "p.json").exit == 0)
        let outcome = try await world.reconcile("apply", "p.json", "--output", "json")
        #expect(outcome.exit == 0, "\(outcome.error)")
        #expect(try await world.reconcile("plan", "m.json", "n.json", "--detailed-exitcode").exit == 0)
    }

    private func pair(database: String) async throws -> World {
        let world = try await World(services: [("web", "app"), ("worker", "work")])
        try world.image("v1")
        try world.manifest(["environment": "first"], name: "a.json")
        let schema: JSON = ["database": .string(database), "version": "1"]
        try world.manifest(
            ["environment": "second", "services": [["name": "worker"]], "schema": schema], name: "b.json")
        #expect(try await world.reconcile("plan", "a.json", "b.json", "--out", "p.json").exit == 0)
        return world
    }

    @Test("a fleet is applied whole or not at all", arguments: ["a.json", "b.json"])
    func whole(changed: String) async throws {
        let world = try await pair(database: "other")
        let path = "\(world.folder)/\(changed)"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        for content in [text + "\n", nil] {
            if let content {
                try Scratch.write(content, to: path)
            } else {
                try FileManager.default.removeItem(atPath: path)
            }
            let outcome = try await world.reconcile("apply", "p.json", "--verbose")
            #expect(outcome.exit == (content == nil ? 65 : 1), "\(outcome.error)")
            #expect(
                outcome.error.contains("not started: a plan is applied whole or not at all, and the part of \(changed)")
            )
            #expect(!outcome.error.contains("call: ecs:RegisterTaskDefinition"), "\(outcome.error)")
        }
        try Scratch.write(text, to: path)
        #expect(try await world.reconcile("apply", "p.json").exit == 0)
    }

    @Test("of a fleet with one database the first part migrates, and the others find the schema in place")
    func shared() async throws {
        let world = try await pair(database: "main")
        let outcome = try await world.reconcile("apply", "p.json")
        #expect(outcome.exit == 0, "\(outcome.error)")
        #expect(world.migrated == ["v1"])
        #expect(try await world.reconcile("plan", "a.json", "b.json", "--detailed-exitcode").exit == 0)
    }

    @Test("a part that was taken out of the file is missed")
    func takenOut() async throws {
        let world = try await pair(database: "other")
        let lines = try String(contentsOfFile: world.folder + "/p.json", encoding: .utf8).split(separator: "\n")
        let kept = lines.filter { !$0.contains("b.json") }.map {
            $0.hasSuffix(",") && $0.contains("a.json") ? $0.dropLast() : $0
        }
        try Scratch.write(kept.joined(separator: "\n") + "\n", to: world.folder + "/p.json")
        try await refused(world, "it was edited since it was written")
    }

    @Test("a link stays one and leads to the plan; a pipe and standard output are written into")
    func places() async throws {
        let world = try await planned()
        let files = FileManager.default
        let plan = try String(contentsOfFile: world.folder + "/p.json", encoding: .utf8)
        try Scratch.write("old", to: world.folder + "/kept/old.plan")
        for (link, target) in [("first", "second"), ("second", "kept/old.plan"), ("dangling", "kept/new.plan")] {
            try files.createSymbolicLink(atPath: "\(world.folder)/\(link)", withDestinationPath: target)
        }
        let script = """
            "$0" plan m.json --quiet --out first > shown
            "$0" plan m.json --quiet --out dangling > shown
            mkfifo pipe; cat pipe > piped & "$0" plan m.json --out pipe > shown; wait $!
            "$0" plan m.json --out /proc/self/fd/1 | cat > both
            "$0" plan m.json --out /proc/self/fd/1 > file
            test -p pipe; echo "pipe $?"
            """
        let outcome = try await Outcome.of(
            "bash", ["-c", script, Project.reconcile], environment: world.environment, in: world.folder)
        #expect(outcome.out == "pipe 0\n", "\(outcome.error)")
        for name in ["kept/old.plan", "kept/new.plan", "piped"] {
            #expect(try String(contentsOfFile: "\(world.folder)/\(name)", encoding: .utf8) == plan, "\(name)")
        }
        #expect(try files.destinationOfSymbolicLink(atPath: world.folder + "/first") == "second")
        let shown = try String(contentsOfFile: world.folder + "/shown", encoding: .utf8)
        for name in ["both", "file"] {
            #expect(try String(contentsOfFile: "\(world.folder)/\(name)", encoding: .utf8) == shown + plan, "\(name)")
        }
        #expect(try !files.subpathsOfDirectory(atPath: world.folder).contains { $0.contains(".draft-") })
    }

    @Test(
        "a plan is not written over what it is made from",
        arguments: ["m.json", "./m.json", "link", "vars", "td.json"])
    func inputs(out: String) async throws {
        let world = try await World()
        try world.manifest(["taskDefinition": ["file": "td.json"]])
        try world.image("v1")
        try Scratch.write(World.definition("app").compact, to: world.folder + "/td.json")
        try Scratch.write("A=1\n", to: world.folder + "/vars")
        try FileManager.default.createSymbolicLink(atPath: world.folder + "/link", withDestinationPath: "m.json")
        let before = try String(contentsOfFile: world.folder + "/m.json", encoding: .utf8)
        let outcome = try await world.reconcile("plan", "m.json", "--var-file", "vars", "--out", out, "--verbose")
        #expect(outcome.exit == 64)
        #expect(outcome.error.contains("--out \(out) is a ") && !outcome.error.contains("call:"))
        #expect(try String(contentsOfFile: world.folder + "/m.json", encoding: .utf8) == before)
        try Scratch.write("", to: world.folder + "/books")
        let ledger = try await world.reconcile("plan", "m.json", "--ledger", "books", "--out", "books")
        #expect(ledger.error.contains("--out books is the ledger of this command"))
    }

    @Test("nothing is written where a manifest has no plan, and a plan takes no other image")
    func wrongUse() async throws {
        let world = try await planned()
        let missing = try await world.reconcile("plan", "m.json", "absent.json", "--out", "q.json")
        #expect(missing.exit == 65)
        #expect(missing.error.contains("q.json is not written"))
        #expect(!FileManager.default.fileExists(atPath: world.folder + "/q.json"))
        #expect(try await world.reconcile("apply", "p.json", "--image-tag", "v2").exit == 64)
        #expect(try await world.reconcile("apply", "p.json", "m.json").exit == 64)
        try Scratch.write("{\"reconcilePlan\": 9}", to: world.folder + "/p.json")
        let other = try await world.reconcile("apply", "p.json")
        #expect(other.exit == 1)
        #expect(other.error.contains("another release"))
    }

    @Test(
        "a variable that reaches a call is covered by the approval, wherever it stands",
        arguments: [
            ("the command", #"{"command":["sh","-c","${env:X}"]}"#, "command"),
            ("a variable's value", #"{"environment":{"DB_USER":"${env:X}"}}"#, "values of its environment"),
            ("the role", #"{"taskRoleArn":"arn:aws:iam::1:role/${env:X}"}"#, "taskRoleArn"),
            (
                "the network",
                #"{"networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-${env:X}"]}}}"#, "launch"
            ),
            ("the capacity", #"{"platformVersion":"${env:X}"}"#, "launch"),
            ("the time-out", #"{"timeout":"${env:X}"}"#, "timeout"),
            ("the function", #"{"runner":"lambda","function":"f-${env:X}"}"#, "function"),
            ("the runner", #"{"runner":"process","command":["./${env:X}"]}"#, "command"),
        ])
    func variables(name: String, migrate: String, word: String) async throws {
        let world = try await World()
        try world.image("v1")
        try world.manifest(["schema": ["database": "main", "version": "1", "migrate": try JSON.parse(migrate)]])
        let plan = try await world.reconcile("plan", "m.json", "--out", "p.json", extra: ["X": "10m"])
        #expect(plan.exit == 0, "\(plan.error)")
        #expect(try await world.reconcile("plan", "m.json", extra: ["X": "11m"]).exit == 0)
        let other = try await world.reconcile("apply", "p.json", extra: ["X": "11m"])
        #expect(other.exit == 1 && other.error.contains("error[plan-changed]"), "\(name): \(other.error)")
        #expect(other.error.contains("  \(word)"), "\(name): \(other.error)")
        #expect(world.migrated.isEmpty)
    }
}
