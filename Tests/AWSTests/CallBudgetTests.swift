import Synchronization
import Testing

@testable import AWS

@Suite("The budget of calls")
struct CallBudgetTests {
    /// Time that a test moves.
    final class Hands: Sendable {
        let now = Mutex(Duration.zero)
        func pass(_ time: Duration) { now.withLock { $0 += time } }
    }

    static func budget(_ hands: Hands) -> CallBudget {
        CallBudget(elapsed: { hands.now.withLock(\.self) }, sleep: { hands.pass($0) })
    }

    @Test("lets a burst through at once, and then as many a second as AWS allows")
    func registrations() async {
        let hands = Hands()
        let budget = Self.budget(hands)
        for _ in 0..<20 { #expect(await budget.reserve("ecs:RegisterTaskDefinition") == .zero) }
        #expect(await budget.reserve("ecs:RegisterTaskDefinition") == .seconds(1))
        #expect(await budget.reserve("ecs:RegisterTaskDefinition") == .seconds(2))
        hands.pass(.seconds(3))
        #expect(await budget.reserve("ecs:RegisterTaskDefinition") == .zero)
    }

    @Test("families do not share a bucket, and what has none is never held up")
    func families() async {
        let budget = Self.budget(Hands())
        for _ in 0..<30 { _ = await budget.reserve("ecs:RegisterTaskDefinition") }
        #expect(await budget.reserve("ecs:RunTask") == .zero)
        for _ in 0..<1_000 { #expect(await budget.reserve("sts:GetCallerIdentity") == .zero) }
    }

    @Test(
        "never lets more through than the published burst and rate",
        arguments: ["ecs:UpdateService", "ecs:DescribeTasks"])
    func bound(operation: String) async throws {
        let hands = Hands()
        let budget = Self.budget(hands)
        let bucket = try #require(CallBudget.bucket(of: operation))
        for call in 1...500 {
            try await budget.take(operation)
            let seconds = hands.now.withLock(\.self) / .seconds(1)
            #expect(Double(call) <= bucket.burst + seconds * bucket.perSecond + 0.001)
        }
    }

    @Test("of many waits that ask as often as they may each gets its turn, and their sum is what AWS allows")
    func manyWaits() async throws {
        let hands = Hands()
        let budget = Self.budget(hands)
        let bucket = try #require(CallBudget.bucket(of: "ecs:DescribeTasks"))
        // Each asks again 60 ms after its answer, whatever the others do.
        var due = Array(repeating: Duration.zero, count: 100)
        var looks = Array(repeating: 0, count: due.count)
        var longest = Duration.zero
        var total = 0.0
        while let next = due.min(), next < .seconds(120), let wait = due.firstIndex(of: next) {
            hands.now.withLock { $0 = max($0, next) }
            let held = await budget.reserve("ecs:DescribeTasks")
            longest = max(longest, held)
            due[wait] = next + held + .milliseconds(60)
            looks[wait] += 1
            total += 1
        }
        #expect(total <= bucket.burst + 120 * bucket.perSecond + Double(due.count))
        #expect(longest <= .seconds(Double(due.count) / bucket.perSecond))
        #expect((looks.max() ?? 0) - (looks.min() ?? 0) <= 1)
    }

    @Test("a run that is ended while it waits has sent nothing")
    func cancelled() async {
        struct Ended: Error {}
        let budget = CallBudget(elapsed: { .zero }, sleep: { _ in throw Ended() })
        for _ in 0..<20 { _ = await budget.reserve("ecs:RegisterTaskDefinition") }
        await #expect(throws: Ended.self) { try await budget.take("ecs:RegisterTaskDefinition") }
    }
}
