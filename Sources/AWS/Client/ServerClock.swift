import Synchronization
import Time

/// What the servers' Date headers tell: AWS's time, and how far this machine's clock is from it.
public final class ServerClock: Sendable {
    private struct State {
        var latest: Timestamp?
        var skew: Int64 = 0
    }

    private let machine: @Sendable () -> Timestamp
    private let state = Mutex(State())

    /// - Parameter machine: this machine's clock.
    public init(machine: @escaping @Sendable () -> Timestamp) { self.machine = machine }

    /// AWS's time at its latest answer, or nil before the first.
    public var latest: Timestamp? { state.withLock(\.latest) }

    /// The moment to sign with: this machine's, corrected where it was seen to be more than 10 seconds off.
    public var now: Timestamp {
        let skew = state.withLock(\.skew)
        return machine().advanced(by: abs(skew) > 10 ? skew : 0)
    }

    func record(_ date: Timestamp?) {
        guard let date else { return }
        let skew = date.since(machine())
        state.withLock { state in
            state.latest = max(date, state.latest ?? date)
            state.skew = skew
        }
    }
}
