import Foundation
import JSON
import Support
import Testing

/// What a later run and a person do about a step whose end no one saw.
@Suite("What nobody saw the end of")
struct RecoveryTests {
    /// A migration that hangs after it has done what the text says.
    static func hanging(_ world: World, after work: String = "true") throws {
        try world.image("v1", migrate: .some("\(work); echo waiting; touch begun; exec sleep 1000"))
    }

    /// Lets an apply begin the migration and give up waiting.
    static func detach(_ world: World) async throws {
        let script = """
            "$0" apply m.json >out 2>log & pid=$!
            until test -f data/begun; do sleep 0.02; done
            # On a busy machine the task may have begun before its start is answered.
            for try in $(seq 100); do grep -qi running log && break; sleep 0.05; done
            kill -INT $pid; wait $pid
            """
        let outcome = try await Outcome.of(
            "bash", ["-c", script, Project.reconcile], environment: world.environment, in: world.folder)
        #expect(outcome.exit == 130)
    }

    static func probing(_ world: World, _ script: String) throws {
        try world.manifest([
            "schema": [
                "database": "main", "version": "1", "order": "integer",
                "migrate": ["environment": ["DB_USER": "canary-of-the-override"], "timeout": "10m"],
                "probe": ["command": ["db-version"]],
            ]
        ])
        try Scratch.write(
            "#!/bin/sh\n\(script)\n", to: world.folder + "/images/app/v1/bin/db-version", executable: true)
    }

    @Test("a migration that hangs is stopped by hand, and then a person says how it ended")
    func stop() async throws {
        let world = try await World()
        try world.manifest()
        try Self.hanging(world)
        try await Self.detach(world)
        // As long as it is seen at work, no one knows how it ends.
        for verdict in [["--succeeded"], ["--failed"], ["--rerun"], ["--at", "1"]] {
            let early = try await world.reconcile(["resolve", "m.json", "schema/main", "--reason", "x"] + verdict)
            #expect(early.exit == 75)
            #expect(
                early.error.contains("error[migration-running]: schema/main: ") && early.error.contains("RUNNING"),
                "\(early.error)")
        }
        let stopped = try await world.reconcile("resolve", "m.json", "schema/main", "--stop", "--reason", "it hangs")
        #expect(stopped.exit == 0)
        #expect(stopped.out == "schema/main: its task is asked to stop; the next apply looks at how it ended\n")
        let undecided = try await world.reconcile("apply", "m.json")
        #expect(undecided.exit == 6)
        #expect(undecided.error.contains("its task was stopped from outside"))
        let late = try await world.reconcile("resolve", "m.json", "schema/main", "--stop", "--reason", "again")
        #expect(late.exit == 1 && late.error.contains("the task of schema/main has ended already"), "\(late.error)")
        // Which release the step is of only the user knows: an apply without its options would be another one.
        #expect(
            late.error.contains("see how it ended; the next apply records it\n    reconcile status m.json\n"),
            "\(late.error)")
        for verdict in ["succeeded", "failed", "rerun"] {
            #expect(
                undecided.error.contains(
                    "\n    reconcile resolve m.json schema/main --\(verdict) --reason 'what was found'\n"))
        }
        let open = try await world.reconcile("resolve", "m.json", "schema/main", "--at", "1", "--reason", "x")
        #expect(
            open.exit == 6 && open.error.contains("[schema-undecided]: schema/main: a step of schema/main is still"),
            "\(open.error)")
        // Nothing is guessed, however often it is asked.
        #expect(try await world.reconcile("apply", "m.json").exit == 6)
        try world.image("v1")
        let decided = try await world.reconcile(
            "resolve", "m.json", "schema/main", "--failed", "--reason", "the table is not there")
        #expect(decided.exit == 0)
        try await world.applied()
        #expect(world.migrated == ["v1"])
        let history = try await world.reconcile("history", "m.json").out
        #expect(history.contains("it hangs") && history.contains("the table is not there"))
    }

    @Test("a version is not declared over a step whose end an apply would find")
    func shownEnd() async throws {
        let world = try await World()
        try world.manifest()
        try world.image("v1", migrate: .some("touch begun; until test -f go; do sleep 0.05; done"))
        try await Self.detach(world)
        try Scratch.write("", to: world.folder + "/data/go")
        func declare() async throws -> Outcome {
            try await world.reconcile("resolve", "m.json", "schema/main", "--at", "1", "--reason", "x")
        }
        var open = try await declare()
        while open.exit == 75 { open = try await declare() }
        #expect(
            open.exit == 6 && open.error.contains("next: apply its release again, which records how it ended"),
            "\(open.error)")
        try await world.applied()
        #expect(try await declare().exit == 0)
    }

    @Test("values that an earlier run has given to its task are hidden, though this one knows others")
    func values() async throws {
        let world = try await World()
        try world.manifest()
        let script = "touch begun; until test -f go; do sleep 0.05; done; echo user=$DB_USER; exit 1"
        try world.image("v1", migrate: .some(script))
        try await Self.detach(world)
        try world.manifest([
            "schema": ["database": "main", "version": "1", "migrate": ["environment": ["DB_USER": "another"]]]
        ])
        try Scratch.write("", to: world.folder + "/data/go")
        let failed = try await world.reconcile("apply", "m.json")
        #expect(failed.exit == 3 && failed.error.contains("user=***"), "\(failed.error)")
        let ledger = try await world.reconcile("ledger", "export", "m.json").out
        #expect(!(failed.out + failed.error + ledger).contains("canary-of-the-override"))
    }

    @Test("a plan says what follows the wait for an earlier migration")
    func overtaken() async throws {
        let world = try await World()
        try Self.hanging(world)
        try world.manifest(["schema": ["database": "main", "version": "1", "order": "integer"]])
        try await Self.detach(world)
        let same = try await world.reconcile("plan", "m.json")
        #expect(!same.out.contains("also migrates"), "\(same.out)")
        let other = try await world.reconcile("plan", "m.json", "--schema-version", "2")
        #expect(other.out.contains("once it has ended, apply also migrates for 2"), "\(other.out)")
    }

    @Test("a declared probe is asked before a person: what it finds in place is not done again")
    func probed() async throws {
        let world = try await World()
        try Self.probing(world, "echo looking; echo RECONCILE_SCHEMA=1")
        try Self.hanging(world, after: "echo v1 >> migrated")
        try await Self.detach(world)
        #expect(try await world.reconcile("resolve", "m.json", "schema/main", "--stop", "--reason", "x").exit == 0)
        let (_, events) = try await world.applied()
        #expect(events.contains { $0["event"] == "started" && $0["action"] == "probe" })
        #expect(world.migrated == ["v1"])
    }

    @Test("what the probe does not find is a failure, and the next run does it again")
    func probedInVain() async throws {
        let world = try await World()
        try Self.probing(world, "echo RECONCILE_SCHEMA=0")
        try Self.hanging(world)
        try await Self.detach(world)
        #expect(try await world.reconcile("resolve", "m.json", "schema/main", "--stop", "--reason", "x").exit == 0)
        let failed = try await world.reconcile("apply", "m.json")
        #expect(failed.exit == 3)
        #expect(failed.error.contains("the migration was cut off, and the database is at 0"))
        try world.image("v1")
        try await world.applied()
        #expect(world.migrated == ["v1"])
    }

    @Test(
        "a probe that cannot be understood leaves it to a person",
        arguments: [
            ("echo RECONCILE_SCHEMA=1 dirty", "and dirty"), ("exit 7", "exit code 7"), ("echo hello", "no line"),
        ])
    func unclear(script: String, told: String) async throws {
        let world = try await World()
        try Self.probing(world, script)
        try Self.hanging(world)
        try await Self.detach(world)
        #expect(try await world.reconcile("resolve", "m.json", "schema/main", "--stop", "--reason", "x").exit == 0)
        let undecided = try await world.reconcile("apply", "m.json")
        #expect(undecided.exit == 6)
        #expect(undecided.error.contains(told))
        #expect(world.migrated == [])
    }

    @Test("a migration that may be run again is run again, without a question")
    func rerunnable() async throws {
        let world = try await World()
        try world.manifest([
            "schema": ["database": "main", "version": "1", "migrate": ["rerunnable": true, "timeout": "10m"]]
        ])
        try Self.hanging(world)
        try await Self.detach(world)
        #expect(try await world.reconcile("resolve", "m.json", "schema/main", "--stop", "--reason", "x").exit == 0)
        #expect(try await world.reconcile("apply", "m.json").exit == 3)
        try world.image("v1")
        try await world.applied()
        #expect(world.migrated == ["v1"])
    }

    @Test("nothing is decided while a run goes on, and nothing is stopped that is not running")
    func refused() async throws {
        let world = try await World()
        try world.manifest()
        let idle = try await world.reconcile("resolve", "m.json", "schema/main", "--stop", "--reason", "x")
        #expect(idle.exit == 1)
        #expect(idle.error.contains("error[nothing-open]"))
        try Self.hanging(world)
        let script = """
            "$0" apply m.json >out 2>log & pid=$!
            until test -f data/begun; do sleep 0.02; done
            "$0" resolve m.json schema/main --stop --reason x >>out 2>>second; echo $? >code
            kill -INT $pid; wait $pid
            """
        _ = try await Outcome.of(
            "bash", ["-c", script, Project.reconcile], environment: world.environment, in: world.folder)
        #expect(try String(contentsOfFile: world.folder + "/code", encoding: .utf8) == "75\n")
    }

    @Test("a lost ledger is made anew from the marks, by hand as well")
    func rebuilt() async throws {
        let world = try await World()
        try world.manifest()
        try world.image("v1")
        try await world.applied()
        try FileManager.default.removeItem(atPath: world.folder + "/.reconcile")
        let rebuilt = try await world.reconcile("ledger", "rebuild", "m.json", "--from-aws")
        #expect(rebuilt.exit == 0, "\(rebuilt.error)")
        #expect(rebuilt.out.contains("learned from AWS\n  version 1\n"))
        let again = try await world.reconcile("ledger", "rebuild", "m.json", "--from-aws")
        #expect(again.out.contains("AWS knows nothing that it does not hold"))
        #expect(try await world.reconcile("plan", "m.json", "--detailed-exitcode").exit == 0)
        #expect(world.migrated == ["v1"])
    }

    @Test("a second signal changes nothing: the run still records its end and lets its locks go")
    func twoSignals() async throws {
        let world = try await World()
        try world.manifest()
        try Self.hanging(world, after: "echo v1 >> migrated")
        let script = """
            "$0" apply m.json >out 2>log & pid=$!
            until test -f data/begun; do sleep 0.02; done
            kill -INT $pid; kill -TERM $pid; wait $pid
            """
        let outcome = try await Outcome.of(
            "bash", ["-c", script, Project.reconcile], environment: world.environment, in: world.folder)
        #expect(outcome.exit == 130)
        let history = try await world.reconcile("history", "m.json", "--output", "json").out
        let run = try JSON.parse(String(history.split(separator: "\n")[0]))
        #expect(run["exit"] == 130)
    }
}
