import Foundation
import JSON
import Support
import Testing

/// One-off commands, through the built command line and a sandbox.
@Suite("run")
struct RunTests {
    private func applied() async throws -> World {
        let world = try await World()
        try world.manifest()
        for tag in ["v1", "v2"] {
            try world.image(tag)
            try Scratch.write(
                "#!/bin/sh\necho I am \(tag); echo \"as $WHO\"; exit ${CODE:-0}\n",
                to: "\(world.folder)/images/app/\(tag)/bin/greet", executable: true)
        }
        try await world.applied()
        return world
    }

    private func history(_ world: World) async throws -> [JSON] {
        let outcome = try await world.reconcile("history", "m.json", "--output", "json")
        return try outcome.out.split(separator: "\n").map { try JSON.parse(String($0)) }
    }

    private func tasks(_ world: World) async throws -> Int {
        let answer = try await world.aws(
            "ecs", "list-tasks", "--cluster", "test", "--family", "app", "--desired-status", "STOPPED")
        return answer["taskArns"]?.elements.count ?? 0
    }

    @Test("its lines are the result, its end is the exit code, and all of it is in the ledger")
    func runs() async throws {
        let world = try await applied()
        let outcome = try await world.reconcile("run", "m.json", "--environment", "WHO=canary-of-run", "--", "greet")
        #expect(outcome.exit == 0, "\(outcome.error)")
        #expect(outcome.out == "I am v1\nas ***\n")
        #expect(!outcome.error.contains("canary-of-run"))
        let run = try #require(try await history(world).first)
        #expect(run["command"] == "run")
        let step = try #require(run["steps"]?.elements.first)
        #expect(step["resource"] == "command/web" && step["action"] == "run" && step["result"] == "succeeded")
        #expect(step["reason"] == "greet")
    }

    @Test("a command that fails ends with 3, its own code named, and its last lines")
    func fails() async throws {
        let world = try await applied()
        let outcome = try await world.reconcile("run", "m.json", "--environment", "CODE=42", "--", "greet")
        #expect(outcome.exit == 3)
        #expect(outcome.error.contains("error[command-failed]: command/web: greet ended with exit code 42"))
        #expect(outcome.error.contains("I am v1"))
        let missing = try await world.reconcile("run", "m.json", "--", "no-such-program", "an argument")
        #expect(missing.exit == 3)
        #expect(missing.error.contains("error[command-not-started]: command/web: no-such-program 'an argument'"))
    }

    @Test("runs from what the service runs now, or from the image that is named, which is registered for it")
    func images() async throws {
        let world = try await applied()
        try world.manifest(["image": ["repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app", "tag": "v2"]])
        #expect(try await world.reconcile("run", "m.json", "--", "greet").out.hasPrefix("I am v1\n"))
        let other = try await world.reconcile("run", "m.json", "--image-tag", "v2", "--", "greet")
        #expect(other.out.hasPrefix("I am v2\n"), "\(other.error)")
        // That the revision is there is no release of it.
        #expect(try await world.page().contains("service web  app:2"))
    }

    @Test("what is detached has the database for itself all the same, and its end is recorded by the next run")
    func detached() async throws {
        let world = try await applied()
        let wait = "until test -f go; do sleep 0.05; done"
        let started = try await world.reconcile("run", "m.json", "--detach", "--", "sh", "-c", wait)
        #expect(started.exit == 0, "\(started.error)")
        #expect(started.error.contains("started as task arn:"))
        let second = try await world.reconcile("run", "m.json", "--", "greet")
        #expect(second.exit == 75)
        let migration = try await world.reconcile("apply", "m.json", "--schema-version", "2")
        #expect(migration.exit == 75)
        #expect(migration.error.contains("migration-running"))
        let beside = try await world.reconcile("run", "m.json", "--no-lock", "--", "greet")
        #expect(beside.exit == 0, "\(beside.error)")
        try Scratch.write("", to: world.folder + "/data/go")
        var last = try await world.reconcile("run", "m.json", "--", "greet")
        while last.exit == 75 { last = try await world.reconcile("run", "m.json", "--", "greet") }
        #expect(last.exit == 0, "\(last.error)")
        let results = try await history(world).flatMap { $0["steps"]?.elements ?? [] }
            .filter { $0["resource"] == "command/web" }.compactMap { $0["result"]?.string }
        #expect(!results.isEmpty && results.filter { $0 == "accepted" }.count == 1)
    }

    @Test("a command that nobody waited for any more is followed by the same command, and not started again")
    func resumed() async throws {
        let world = try await applied()
        let before = try await tasks(world)
        let command = ["--", "sh", "-c", "echo once >> ran; until test -f go; do sleep 0.05; done; echo done"]
        let cut = try await world.reconcile(["run", "m.json", "--timeout", "15s"] + command)
        #expect(cut.exit == 5, "\(cut.error)")
        #expect(cut.error.contains("not started a second time"))
        // With another value it is another command.
        let other = try await world.reconcile(["run", "m.json", "--environment", "WHO=x"] + command)
        #expect(other.exit == 75, "\(other.error)")
        try Scratch.write("", to: world.folder + "/data/go")
        let resumed = try await world.reconcile(["run", "m.json"] + command)
        #expect(resumed.exit == 0, "\(resumed.error)")
        #expect(try String(contentsOfFile: world.folder + "/data/ran", encoding: .utf8) == "once\n")
        #expect(try await tasks(world) == before + 1)
    }

    @Test("a command that hangs is ended by hand, and then the database is free again")
    func stopped() async throws {
        let world = try await applied()
        let hanging = try await world.reconcile("run", "m.json", "--detach", "--", "sleep", "1000")
        #expect(hanging.exit == 0, "\(hanging.error)")
        let early = try await world.reconcile("resolve", "m.json", "command/web", "--failed", "--reason", "x")
        #expect(early.exit == 75 && early.error.contains("--stop"), "\(early.error)")
        let stopped = try await world.reconcile("resolve", "m.json", "command/web", "--stop", "--reason", "it hangs")
        #expect(stopped.exit == 0, "\(stopped.error)")
        #expect(stopped.out == "command/web: its task is asked to stop; the next run looks at how it ended\n")
        var last = try await world.reconcile("run", "m.json", "--", "greet")
        while last.exit == 75 { last = try await world.reconcile("run", "m.json", "--", "greet") }
        #expect(last.exit == 0 && last.out.hasPrefix("I am v1\n"), "\(last.error)")
    }

    @Test("another command's lines are not shown, and its values are hidden in what the ledger keeps of it")
    func lines() async throws {
        let world = try await applied()
        let started = try await world.reconcile(
            "run", "m.json", "--detach", "--environment", "WHO=canary-of-another", "--", "greet")
        #expect(started.exit == 0, "\(started.error)")
        var last = try await world.reconcile("run", "m.json", "--", "sh", "-c", "echo mine")
        while last.exit == 75 { last = try await world.reconcile("run", "m.json", "--", "sh", "-c", "echo mine") }
        #expect(last.out == "mine\n")
        #expect(!last.error.contains("canary-of-another"))
        let ledger = try await world.reconcile("ledger", "export", "m.json").out
        #expect(ledger.contains("as ***") && !ledger.contains("canary-of-another"))
    }

    @Test("it waits for another one as long as it is told to")
    func patience() async throws {
        let world = try await applied()
        let go = world.folder + "/data/go"
        let first = try Child(
            "sh",
            ["-c", "cd \"$0\" && exec \"$@\"", world.folder, Project.reconcile, "run", "m.json", "--"]
                + ["sh", "-c", "touch begun; until test -f go; do sleep 0.05; done"],
            environment: world.environment)
        let patience = Patience()
        while !FileManager.default.fileExists(atPath: world.folder + "/data/begun"), !patience.isOver {
            try await Task.sleep(for: .milliseconds(10))
        }
        let relay = try Relay(to: world.port) { request, side in
            // It has seen the first one's task.
            if request.operation == "DescribeTasks", side == .after { try? Scratch.write("", to: go) }
            return true
        }
        let second = try await world.reconcile(
            ["run", "m.json", "--lock-timeout", "10m", "--", "greet"], extra: ["AWS_ENDPOINT_URL": relay.url])
        #expect(second.exit == 0 && second.out.hasPrefix("I am v1\n"), "\(second.error)")
        #expect(await first.end() == 0)
    }

    @Test("a start whose answer is lost starts one task, which is found and followed", arguments: Relay.Side.allCases)
    func lostAnswer(side: Relay.Side) async throws {
        let world = try await applied()
        let before = try await tasks(world)
        let relay = try Relay(to: world.port) { request, at in
            !(request.operation == "RunTask" && request.occurrence == 1 && at == side)
        }
        let outcome = try await world.reconcile(
            ["run", "m.json", "--", "greet"], extra: ["AWS_ENDPOINT_URL": relay.url])
        #expect(outcome.exit == 0, "\(outcome.error)")
        #expect(outcome.out.hasPrefix("I am v1\n"))
        #expect(try await tasks(world) == before + 1)
    }

    @Test(
        "what is missing is told as wrong usage",
        arguments: [["run", "m.json"], ["run", "m.json", "--task-role", "x", "--", "a"]])
    func usage(arguments: [String]) async throws {
        let world = try await World()
        try world.manifest()
        #expect(try await world.reconcile(arguments).exit == 64)
    }

    @Test("as JSON each line is an event, and the last one has the result")
    func json() async throws {
        let world = try await applied()
        let outcome = try await world.reconcile("run", "m.json", "--output", "json", "--", "greet")
        let events = try outcome.out.split(separator: "\n").map { try JSON.parse(String($0)) }
        #expect(events.contains { $0["event"] == "log" && $0["line"] == "I am v1" })
        #expect(events.last?["event"] == "result" && events.last?["exit"] == 0)
    }

    @Test("in GitHub Actions nothing that it prints is taken for a command")
    func fenced() async throws {
        let world = try await applied()
        let outcome = try await world.reconcile(
            ["run", "m.json", "--", "echo", "::error::no"], extra: ["GITHUB_ACTIONS": "true"])
        let lines = outcome.out.split(separator: "\n").map(String.init)
        #expect(lines.count == 3 && lines[0].hasPrefix("::stop-commands::") && lines[1] == "::error::no")
        #expect(lines[0] == "::stop-commands::" + lines[2].dropFirst(2).dropLast(2))
    }
}
