import Foundation
import JSON
import Support
import Testing

/// A run ends by its deadline, whatever holds it up. No test asserts a time: one that hangs is ended by `timeout`, whose exit
/// code is 124, long after each deadline here.
@Suite("A deadline bounds everything")
struct DeadlineTests {
    static func bounded(
        _ arguments: [String], _ world: World, extra: [String: String] = [:], shell: String = ""
    ) async throws -> Outcome {
        let script = "exec timeout -s KILL 60 \"$0\" \"$@\" \(shell)"
        return try await Outcome.of(
            "bash", ["-c", script, Project.reconcile] + arguments,
            environment: world.environment.merging(extra) { $1 }, in: world.folder)
    }

    @Test(
        "an endpoint that accepts and never answers is given up at the deadline, and nothing is under way",
        arguments: [["apply"], ["plan"], ["drift"], ["status"], ["run"]])
    func silent(command: [String]) async throws {
        let world = try await World()
        try world.image("v1")
        try world.manifest()
        let server = try Relay(to: world.port) { _, _ in false }
        let rest = command == ["run"] ? ["--", "true"] : []
        let outcome = try await Self.bounded(
            command + ["m.json", "--timeout", "2s", "--endpoint-url", server.url] + rest, world)
        #expect(outcome.exit == 1, "\(outcome.exit) \(outcome.out)\(outcome.error)")
        #expect(outcome.error.contains("error[deadline-reached]"), "\(outcome.error)")
        #expect(outcome.error.contains("the time-out of 2s leaves no time for another attempt; nothing is under way"))
        #expect(outcome.error.contains("DescribeServices"), "\(outcome.error)")
        withExtendedLifetime(server) {}
    }

    @Test("a call that may have had its effect is still under way: exit 5")
    func lost() async throws {
        let world = try await World()
        try world.image("v1")
        try world.manifest()
        let relay = try Relay(to: world.port) { request, side in request.operation != "RunTask" || side == .before }
        let outcome = try await Self.bounded(
            ["apply", "m.json", "--timeout", "20s", "--endpoint-url", relay.url], world)
        #expect(outcome.exit == 5, "\(outcome.out)\(outcome.error)")
        #expect(outcome.error.contains("error[timed-out]"), "\(outcome.error)")
    }

    @Test("a look that has to be tried again says why", arguments: ["plan", "status", "drift"])
    func reasons(command: String) async throws {
        let world = try await World()
        try world.image("v1")
        try world.manifest()
        let relay = try Relay(to: world.port, breaks: true) { request, side in
            request.operation != "DescribeServices" || request.occurrence > 1 || side == .after
        }
        let outcome = try await world.reconcile(command, "m.json", "--endpoint-url", relay.url)
        #expect(outcome.exit == (command == "drift" ? 2 : 0), "\(outcome.error)")
        #expect(outcome.error.contains("warning: could not read"), "\(outcome.error)")
        #expect(outcome.error.contains("ecs:DescribeServices: ") && outcome.error.contains("; trying again"))
        let quiet = try await world.reconcile(command, "m.json", "--endpoint-url", relay.url, "--quiet")
        #expect(quiet.error.isEmpty)
    }

    @Test("a pipe that no one writes into is given up at the deadline", arguments: ["apply", "plan"])
    func pipe(command: String) async throws {
        let world = try await World()
        let outcome = try await Self.bounded(
            [command, "pipe", "--timeout", "1s", "--ledger", "l"], world, shell: "< /dev/null")
        #expect(outcome.exit == 65)
        _ = try await Outcome.of("mkfifo", ["pipe"], in: world.folder)
        let waiting = try await Self.bounded([command, "pipe", "--timeout", "1s", "--ledger", "l"], world)
        #expect(waiting.exit == 1, "\(waiting.error)")
        #expect(waiting.error.contains("pipe is still being written"), "\(waiting.error)")
    }

    @Test("a result that no one reads does not hold the process beyond the deadline")
    func output() async throws {
        let world = try await World()
        try world.image("v1")
        try world.manifest(["environment": .string(String(repeating: "x", count: 60))])
        _ = try await Outcome.of("mkfifo", ["out"], in: world.folder)
        // More than a pipe holds, and no more: the arguments are read before the time begins.
        let script = """
            sleep 100 < out & reader=$!
            timeout -s KILL 60 "$0" plan $(for n in $(seq 600); do echo missing-$n.json; done) --output json \
            --timeout 2s > out 2> /dev/null
            code=$?; kill $reader; exit $code
            """
        let outcome = try await Outcome.of(
            "bash", ["-c", script, Project.reconcile], environment: world.environment, in: world.folder)
        #expect(outcome.exit == 1)
    }
}
