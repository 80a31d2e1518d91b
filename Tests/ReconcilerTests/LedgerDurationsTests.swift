import JSON
import Testing
import Time

@testable import Reconciler

@Suite("What the ledger knows of durations")
struct LedgerDurationsTests {
    static let schema = ResourceID("schema", "main")

    /// Writes a step that one run begins and ends.
    static func step(
        _ ledger: Ledger, from began: Int64, to ended: Int64, _ resource: ResourceID = schema,
        action: String = "migrate", result: String = "succeeded", environment: String = "test", isAdopted: Bool = false
    ) async throws {
        var run = try await ledger.begin([:], environment: environment, time: .init(seconds: began), awsTime: nil)
        let intent = try await ledger.append(
            Draft(.intent, resource, token: "t", payload: ["action": .string(action)]), of: run,
            time: .init(seconds: began), awsTime: nil)
        if isAdopted {
            run = try await ledger.begin([:], environment: environment, time: .init(seconds: ended), awsTime: nil)
        }
        try await ledger.append(
            Draft(
                .outcome, resource, token: "t",
                payload: [
                    "intent": .integer(Int(intent.sequence)), "action": .string(action), "result": .string(result),
                ]), of: run, time: .init(seconds: ended), awsTime: nil)
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
            try await Self.step(ledger, from: 1_000, to: 1_000 + Int64(number))
            try await Self.step(ledger, from: 1_000, to: 1_500, action: "mark")
        }
        #expect(try await Self.durations(ledger) == (3...12).reversed().map { .seconds($0) })
    }

    @Test("failures, other resources, other environments and other actions are no history of a step")
    func others() async throws {
        let ledger = try TestTime.ledger()
        try await Self.step(ledger, from: 100, to: 130)
        try await Self.step(ledger, from: 200, to: 240, result: "failed")
        try await Self.step(ledger, from: 200, to: 240, result: "abandoned")
        try await Self.step(ledger, from: 200, to: 240, ResourceID("schema", "other"))
        try await Self.step(ledger, from: 200, to: 240, environment: "other")
        try await Self.step(ledger, from: 200, to: 240, action: "probe")
        #expect(try await Self.durations(ledger) == [.seconds(30)])
    }

    @Test("a step that a later run has ended, and one during which the clock was set back, are left out")
    func nonsense() async throws {
        let ledger = try TestTime.ledger()
        try await Self.step(ledger, from: 100, to: 130)
        try await Self.step(ledger, from: 200, to: 90_000, isAdopted: true)
        try await Self.step(ledger, from: 300, to: 250)
        #expect(try await Self.durations(ledger) == [.seconds(30)])
    }

    @Test("what lies far back is not looked for")
    func bounded() async throws {
        let ledger = try TestTime.ledger()
        try await Self.step(ledger, from: 100, to: 130)
        let run = try await ledger.begin([:], environment: "test", time: .init(seconds: 1), awsTime: nil)
        for number in 0..<2_000 {
            if number == 1_990 { #expect(try await Self.durations(ledger) == [.seconds(30)]) }
            try await ledger.append(
                Draft(.adopted, token: "", payload: [:]), of: run, time: .init(seconds: 1), awsTime: nil)
        }
        #expect(try await Self.durations(ledger).isEmpty)
    }

    @Test("a run that waits looks seldom before the end is due, for a ledger has shown how long it takes")
    func learned() async throws {
        let (fresh, seasoned) = (try TestTime.ledger(), try TestTime.ledger())
        for _ in 1...5 {
            try await Self.step(seasoned, from: 1_000, to: 1_600, ResourceID("thing", "a"), action: "update")
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
