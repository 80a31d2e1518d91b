import Foundation
import Support
import Testing

/// The answer to a mutating call is lost, whether the call had its effect or not.
@Suite("A lost answer")
struct LostAnswerTests {
    /// A network that loses the first RunTask, or its answer.
    private static func relay(_ world: World, _ side: Relay.Side) throws -> Relay {
        try Relay(to: world.port, breaks: true) { request, at in
            !(request.operation == "RunTask" && request.occurrence == 1 && at == side)
        }
    }

    @Test("a migration that has failed by the time its start is sent again is run once, and is this run's failure")
    func failed() async throws {
        let world = try await World()
        try world.image("v1", migrate: "echo v1 >> migrated; echo out of order; exit 9")
        try world.manifest()
        let relay = try Self.relay(world, .after)
        let outcome = try await world.reconcile("apply", "m.json", extra: ["AWS_ENDPOINT_URL": relay.url])
        #expect(outcome.exit == 3, "\(outcome.error)")
        #expect(world.migrated == ["v1"])
        #expect(!outcome.error.contains("of an earlier run"), "\(outcome.error)")
        #expect(outcome.error.contains("exit code 9"), "\(outcome.error)")
    }

    @Test("a mark that may not have been set is announced by the plan, and set by the next apply")
    func mark() async throws {
        let world = try await World()
        try world.image("v1")
        try world.manifest()
        let relay = try Relay(to: world.port) { [folder = world.folder] request, at in
            guard request.operation == "TagResource", at == .before else { return true }
            let text = try? String(contentsOfFile: folder + "/pid", encoding: .utf8)
            if let pid = text.flatMap({ Int32($0.prefix { $0.isNumber }) }) { kill(pid, SIGKILL) }
            return false
        }
        let script = #""$0" apply m.json --endpoint-url "$1" & echo $! > pid; wait $!"#
        let killed = try await Outcome.of(
            "bash", ["-c", script, Project.reconcile, relay.url], environment: world.environment, in: world.folder)
        #expect(killed.exit == 137, "\(killed.error)")
        let plan = try await world.reconcile("plan", "m.json")
        #expect(plan.out.contains("note: apply marks app:2: an earlier run ended before it did"), "\(plan.out)")
        let second = try await world.applied()
        #expect(second.result["calls"]?["mutating"]?.integer == 2)
        #expect(try await !world.reconcile("plan", "m.json").out.contains("note:"))
    }

    @Test("an approved migration stays approved", arguments: Relay.Side.allCases)
    func approved(side: Relay.Side) async throws {
        let world = try await World()
        try world.image("v1")
        try world.manifest()
        #expect(try await world.reconcile("plan", "m.json", "--out", "p.json").exit == 0)
        let relay = try Self.relay(world, side)
        let outcome = try await world.reconcile("apply", "p.json", extra: ["AWS_ENDPOINT_URL": relay.url])
        #expect(outcome.exit == 0, "\(outcome.error)")
        #expect(world.migrated == ["v1"])
    }
}
