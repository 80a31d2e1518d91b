import Testing

@testable import Reconciler

@Suite("The pace of waiting")
struct PollScheduleTests {
    /// Durations from 0.1 s to 30 min, a tenth apart.
    static let durations: [Duration] = (0...103).map { step in
        (0..<step).reduce(Duration.milliseconds(100)) { duration, _ in duration * 11 / 10 }
    }

    /// What waiting for something that ends after that time comes to.
    struct Wait {
        var looks = 0
        var waited = Duration.zero
        let overshoot: Duration

        init(for duration: Duration, expecting expected: ExpectedEnd?) {
            let schedule = PollSchedule()
            while waited < duration {
                waited += schedule.pause(after: waited, expecting: expected)
                looks += 1
            }
            overshoot = waited - duration
        }
    }

    static func expectation(_ seconds: [Int]) -> ExpectedEnd? { ExpectedEnd(seconds.map { .seconds($0) }) }

    @Test("without history a wait is overshot by a twelfth of itself at most, or 60 ms, or 4 s, with few looks")
    func steady() {
        for duration in Self.durations {
            let wait = Wait(for: duration, expecting: nil)
            #expect(wait.overshoot <= min(max(duration / 12, .milliseconds(60)), .seconds(4)), "\(duration)")
            #expect(wait.looks <= 66 + Int(duration / .seconds(4)), "\(duration)")
        }
    }

    @Test("what takes as long as ever is overshot by a twentieth of itself at most, or 100 ms, with fewer looks")
    func learned() {
        for duration in Self.durations where duration >= .seconds(10) {
            let seconds = Int(duration.components.seconds)
            let expected = Self.expectation([seconds, seconds + 1, seconds - 1, seconds, seconds])
            let (wait, steady) = (Wait(for: duration, expecting: expected), Wait(for: duration, expecting: nil))
            #expect(wait.overshoot <= max(duration / 20, .milliseconds(100)), "\(duration)")
            #expect(wait.looks * 10 <= steady.looks * 8, "\(duration)")
        }
    }

    @Test(
        "a history that is wrong costs at most twice the looks and overshoots at most twice as far as none",
        arguments: [
            [], [0], [0, 0, 0, 0], [1], [2], [30], [30, 30, 30, 30, 30], [86_400], [.max], [-5], [0, 0, 30],
            [30, 31, 29, 86_400], [1, 10, 100, 1_000, 10_000], [3, 3, 3, 600, 600, 600],
        ] as [[Int]])
    func wrong(history: [Int]) {
        let expected = Self.expectation(history)
        for duration in Self.durations {
            let (wait, steady) = (Wait(for: duration, expecting: expected), Wait(for: duration, expecting: nil))
            #expect(wait.looks <= steady.looks * 2, "\(duration)")
            #expect(wait.overshoot <= min(max(duration / 6, .milliseconds(120)), .seconds(8)), "\(duration)")
        }
    }

    @Test("no expectation whatsoever makes a pause shorter than 20 ms or longer than 8 s, or a fourth or double")
    func bounds() {
        let schedule = PollSchedule()
        let edges: [Duration] = [
            .seconds(-100_000), .seconds(-1), .zero, .milliseconds(1), .seconds(30), .seconds(90_000),
        ]
        for waited in [Duration.zero, .milliseconds(60)] + Self.durations {
            let steady = schedule.pause(after: waited)
            for earliest in edges {
                for latest in edges where latest >= earliest {
                    let pause = schedule.pause(
                        after: waited, expecting: ExpectedEnd(earliest: earliest, latest: latest))
                    #expect(pause >= .milliseconds(20) && pause <= .seconds(8))
                    // Fourths are rounded down.
                    #expect(pause * 4 + .nanoseconds(3) >= steady && pause <= steady * 2)
                }
            }
        }
    }

    @Test("pauses are long before the end is due, short around it, and grow again when it is late")
    func shape() throws {
        let expected = try #require(Self.expectation([60, 58, 62, 60, 61]))
        let schedule = PollSchedule()
        let pauses = [30, 50, 60, 66, 70, 100].map {
            schedule.pause(after: .seconds($0), expecting: expected)
        }
        #expect(pauses[0] == .seconds(5))
        #expect(pauses[1] == expected.earliest - .seconds(50))
        #expect(pauses[2] == .milliseconds(1_200))
        #expect(pauses[3] == .milliseconds(1_200))
        #expect(pauses[4] > .milliseconds(1_200) && pauses[4] < .seconds(4))
        #expect(pauses[5] == .seconds(4))
    }

    @Test("an expectation lies around the median, as wide as durations differ, and ignores a few that are far off")
    func window() {
        #expect(Self.expectation([30]) == ExpectedEnd(earliest: .seconds(27), latest: .seconds(33)))
        #expect(Self.expectation([30, 28, 32, 30, 5_000]) == ExpectedEnd(earliest: .seconds(24), latest: .seconds(36)))
        #expect(Self.expectation([1]) == ExpectedEnd(earliest: .milliseconds(900), latest: .milliseconds(1_100)))
        #expect(
            Self.expectation([1, 1_000, 2_000]) == ExpectedEnd(earliest: .seconds(500), latest: .seconds(1_500)))
    }

    @Test("durations that say nothing make no expectation")
    func nothing() {
        for history in [[], [0], [-30, -30], [100_000], [0, 0, 30]] {
            #expect(Self.expectation(history) == nil, "\(history)")
        }
        #expect(ExpectedEnd([.milliseconds(199)]) == nil)
        #expect(Self.expectation([-30, 100_000, 30]) == Self.expectation([30]))
    }
}
