import Base
import Synchronization

/// How long this process has known intents, by its own monotonic clock: the only time that no other machine can get wrong.
public final class IntentClock: Sendable {
    private struct Meeting {
        let at: Duration
        /// Whether this process recorded the intent then.
        let isBirth: Bool
    }

    private let clock: EngineClock
    private let meetings = Mutex<[Int64: Meeting]>([:])

    init(_ clock: EngineClock) { self.clock = clock }

    /// This process has just recorded an intent.
    func recorded(_ intent: Int64) {
        let now = clock.elapsed()
        meetings.withLock { $0[intent] = Meeting(at: now, isBirth: true) }
    }

    /// How old an intent is at least, and whether that is its age: it is for one that this process recorded.
    public func age(of intent: Int64) -> (atLeast: Duration, isExact: Bool) {
        let now = clock.elapsed()
        let meeting = meetings.withLock { meetings in
            let meeting = meetings[intent] ?? Meeting(at: now, isBirth: false)
            meetings[intent] = meeting
            return meeting
        }
        return (now - meeting.at, meeting.isBirth)
    }
}
