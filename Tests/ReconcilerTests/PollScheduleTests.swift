import Testing

@testable import Base
@testable import Ledger
@testable import Reconciler

@Suite("The pace of waiting")
struct PollScheduleTests {
    /// How much later than a step's end it is seen, and after how many looks.
    private static func watched(_ duration: Duration, usual: Duration? = nil) -> (lag: Duration, looks: Int) {
        var (waited, looks) = (Duration.zero, 0)
        while waited < duration {
            waited += PollSchedule.pause(after: waited, usual: usual)
            looks += 1
        }
        return (waited - duration, looks)
    }

    @Test("a wait is overshot by a twelfth of itself at most, or 60 ms, and by two seconds in the first five minutes")
    func overshoot() {
        // From 0.1 s to 30 min, a tenth apart.
        var duration = Duration.milliseconds(100)
        while duration < .seconds(1_800) {
            let (lag, looks) = Self.watched(duration)
            let longest = duration < .seconds(300) ? Duration.seconds(2) : .seconds(4)
            let share = duration < .seconds(10) ? duration / 12 : max(duration / 12, .seconds(1))
            #expect(lag <= min(max(share, .milliseconds(60)), longest), "\(duration)")
            #expect(looks <= 60 + Int(min(duration, .seconds(300)) / .seconds(2)) + Int(duration / .seconds(4)))
            duration = duration * 11 / 10
        }
    }

    @Test("a pause never gets shorter while it is waited for what no one knows")
    func growing() {
        let pauses = (0...4_000).map { PollSchedule.pause(after: .milliseconds($0 * 100)) }
        #expect(zip(pauses, pauses.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(pauses.first == .milliseconds(60) && pauses.last == .seconds(4))
    }

    @Test(
        "what takes about as long as the last time is seen soon after its end, with few looks more, or with fewer",
        arguments: [(2.0, 0.06), (5, 0.06), (8, 0.08), (20, 1), (60, 1), (90, 1), (200, 2), (1_000, 4)])
    func usual(seconds: Double, lag: Double) {
        let usual = Duration.seconds(seconds)
        for share in [0.96, 1, 1.04, 1.15] {
            let watched = Self.watched(usual * share, usual: usual)
            #expect(watched.lag <= .seconds(lag), "\(share)")
        }
        let more = Self.watched(usual, usual: usual).looks - Self.watched(usual).looks
        #expect(more <= (seconds < 10 ? 8 : 0))
    }

    @Test("what ends much sooner or later than the last time is not lost sight of", arguments: [0.1, 0.5, 0.8, 1.3, 3])
    func unusual(share: Double) {
        for usual in [Duration.seconds(5), .seconds(60), .seconds(200)] {
            #expect(
                Self.watched(usual * share, usual: usual).lag <= min(max(usual * share / 6, .seconds(1)), .seconds(2)))
        }
    }

    @Test("after ten seconds it looks once a second at most, whatever it knows")
    func seldom() {
        for usual in [nil, 5, 11, 60, 600].map({ $0.map { Duration.seconds($0) } }) {
            let pauses = (100...4_000).map { PollSchedule.pause(after: .milliseconds($0 * 100), usual: usual) }
            #expect(pauses.allSatisfy { $0 >= .seconds(1) })
        }
    }

    @Test("the ledger keeps how long a step took the last time, of steps that take a second and more")
    func kept() async throws {
        let world = World()
        let ledger = try TestTime.ledger()
        let context = TestTime.context(ledger)
        for (slow, isKept) in [(3, false), (60, true)] {
            world.mutate("a") { thing in
                (thing.value, thing.slow) = ("old", slow)
            }
            _ = try await ConvergerTests.apply([FakeResource("a", in: world)], context)
            let took: String? = try await ledger.fact("thing/a", "took/update")
            #expect((took != nil) == isKept)
        }
    }
}
