/// Monotonic time of a simulated process: it passes where the process waits or calls, and nowhere else.
struct VirtualClock: Clock {
    struct Instant: InstantProtocol {
        let milliseconds: Int

        func advanced(by duration: Swift.Duration) -> Instant {
            Instant(milliseconds: milliseconds + duration.wholeMilliseconds)
        }

        func duration(to other: Instant) -> Swift.Duration { .milliseconds(other.milliseconds - milliseconds) }

        static func < (left: Instant, right: Instant) -> Bool { left.milliseconds < right.milliseconds }
    }

    let turnstile: Turnstile
    /// How fast it goes, in percent.
    var pace = 100
    /// Returns at a moment of the turnstile's.
    let wait: @Sendable (Int) async -> Void
    let isDead: @Sendable () -> Bool

    var now: Instant { Instant(milliseconds: turnstile.now * pace / 100) }
    var minimumResolution: Swift.Duration { .milliseconds(1) }

    func sleep(until deadline: Instant, tolerance: Swift.Duration?) async throws {
        try Task.checkCancellation()
        if isDead() { throw CancellationError() }
        await wait((deadline.milliseconds * 100 + pace - 1) / pace)
        try Task.checkCancellation()
    }
}

extension Duration {
    /// Rounded up: a wait that is too short would be a wait for nothing.
    fileprivate var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(seconds) * 1_000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
