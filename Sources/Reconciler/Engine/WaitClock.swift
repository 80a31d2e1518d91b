import Base
import Ledger

/// How long a run has been waiting, and for what.
struct WaitClock {
    private let clock: EngineClock
    private var since: [ResourceID: Duration] = [:]
    /// How long the same took the last time, where that is known.
    private var usual: [ResourceID: Duration?] = [:]
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
        usual = usual.filter { since[$0.key] != nil }
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

    /// A step of a resource has begun: what was waited for before it does not count for its end.
    mutating func begin(_ resource: ResourceID) {
        since[resource] = nil
        usual[resource] = nil
    }

    /// Whether it was asked already how long a wait usually takes.
    func knowsUsual(of resource: ResourceID) -> Bool { usual[resource] != nil }

    /// - Parameter duration: nil where no one knows.
    mutating func expect(_ duration: Duration?, of resource: ResourceID) {
        usual.updateValue(duration, forKey: resource)
    }

    /// The pause before the coming look: as short as the most urgent of the waits deserves.
    func pause() -> Duration {
        let present = clock.elapsed()
        let pauses = since.map { PollSchedule.pause(after: present - $0.value, usual: usual[$0.key] ?? nil) }
        let pause = pauses.min() ?? PollSchedule.pause(after: .zero)
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
