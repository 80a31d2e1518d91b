import Base
import Dispatch
import Glibc
import Reconciler
import Synchronization

/// When an invocation ends, whatever it is doing then.
struct Deadline: Sendable {
    /// How long the invocation may take.
    let limit: Duration
    let start: ContinuousClock.Instant

    /// Of this process's one invocation; nil for commands that only read files and for the sandbox.
    static var current: Deadline? { invocation.withLock(\.self) }
    private static let invocation = Mutex<Deadline?>(nil)
    /// If `--timeout` does not say anything else.
    static let usual = Duration.seconds(2 * 3_600)
    /// How long after the deadline the process is ended if it has not ended by itself.
    private static let grace = Duration.milliseconds(1_500)

    /// Begins an invocation's time.
    static func begin(_ limit: Duration) {
        let deadline = Deadline(limit: limit, start: .now)
        invocation.withLock { $0 = deadline }
        deadline.enforce()
    }

    var spent: Duration { ContinuousClock.now - start }
    /// Zero or less after the deadline.
    var remaining: Duration { limit - spent }
    /// Of what has no turn any more.
    var failure: Failure {
        Failure(
            .deadlineReached, "not started: the time-out of \(limit.text) is over",
            hint: "run the same command again, with a longer --timeout")
    }

    /// What is left of a time, also for those who have no deadline.
    static func bounded(_ duration: Duration) -> Duration {
        current.map { min(duration, max($0.remaining, .zero)) } ?? duration
    }

    /// Ends the process shortly after the deadline if something cannot be interrupted, such as a pipe that no one reads or
    /// a disk that does not answer. What is under way in AWS is in the ledger by then, so the next run goes on from it.
    private func enforce() {
        let moment = DispatchTime.now() + .milliseconds(Int((remaining + Self.grace) / .milliseconds(1)))
        // A queue of its own has a thread of its own: the shared pool's threads may all be held by what is stuck.
        DispatchQueue(label: "deadline", qos: .userInteractive).asyncAfter(deadline: moment) {
            let code = OpenSteps.isAny ? Failure.Code.timedOut : .deadlineReached
            let text = Array(
                "error[\(code.rawValue)]: the time-out of \(limit.text) is over; run the same command again\n".utf8)
            var wanted = pollfd(fd: 2, events: Int16(POLLOUT), revents: 0)
            // Only if someone reads it: what holds the process may be this very stream.
            if poll(&wanted, 1, 0) == 1 { _ = write(2, text, text.count) }
            _exit(code.exit.rawValue)
        }
    }
}

/// A command whose time is bounded.
protocol Bounded {
    /// How long the whole command may take; nil for the usual bound.
    var timeLimit: Duration? { get }
}
