import Synchronization
import Testing
import Time

@testable import AWS

@Suite("AWS's time")
struct ServerClockTests {
    /// One answer: when it came, by this process's own count, and how far its date was from the truth then; nil for none.
    struct Answer: Sendable {
        let at: Int64
        let off: Int64?

        init(_ at: Int64, _ off: Int64? = 0) {
            self.at = at
            self.off = off
        }
    }

    struct Row: Sendable {
        let story: String
        let answers: [Answer]
        /// How far the time is from the truth at the end; nil where it is not known.
        let off: Int64?
        /// How far the machine's clock is from the truth: what the calls were signed at.
        var machine: Int64 = 0
    }

    private static let truth: Int64 = 1_700_000_000

    @Test(
        "is what most answers agree on, and else not known",
        arguments: [
            Row(story: "no answer", answers: [], off: nil),
            Row(story: "one answer alone", answers: [Answer(1)], off: nil),
            Row(story: "answers without a date", answers: [Answer(1, nil), Answer(2, nil)], off: nil),
            Row(story: "two that agree", answers: [Answer(1), Answer(2)], off: 0),
            Row(story: "two that agree, long ago", answers: [Answer(1), Answer(2), Answer(9_000, nil)], off: 0),
            Row(story: "one jumps years ahead", answers: [Answer(1), Answer(2, 99_000_000), Answer(3)], off: 0),
            Row(story: "the first jumps", answers: [Answer(1, 200), Answer(2), Answer(3)], off: 0),
            Row(story: "one of two jumps", answers: [Answer(1, 200), Answer(2)], off: nil),
            Row(
                story: "it stands still from the third on",
                answers: [Answer(1), Answer(2), Answer(100, -98), Answer(200, -198)], off: nil),
            Row(
                story: "it stands still for hours",
                answers: [Answer(1), Answer(2), Answer(7_200, -7_198), Answer(7_300, -7_298)], off: 0),
            Row(story: "all are two hours behind", answers: [Answer(1, -7_200), Answer(2, -7_200)], off: nil),
            Row(
                story: "the machine is four minutes off", answers: [Answer(1), Answer(2)], off: 0, machine: 240),
            Row(story: "the machine is an hour off", answers: [Answer(1), Answer(2)], off: nil, machine: 3_600),
        ])
    func known(row: Row) {
        let now = Mutex<Int64>(0)
        let clock = ServerClock(
            machine: { Timestamp(seconds: Self.truth + now.withLock(\.self) + row.machine) },
            elapsed: { .seconds(now.withLock(\.self)) })
        for answer in row.answers {
            now.withLock { $0 = answer.at }
            let date = answer.off.map { Timestamp(seconds: Self.truth + answer.at + $0) }
            clock.record(date, signedAt: clock.now)
        }
        let expected = row.off.map { Timestamp(seconds: Self.truth + now.withLock(\.self) + $0) }
        #expect(clock.time == expected, "\(row.story)")
    }

    @Test("is never ahead of the dates that it was learned from", arguments: [0, 100, 500, 900])
    func behind(start: Int) {
        let now = Mutex(Duration.zero)
        let clock = ServerClock(
            machine: { Timestamp(seconds: Self.truth + now.withLock(\.self).components.seconds) },
            elapsed: { .milliseconds(start) + now.withLock(\.self) })
        for moment in [0, 200, 400, 600, 800, 999, 1_400] {
            now.withLock { $0 = .milliseconds(moment) }
            clock.record(Timestamp(seconds: Self.truth + Int64(moment / 1_000)), signedAt: clock.now)
            guard let time = clock.time else { continue }
            #expect(time.seconds <= Self.truth + Int64(moment / 1_000), "\(moment)")
        }
    }

    @Test("is learned after a signature was refused for its date")
    func corrected() {
        let clock = ServerClock(machine: { Timestamp(seconds: Self.truth + 3_600) }, elapsed: { .zero })
        clock.correct(to: Timestamp(seconds: Self.truth))
        #expect(clock.now == Timestamp(seconds: Self.truth))
        for _ in 0..<2 { clock.record(Timestamp(seconds: Self.truth), signedAt: clock.now) }
        #expect(clock.time == Timestamp(seconds: Self.truth))
    }
}
