import Foundation
import JSON
import Support
import Synchronization
import Testing

/// Migrations by a Lambda function, through the built command line and a sandbox whose functions are programs.
@Suite("A migration by a Lambda function")
struct LambdaTests {
    /// A world whose manifest names a function, and the function.
    static func world(_ script: String, _ changes: JSON = [:]) async throws -> World {
        // No container of it could run a migration once: no one asks.
        let world = try await World(container: ["restartPolicy": ["enabled": true]])
        try function(script, in: world)
        try world.image("v1", migrate: .some(nil))
        var migrate: JSON = [
            "runner": "lambda", "function": "migrator:live", "command": ["up"], "timeout": "10m",
            "environment": ["PASSWORD": "canary-of-the-function"],
        ]
        for member in changes.object?.members ?? [] { migrate[member.key] = member.value }
        try world.manifest(["schema": ["database": "main", "version": "1", "migrate": migrate]])
        return world
    }

    static func function(_ script: String, in world: World) throws {
        try Scratch.write("#!/bin/sh\n\(script)\n", to: world.folder + "/functions/migrator", executable: true)
    }

    @Test("is invoked once with all that it needs, and what it says of the database is believed")
    func success() async throws {
        let world = try await Self.world(
            """
            cat > payload; echo v1 >> migrated
            echo 'migrating with canary-of-the-function' >&2
            echo '{"schema":"1"}'
            """)
        let plan = try await world.reconcile("plan", "m.json")
        #expect(plan.out.contains("it is run by the Lambda function migrator:live"), "\(plan.out)")
        let first = try await world.applied()
        #expect(first.result["calls"]?["mutating"]?.integer == 4)
        #expect(first.events.contains { $0["event"] == "log" && $0["line"] == "migrating with ***" })
        #expect(first.events.contains { $0["event"] == "finished" && $0["summary"] == "migrated to 1" })
        let payload = try JSON.parse(try String(contentsOfFile: world.folder + "/data/payload", encoding: .utf8))
        #expect(payload["command"] == ["up"] && payload["version"] == "1" && payload["database"] == "main")
        #expect(payload["image"]?.string?.contains("/app@sha256:") == true)
        #expect(payload["environment"]?["PASSWORD"] == "canary-of-the-function")
        #expect(payload["token"]?.string?.count == 64)
        let second = try await world.applied()
        #expect(second.result["calls"]?["mutating"]?.integer == 0 && second.events.count == 1)
        #expect(world.migrated == ["v1"])
        let ledger = try await world.reconcile("ledger", "export", "m.json").out
        #expect(!ledger.contains("canary"))
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let script: String
        let exit: Int32
        let told: [String]
        var testDescription: String { name }
    }

    @Test(
        "that has not done it keeps every service where it is, and says why",
        arguments: [
            Row(
                name: "a program that fails", script: "echo 'no such table' >&2; exit 3", exit: 3,
                told: [
                    "error[migration-failed]: schema/main: the migration failed: the function migrator:live ended with exit "
                        + "code 1", "Runtime.ExitError", "    no such table\n",
                ]),
            Row(
                name: "an exit code that is returned", script: "echo half >&2; echo '{\"exitCode\":3}'", exit: 3,
                told: ["ended with exit code 3", "    half\n"]),
            Row(
                name: "another version", script: "echo RECONCILE_SCHEMA=0 >&2; echo null", exit: 3,
                told: ["the migration ended with exit code 0, but the database is at 0, and 1 is wanted"]),
            Row(
                name: "a dirty database", script: "echo '{\"schema\":\"1\",\"dirty\":true}'", exit: 6,
                told: ["error[schema-undecided]", "the database is at 1, and dirty"]),
        ])
    func failures(row: Row) async throws {
        let world = try await Self.world(row.script)
        let outcome = try await world.reconcile("apply", "m.json")
        #expect(outcome.exit == row.exit)
        for text in row.told { #expect(outcome.error.contains(text), "\(outcome.error)") }
        #expect(try world.state["services"]?.elements.first?["taskDefinition"]?.string?.hasSuffix("app:1") != false)
        #expect(try await world.page().contains("app:1"))
    }

    @Test("that is not there is told of, and nothing is left open")
    func missing() async throws {
        let world = try await Self.world("echo v1 >> migrated; echo null")
        try FileManager.default.removeItem(atPath: world.folder + "/functions/migrator")
        let outcome = try await world.reconcile("apply", "m.json")
        #expect(outcome.exit == 1)
        #expect(outcome.error.contains("there is no Lambda function migrator:live"))
        try Self.function("echo v1 >> migrated; echo null", in: world)
        try await world.applied()
        #expect(world.migrated == ["v1"])
    }

    @Test("whose answer is lost is not invoked again: a person is asked once it must have ended")
    func lost() async throws {
        let world = try await Self.world("echo v1 >> migrated; echo null", ["timeout": "60s"])
        let made = try Relay(to: world.port, breaks: true) { request, side in
            !(request.operation == "InvokeFunction" && side == .after)
        }
        let through = ["AWS_ENDPOINT_URL": made.url]
        #expect(try await world.reconcile("apply", "m.json", "--timeout", "15s", extra: through).exit == 5)
        // By AWS's clock the function has had its time.
        made.later.store(130, ordering: .relaxed)
        let undecided = try await world.reconcile("apply", "m.json", extra: through)
        #expect(undecided.exit == 6, "\(undecided.error)")
        #expect(undecided.error.contains("the function's answer never came, and Lambda cannot be asked for it again"))
        #expect(try await world.reconcile("apply", "m.json", extra: through).exit == 6)
        #expect(made.requests.count { $0.operation == "InvokeFunction" } == 1)
        #expect(world.migrated == ["v1"])
        let decided = try await world.reconcile(
            "resolve", "m.json", "schema/main", "--succeeded", "--reason", "the table is there", extra: through)
        #expect(decided.exit == 0, "\(decided.error)")
        try await world.applied()
        #expect(world.migrated == ["v1"])
    }

    @Test(
        "that outlives the run which has invoked it is waited for, and cannot be ended by hand",
        arguments: ["KILL", "INT"])
    func waiting(signal: String) async throws {
        let world = try await Self.world(
            "echo v1 >> migrated; touch begun; until test -f go; do sleep 0.02; done; echo null")
        let script = """
            "$0" apply m.json >out 2>log & pid=$!
            until test -f data/begun; do sleep 0.02; done
            kill -\(signal) $pid; wait $pid
            """
        let ended = try await Outcome.of(
            "bash", ["-c", script, Project.reconcile], environment: world.environment, in: world.folder)
        #expect(ended.exit == (signal == "KILL" ? 137 : 130))
        let plan = try await world.reconcile("plan", "m.json")
        #expect(plan.exit == 0)
        #expect(
            plan.out.contains("the migration's function is perhaps still running: its answer never came"), "\(plan.out)"
        )
        let stop = try await world.reconcile("resolve", "m.json", "schema/main", "--stop", "--reason", "x")
        #expect(stop.exit == 1 && stop.error.contains("a Lambda function cannot be ended from outside"))
        try Scratch.write("", to: world.folder + "/data/go")
        #expect(world.migrated == ["v1"])
    }
}
