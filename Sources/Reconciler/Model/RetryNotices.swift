import Base
import Synchronization

/// How often this process tried again, and what of that it has said.
final class RetryNotices: Sendable {
    private struct State {
        var times: [String: Int] = [:]
        /// When each reason was last said.
        var said: [String: Duration] = [:]
    }

    /// The same reason is said once in this time: a throttled account gives it with every tenth call.
    private static let pause = Duration.seconds(10)

    private let clock: EngineClock
    private let state = Mutex(State())

    init(_ clock: EngineClock) { self.clock = clock }

    /// By failure code.
    var times: [String: Int] { state.withLock(\.times) }

    /// Counts a failure after which something is tried again.
    func count(_ failure: Failure) { state.withLock { $0.times[failure.code.rawValue, default: 0] += 1 } }

    /// Whether its reason was not said just now.
    func mayBeSaid(_ failure: Failure) -> Bool {
        let now = clock.elapsed()
        // Causes differ in their request's number.
        let reason = "\(failure.code.rawValue) \(failure.summary)"
        return state.withLock { state in
            if let last = state.said[reason], now - last < Self.pause { return false }
            state.said[reason] = now
            return true
        }
    }
}
