import Base
import Ledger

/// How long a run has been waiting, and for what.
struct WaitClock {
    private let clock: EngineClock
    private var since: [ResourceID: Duration] = [:]
    private var isNear = false
    /// The longest pause before an end that is a matter of seconds.
    private static let nearPause = Duration.milliseconds(300)

    init(_ clock: EngineClock) { self.clock = clock }

    /// Ends the run where one of the waits, or the run as a whole, has lasted too long.
    ///
    /// - Throws: ``Failure`` with code `timed-out`: AWS is still working.
    mutating func check(_ waits: [Plan.Step]) throws(Failure) {
        let present = clock.elapsed()
        since = Dictionary(uniqueKeysWithValues: waits.map { ($0.resource, since[$0.resource] ?? present) })
        isNear = waits.contains { $0.change.patience?.isNear == true }
        for wait in waits {
            let patience = wait.change.patience
            let waited = present - (since[wait.resource] ?? present)
            if let patience, waited >= patience.limit {
                throw Self.timedOut(wait, after: patience.limit)
            }
            if let limit = clock.limit, clock.isOver {
                throw Self.timedOut(wait, after: limit)
            }
        }
    }

    /// The pause before the coming look: as short as the most urgent of the waits deserves.
    func pause() -> Duration {
        let present = clock.elapsed()
        let pause = PollSchedule.pause(after: since.values.map { present - $0 }.min() ?? .zero)
        return isNear ? min(pause, Self.nearPause) : pause
    }

    static func timedOut(_ wait: Plan.Step, after limit: Duration) -> Failure {
        let patience = wait.change.patience
        let hint =
            patience?.hint ?? "Run the same command again: it resumes from here, and takes over what is still running"
        return Failure(
            .timedOut, "gave up waiting after \(limit.text): \(wait.change.reason)", of: wait.resource,
            hint: "\(patience?.atWork ?? "AWS is still working.") \(hint)", cause: wait.change.notes)
    }
}

/// How long to wait before looking again: a twelfth of the time waited so far. What ends soon is seen soon, and what takes long
/// costs few calls. In the first five minutes never longer than a second: that is where someone waits for the end.
struct PollSchedule {
    private static let shortest = Duration.milliseconds(60)
    /// After the first five minutes: about one per cent of the wait.
    private static let longest = Duration.seconds(4)

    /// - Parameter waited: how long it has been waited for.
    static func pause(after waited: Duration) -> Duration {
        min(max(waited / 12, shortest), waited < .seconds(300) ? .seconds(1) : longest)
    }
}
