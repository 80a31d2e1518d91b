import Foundation
import JSON
import Support
import Testing

/// Writes for ever, and not so fast that it fills the disk of a busy machine.
private let writingForEver = "while :; do yes $(printf %01000d 0) | head -c 1000000; sleep 0.1; done"

/// Migrations by a process on this machine, through the built command line.
@Suite("A migration by a process")
struct ProcessTests {
    /// A world whose migration is a shell script on this machine, in the world's own folder.
    static func world(_ script: String, _ changes: JSON = [:]) async throws -> World {
        let world = try await World(container: ["restartPolicy": ["enabled": true]])
        try world.image("v1", migrate: .some(nil))
        try Self.script(script, in: world)
        var migrate: JSON = [
            "runner": "process", "command": ["./migrate", "up"], "timeout": "10m",
            "environment": ["PASSWORD": "canary-of-the-process"],
        ]
        for member in changes.object?.members ?? [] { migrate[member.key] = member.value }
        try world.manifest(["schema": ["database": "main", "version": "1", "migrate": migrate]])
        return world
    }

    static func script(_ script: String, in world: World) throws {
        try Scratch.write("#!/bin/sh\n\(script)\n", to: world.folder + "/migrate", executable: true)
    }

    static let succeeding = """
        echo "to $RECONCILE_SCHEMA_VERSION with $PASSWORD and $DEPLOY_TOKEN"; echo v1 >> data/migrated
        echo RECONCILE_SCHEMA=1
        """

    static func folders(_ world: World) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: world.folder + "/.reconcile/processes")) ?? []
    }

    /// The raw logs that are kept.
    static func logs(_ world: World) -> [String] {
        let folder = world.folder + "/state/reconcile/logs"
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).map { "\(folder)/\($0)" }
    }

    @Test("runs once here, in this environment, and leaves nothing behind")
    func success() async throws {
        let world = try await Self.world(Self.succeeding)
        let plan = try await world.reconcile("plan", "m.json")
        #expect(plan.out.contains("it is run on the machine of reconcile"), "\(plan.out)")
        let first = try await world.reconcile("apply", "m.json", extra: ["DEPLOY_TOKEN": "canary-of-the-machine"])
        #expect(first.exit == 0, "\(first.error)")
        #expect(first.error.contains("| to 1 with *** and ***\n"))
        #expect(first.error.contains("migrated to 1"))
        #expect(Self.folders(world) == [])
        let second = try await world.applied()
        #expect(second.result["calls"]?["mutating"]?.integer == 0 && second.events.count == 1)
        #expect(world.migrated == ["v1"])
        let ledger = try await world.reconcile("ledger", "export", "m.json").out
        #expect(!ledger.contains("canary"))
    }

    @Test("that nobody waits for any more is named as what is still at work")
    func detached() async throws {
        let world = try await Self.world("touch data/begun; until test -f data/go; do sleep 0.05; done")
        let outcome = try await world.reconcile("apply", "m.json", "--timeout", "8s")
        #expect(outcome.exit == 5)
        #expect(outcome.error.contains("The migration's process is still running."), "\(outcome.error)")
        #expect(!outcome.error.contains("AWS is still working"))
        try Scratch.write("", to: world.folder + "/data/go")
        #expect(try await world.reconcile("apply", "m.json").exit == 0)
    }

    @Test("keeps what it has left until its own ledger has its end, whatever another ledger in the same folder does")
    func twoLedgers() async throws {
        let world = try await Self.world("until test -f data/go; do sleep 0.05; done; echo $0 >> data/migrated")
        let own = ["--ledger", "ledgers/own.sqlite"]
        #expect(try await world.reconcile(["apply", "m.json", "--timeout", "8s"] + own).exit == 5)
        try Scratch.write("", to: world.folder + "/data/go")
        let other: JSON = ["runner": "process", "command": ["true"]]
        try world.manifest(["schema": ["database": "other", "version": "1", "migrate": other]])
        let between = try await world.reconcile("apply", "m.json", "--ledger", "ledgers/other.sqlite")
        #expect(between.exit == 0, "\(between.error)")
        let migrate: JSON = ["runner": "process", "command": ["./migrate", "up"], "timeout": "10m"]
        try world.manifest(["schema": ["database": "main", "version": "1", "migrate": migrate]])
        let last = try await world.reconcile(["apply", "m.json"] + own)
        #expect(last.exit == 0, "\(last.error)")
        #expect(world.migrated.count == 1)
    }

    @Test(
        "that has not done it keeps every service where it is, and says why",
        arguments: [
            LambdaTests.Row(
                name: "a program that fails", script: "echo 'no such table' >&2; exit 3", exit: 3,
                told: ["the migration failed: ./migrate ended with exit code 3", "    no such table\n"]),
            LambdaTests.Row(
                name: "another version", script: "echo RECONCILE_SCHEMA=0", exit: 3,
                told: ["the migration ended with exit code 0, but the database is at 0, and 1 is wanted"]),
            LambdaTests.Row(
                name: "one that ends itself", script: "kill -KILL 0", exit: 6,
                told: ["error[schema-undecided]", "its process is gone, and left no exit code"]),
        ])
    func failures(row: LambdaTests.Row) async throws {
        let world = try await Self.world(row.script)
        let outcome = try await world.reconcile("apply", "m.json")
        #expect(outcome.exit == row.exit)
        for text in row.told { #expect(outcome.error.contains(text), "\(outcome.error)") }
        #expect(try await world.page().contains("app:1"))
        if row.exit == 3 { #expect(Self.folders(world) == []) }
    }

    @Test(
        "whose command is not there was never started",
        arguments: [["./nothing"], ["no-such-program-anywhere"], ["./data"]])
    func missing(command: [String]) async throws {
        let world = try await Self.world("true", ["command": JSON(command)])
        let outcome = try await world.reconcile("apply", "m.json")
        #expect(outcome.exit == 3)
        #expect(outcome.error.contains("error[migration-not-started]"))
        #expect(outcome.error.contains("is it on this machine's PATH and executable?"))
        try world.manifest([
            "schema": ["database": "main", "version": "1", "migrate": ["runner": "process", "command": ["./migrate"]]]
        ])
        try Self.script(Self.succeeding, in: world)
        try await world.applied()
        #expect(world.migrated == ["v1"])
    }

    @Test("is ended at its time-out with all that it has started, and a person is asked")
    func timeout() async throws {
        let world = try await Self.world(
            "sleep 1000 & echo $! > child; echo begun; wait", ["timeout": "1s"])
        let outcome = try await world.reconcile("apply", "m.json")
        #expect(outcome.exit == 6)
        #expect(outcome.error.contains("it was killed after its time-out of 1s"), "\(outcome.error)")
        #expect(outcome.error.contains("    begun\n"))
        let child = try String(contentsOfFile: world.folder + "/child", encoding: .utf8)
        // One that no one has asked for yet is still listed.
        let state = try? String(contentsOfFile: "/proc/\(child.prefix { $0 != "\n" })/status", encoding: .utf8)
        #expect(state?.contains("State:\tZ") != false)
    }

    /// An apply that is ended by a signal when the migration has started.
    static func ended(by signal: String, _ world: World) async throws -> Outcome {
        let script = """
            "$0" apply m.json >out 2>log & pid=$!
            until test -f begun; do sleep 0.02; done
            kill -\(signal) $pid; wait $pid; cat log >&2
            """
        return try await Outcome.of(
            "bash", ["-c", script, Project.reconcile], environment: world.environment, in: world.folder)
    }

    @Test("goes on when reconcile is ended, and the next apply adopts it", arguments: ["KILL", "INT"])
    func outlives(signal: String) async throws {
        let world = try await Self.world(
            "echo first; touch begun; until test -f go; do sleep 0.02; done; echo last; echo v1 >> data/migrated")
        _ = try await Self.ended(by: signal, world)
        #expect(world.migrated == [])
        let open = try await Outcome.of(
            "find", [".reconcile/processes", "state", "!", "-type", "l", "-perm", "/077"], in: world.folder)
        #expect(open.exit == 0 && open.out.isEmpty, "others may read \(open.out)")
        let plan = try await world.reconcile("plan", "m.json")
        #expect(plan.out.contains("the migration's process is running"), "\(plan.out)")
        try Scratch.write("", to: world.folder + "/go")
        let (_, events) = try await world.applied()
        #expect(events.filter { $0["event"] == "log" }.compactMap { $0["line"]?.string } == ["first", "last"])
        #expect(!events.contains { $0["event"] == "started" && $0["action"] == "migrate" })
        #expect(world.migrated == ["v1"])
        #expect(Self.folders(world) == [] && Self.logs(world) == [])
    }

    @Test("keeps no raw line next to the ledger, and a log that is gone proves nothing")
    func privateLog() async throws {
        let world = try await Self.world(
            "echo with $PASSWORD; touch begun; until test -f go; do sleep 0.02; done; echo v1 >> data/migrated")
        _ = try await Self.ended(by: "KILL", world)
        let raw = try await Outcome.of("grep", ["-rl", "canary-of-the-process", ".reconcile"], in: world.folder)
        #expect(raw.out.isEmpty, "\(raw.out)")
        let log = try #require(Self.logs(world).first)
        #expect(try String(contentsOfFile: log, encoding: .utf8) == "with canary-of-the-process\n")
        try FileManager.default.removeItem(atPath: log)
        try Scratch.write("", to: world.folder + "/go")
        let outcome = try await world.reconcile("apply", "m.json")
        #expect(outcome.exit == 6, "\(outcome.error)")
        #expect(outcome.error.contains("the end of its log could not be read: it is not on this machine any more"))
    }

    @Test("runs without a home, with its log among the user's own temporary files")
    func homeless() async throws {
        let world = try await Self.world(Self.succeeding)
        let outcome = try await world.reconcile(
            "apply", "m.json", extra: ["XDG_STATE_HOME": "", "HOME": "/", "TMPDIR": world.folder])
        #expect(outcome.exit == 0, "\(outcome.error)")
        let left = try await Outcome.of("find", [".", "-path", "./reconcile-*", "-type", "f"], in: world.folder)
        #expect(left.out.isEmpty, "\(left.out)")
    }

    @Test(
        "whatever a program leaves behind or does with its output, the apply ends with the program",
        arguments: [
            "setsid sh -c 'echo $$ > daemon; \(writingForEver)' & until test -s daemon; do :; done; "
                + "echo v1 >> data/migrated",
            "(setsid sh -c 'echo $$ > daemon; exec sleep 1000' &) & until test -s daemon; do :; done; "
                + "echo v1 >> data/migrated",
            "exec >&- 2>&-; echo v1 >> data/migrated",
            "yes $(printf %01000d 0) | head -c 9000000; echo RECONCILE_SCHEMA=1; "
                + "yes $(printf %01000d 0) | head -c 9000000; echo v1 >> data/migrated",
        ])
    func leftovers(script: String) async throws {
        let world = try await Self.world(script)
        let command = """
            timeout -s KILL 120 "$0" apply m.json; code=$?
            test ! -f daemon || kill -KILL $(cat daemon); exit $code
            """
        let outcome = try await Outcome.of(
            "bash", ["-c", command, Project.reconcile], environment: world.environment, in: world.folder)
        #expect(outcome.exit == 0, "\(outcome.exit) \(outcome.error.suffix(2_000))")
        #expect(world.migrated == ["v1"])
    }

    @Test("that writes for ever is given up at the deadline, and at an interruption", arguments: ["5s", "1h"])
    func endless(timeout: String) async throws {
        let world = try await Self.world("touch begun; \(writingForEver)")
        let script = """
            timeout -s KILL 120 "$0" apply m.json --timeout \(timeout) > /dev/null 2> log & pid=$!
            until test -f begun; do sleep 0.02; done
            test \(timeout) = 5s || pkill -INT -P $pid; wait $pid; code=$?; tail -n 5 log >&2; exit $code
            """
        let outcome = try await Outcome.of(
            "bash", ["-c", script, Project.reconcile], environment: world.environment, in: world.folder)
        #expect(outcome.exit == (timeout == "5s" ? 5 : 130), "\(outcome.error)")
        let stopped = try await world.reconcile("resolve", "m.json", "schema/main", "--stop", "--reason", "it hangs")
        #expect(stopped.exit == 0, "\(stopped.error)")
    }

    @Test("is ended by hand, and then a person says what it did")
    func stop() async throws {
        let world = try await Self.world("trap '' TERM; touch begun; while true; do sleep 0.05; done")
        _ = try await Self.ended(by: "INT", world)
        let stopped = try await world.reconcile("resolve", "m.json", "schema/main", "--stop", "--reason", "it hangs")
        #expect(stopped.exit == 0, "\(stopped.error)")
        #expect(stopped.out == "schema/main: its process was ended; the next apply looks at how it ended\n")
        let undecided = try await world.reconcile("apply", "m.json")
        #expect(undecided.exit == 6)
        #expect(undecided.error.contains("it was ended by hand"), "\(undecided.error)")
        let decided = try await world.reconcile(
            "resolve", "m.json", "schema/main", "--failed", "--reason", "nothing is there")
        #expect(decided.exit == 0)
        #expect(Self.folders(world) == [])
        try Self.script(Self.succeeding, in: world)
        try await world.applied()
        #expect(world.migrated == ["v1"])
    }
}
