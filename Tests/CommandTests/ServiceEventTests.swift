import JSON
import Support
import Testing

/// What ECS says of a service for which it finds no room, through the built command line and a sandbox.
@Suite("service events")
struct ServiceEventTests {
    private static let said = "(service web) was unable to place a task"

    /// A world with room for the task that runs, and for no other.
    private func crowded(circuitBreaker: Bool) async throws -> World {
        let world = try await World(circuitBreaker: circuitBreaker, limits: ["capacity": 1])
        try world.manifest(["schema": .null, "services": [["name": "web", "timeout": "5s"]]])
        try world.image("v1")
        return world
    }

    @Test("a rollout without room and without a circuit breaker shows ECS's reason while it lasts and at its time-out")
    func withoutBreaker() async throws {
        let world = try await crowded(circuitBreaker: false)
        let apply = try await world.reconcile("apply", "m.json")
        #expect(apply.exit == 5, "\(apply.out)\(apply.error)")
        let lines = apply.error.split(separator: "\n")
        #expect(
            lines.contains { $0.contains("0 of 1 new tasks running, 1 old to stop; \(Self.said)") }, "\(apply.error)")
        let end = lines.firstIndex { $0.contains("error[timed-out]") } ?? lines.endIndex
        #expect(
            lines[end...].contains { $0.contains(Self.said) && !$0.contains("new tasks running") }, "\(apply.error)")
        for output in ["text", "json", "markdown"] {
            let status = try await world.reconcile("status", "m.json", "--output", output)
            #expect(status.out.contains("unable to place a task"), "\(status.out)")
        }
        let plan = try await world.reconcile("plan", "m.json", "--output", "json")
        let notes = try JSON.parse(plan.out)["changes"]?.elements.first?["notes"]?.elements.first?.string
        #expect(notes?.hasPrefix(Self.said) == true, "\(plan.out)")
    }

    @Test("a rollout without room that the circuit breaker gives up has ECS's reason among its causes")
    func withBreaker() async throws {
        let world = try await crowded(circuitBreaker: true)
        try world.manifest(["schema": .null, "services": [["name": "web", "timeout": "10m"]]])
        let apply = try await world.reconcile("apply", "m.json")
        #expect(apply.exit == 4, "\(apply.out)\(apply.error)")
        let end = apply.error.firstRange(of: "error[")?.lowerBound ?? apply.error.endIndex
        #expect(apply.error[end...].contains(Self.said), "\(apply.error)")
    }

    @Test("without a circuit breaker a rollout whose tasks end at once shows how they end, and what to do")
    func losses() async throws {
        // On a busy machine a program that ends at once may live for longer than the usual time.
        let world = try await World(circuitBreaker: false, limits: ["healthy": 5_000])
        try world.manifest(["schema": .null, "services": [["name": "web", "timeout": "6s"]]])
        try world.image("v1", serve: "echo cannot connect to the database with $CANARY; exit 7")
        let apply = try await world.reconcile("apply", "m.json")
        #expect(apply.exit == 5, "\(apply.out)\(apply.error)")
        let end = apply.error.firstRange(of: "error[timed-out]")?.lowerBound ?? apply.error.endIndex
        for part in [
            "container app: exit code 7", "cannot connect to the database", "web has no circuit breaker",
            "reconcile apply m.json --image-tag NEW",
        ] {
            #expect(apply.error[end...].contains(part), "\(apply.error)")
        }
        let status = try await world.reconcile("status", "m.json")
        #expect(status.out.contains("cannot connect to the database with ***"), "\(status.out)")
        let ledger = try await world.reconcile("ledger", "export", "m.json").out
        #expect(!(apply.out + apply.error + status.out + ledger).contains("canary"))
    }

    @Test("a value that an earlier apply has set is hidden in what the new release logs")
    func earlier() async throws {
        // As above: a program that ends at once may live for longer than the usual time.
        let world = try await World(circuitBreaker: false, limits: ["healthy": 5_000])
        func definition(_ value: String) throws {
            let environment: JSON = [["name": "DB_KEY", "value": .string(value)]]
            let text = World.definition("app", container: ["command": ["serve"], "environment": environment]).compact
            try Scratch.write(text, to: world.folder + "/t.json")
        }
        for tag in ["v1", "v2"] {
            try world.image(
                tag, serve: tag == "v1" ? nil : "echo still canary-of-old; exit 7",
                migrate: "echo \(tag) >> migrated; echo still canary-of-old")
            try definition(tag == "v1" ? "canary-of-old" : "canary-of-new")
            try world.manifest([
                "image": ["repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app", "tag": .string(tag)],
                "taskDefinition": ["file": "t.json"], "schema": ["database": "main", "version": "image"],
                "services": [["name": "web", "timeout": tag == "v1" ? "1m" : "6s"]],
            ])
            let outcome = try await world.reconcile("apply", "m.json")
            #expect(outcome.exit == (tag == "v1" ? 0 : 5), "\(outcome.error)")
            #expect(outcome.error.contains("still ***") && !outcome.error.contains("canary"), "\(outcome.error)")
        }
        let ledger = try await world.reconcile("ledger", "export", "m.json").out
        #expect(world.migrated == ["v1", "v2"] && !ledger.contains("canary"))
    }
}
