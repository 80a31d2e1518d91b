import Synchronization
import Time

/// AWS's time, as far as its answers prove it, and the time to sign with.
///
/// A `Date` alone proves nothing: a proxy may cache it, and a broken server may jump years ahead. A date counts if it is near
/// the moment that the call was signed at (AWS refuses signatures that are more than five minutes off), and the time is known
/// once most dates of this process agree with each other, each moved on by how much time has passed here since.
public final class ServerClock: Sendable {
    private struct State {
        /// Of each date that counts: how far it is ahead of this process's own count.
        var offsets: [Duration] = []
        /// What the machine's clock has to be corrected by, in seconds.
        var correction: Int64 = 0
    }

    /// How far a signature may be off. (AWS General Reference, "Signature Version 4": within five minutes.) In seconds.
    private static let tolerance: Int64 = 300
    /// How far the clocks of AWS's servers, and answers on their way, may be apart.
    private static let spread = Duration.seconds(30)
    private static let kept = 15

    private let machine: @Sendable () -> Timestamp
    /// Monotonic time.
    let elapsed: @Sendable () -> Duration
    private let state = Mutex(State())

    /// - Parameters:
    ///   - machine: this machine's clock.
    ///   - elapsed: monotonic time.
    public init(machine: @escaping @Sendable () -> Timestamp, elapsed: @escaping @Sendable () -> Duration) {
        self.machine = machine
        self.elapsed = elapsed
    }

    /// AWS's time now; nil where it is not known: then nothing may rest on it. A date tells whole seconds, so it may be a second
    /// behind and is never ahead: it is compared with times of what a call has brought about.
    public var time: Timestamp? {
        let offsets = state.withLock(\.offsets).sorted()
        guard offsets.count > 1 else { return nil }
        let median = offsets[offsets.count / 2]
        let agreeing = offsets.count { (median - Self.spread...median + Self.spread).contains($0) }
        guard agreeing > 1, agreeing * 2 > offsets.count else { return nil }
        return Timestamp(seconds: (elapsed() + median).components.seconds)
    }

    /// The moment to sign with: this machine's, corrected once AWS has refused a signature for its date.
    public var now: Timestamp { machine().advanced(by: state.withLock(\.correction)) }

    /// Whether an answer's date is near the moment that its call was signed at; false where that is not known.
    static func isInTime(_ date: Timestamp?, signedAt: Timestamp) -> Bool {
        date.map { abs($0.since(signedAt)) <= tolerance } ?? false
    }

    /// Takes note of an answer's date.
    func record(_ date: Timestamp?, signedAt: Timestamp) {
        guard let date, Self.isInTime(date, signedAt: signedAt) else { return }
        let offset = Duration.seconds(date.seconds) - elapsed()
        state.withLock { $0.offsets = $0.offsets.suffix(Self.kept - 1) + [offset] }
    }

    /// AWS has refused a signature because its date was too far off.
    func correct(to date: Timestamp?) {
        guard let date else { return }
        let correction = date.since(machine())
        state.withLock { $0.correction = correction }
    }
}
