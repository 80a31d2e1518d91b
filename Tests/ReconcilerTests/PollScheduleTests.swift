import Testing

@testable import Reconciler

@Suite("The pace of waiting")
struct PollScheduleTests {
    @Test("a wait is overshot by a twelfth of itself at most, or 60 ms, and by a second in the first five minutes")
    func overshoot() {
        // From 0.1 s to 30 min, a tenth apart.
        var duration = Duration.milliseconds(100)
        while duration < .seconds(1_800) {
            var (waited, looks) = (Duration.zero, 0)
            while waited < duration {
                waited += PollSchedule.pause(after: waited)
                looks += 1
            }
            let longest = duration < .seconds(300) ? Duration.seconds(1) : .seconds(4)
            #expect(waited - duration <= min(max(duration / 12, .milliseconds(60)), longest), "\(duration)")
            #expect(looks <= 50 + Int(min(duration, .seconds(300)) / .seconds(1)) + Int(duration / .seconds(4)))
            duration = duration * 11 / 10
        }
    }

    @Test("a pause never gets shorter while it is waited for")
    func growing() {
        let pauses = (0...4_000).map { PollSchedule.pause(after: .milliseconds($0 * 100)) }
        #expect(zip(pauses, pauses.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(pauses.first == .milliseconds(60) && pauses.last == .seconds(4))
    }
}
