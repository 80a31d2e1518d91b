import JSON
import Testing
import Time

@testable import Reconciler

@Suite("What the ledger knows of durations")
struct LedgerDurationsTests {
    static let schema = ResourceID("schema", "main")

    /// Writes a step.
    ///
    /// - Parameter took: nil where the run that ended it has not begun it.
    static func step(
        _ ledger: Ledger, took milliseconds: Int?, _ resource: ResourceID = schema, action: String = "migrate",
        result: String = "succeeded", environment: String = "test"
    ) async throws {
        let now = Timestamp(seconds: 1_000)
        let run = try await ledger.begin([:], environment: environment, time: now, awsTime: nil)
        let intent = try await ledger.append(
            Draft(.intent, resource, token: "t", payload: ["action": .string(action)]), of: run, time: now, awsTime: nil
        )
        var payload: JSON = [
            "intent": .integer(Int(intent.sequence)), "action": .string(action), "result": .string(result),
        ]
        payload["milliseconds"] = milliseconds.map { .integer($0) }
        try await ledger.append(
            Draft(.outcome, resource, token: "t", payload: payload), of: run, time: now, awsTime: nil)
    }

    static func durations(_ ledger: Ledger) async throws -> [Duration] {
        try await ledger.durations(of: schema, .migrate, environment: "test")
    }

    @Test("a new ledger knows none")
    func none() async throws {
        #expect(try await Self.durations(try TestTime.ledger()).isEmpty)
    }

    @Test("the latest successful steps of the same kind are told, newest first, and ten of them")
    func latest() async throws {
        let ledger = try TestTime.ledger()
        for number in 1...12 {
            try await Self.step(ledger, took: number)
            try await Self.step(ledger, took: 500, action: "mark")
        }
        #expect(try await Self.durations(ledger) == (3...12).reversed().map { .milliseconds($0) })
    }

    @Test("failures, other resources, other environments and other actions are no history of a step")
    func others() async throws {
        let ledger = try TestTime.ledger()
        try await Self.step(ledger, took: 30)
        try await Self.step(ledger, took: 40, result: "failed")
        try await Self.step(ledger, took: 40, result: "abandoned")
        try await Self.step(ledger, took: 40, ResourceID("schema", "other"))
        try await Self.step(ledger, took: 40, environment: "other")
        try await Self.step(ledger, took: 40, action: "probe")
        #expect(try await Self.durations(ledger) == [.milliseconds(30)])
    }

    @Test("a step that no run has seen from its beginning to its end is left out")
    func unseen() async throws {
        let ledger = try TestTime.ledger()
        try await Self.step(ledger, took: 30)
        try await Self.step(ledger, took: nil)
        #expect(try await Self.durations(ledger) == [.milliseconds(30)])
    }

    @Test("a run measures the steps that it begins and ends, and no others")
    func measured() async throws {
        let ledger = try TestTime.ledger()
        let world = World()
        world.mutate("a") { $0.slow = 30 }
        let context = TestTime.context(ledger)
        _ = try await ConvergerTests.apply([FakeResource("a", in: world)], context)
        let durations = try await ledger.durations(
            of: ResourceID("thing", "a"), .update, environment: context.environment)
        #expect(durations.count == 1)
        #expect(durations.allSatisfy { $0 > .zero && $0 <= context.clock.elapsed() })
    }

    @Test("what lies far back is not looked for")
    func bounded() async throws {
        let ledger = try TestTime.ledger()
        try await Self.step(ledger, took: 30)
        let run = try await ledger.begin([:], environment: "test", time: .init(seconds: 1), awsTime: nil)
        for number in 0..<2_000 {
            if number == 1_990 { #expect(try await Self.durations(ledger) == [.milliseconds(30)]) }
            try await ledger.append(
                Draft(.adopted, token: "", payload: [:]), of: run, time: .init(seconds: 1), awsTime: nil)
        }
        #expect(try await Self.durations(ledger).isEmpty)
    }

    @Test("a run that waits looks seldom before the end is due, for a ledger has shown how long it takes")
    func learned() async throws {
        let (fresh, seasoned) = (try TestTime.ledger(), try TestTime.ledger())
        for _ in 1...5 {
            try await Self.step(seasoned, took: 600_000, ResourceID("thing", "a"), action: "update")
        }
        var waited: [Duration] = []
        for ledger in [fresh, seasoned] {
            let world = World()
            world.mutate("a") { $0.slow = 30 }
            let context = TestTime.context(ledger)
            _ = try await ConvergerTests.apply([FakeResource("a", in: world)], context)
            waited.append(context.clock.elapsed())
        }
        // As many looks reach about as far again.
        #expect(waited[1] > waited[0] * 3 / 2)
    }
}
