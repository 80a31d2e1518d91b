import Time

/// Time as the engine sees it: how long since the start, how to wait, how much is left, and what the calendar says to people.
public struct EngineClock: Sendable {
    /// Monotonic time since the clock was made.
    public let elapsed: @Sendable () -> Duration
    /// Returns after that time, at the deadline at the latest, or throws where the task is cancelled.
    public let sleep: @Sendable (Duration) async throws -> Void
    /// The machine's wall clock: shown, never decided by.
    public let wall: @Sendable () -> Timestamp
    /// How long the whole invocation may take; nil if nothing bounds it.
    public let limit: Duration?
    /// How much of the limit was used before the clock was made.
    private let spent: Duration

    public init<C: Clock>(_ clock: C, wall: @escaping @Sendable () -> Timestamp) where C.Duration == Duration {
        let start = clock.now
        elapsed = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(until: clock.now.advanced(by: $0), tolerance: nil) }
        self.wall = wall
        limit = nil
        spent = .zero
    }

    /// The same clock with a deadline. No sleep passes it.
    ///
    /// - Parameters:
    ///   - limit: how long the whole invocation may take.
    ///   - spent: how much of that was used before the clock was made.
    public func ending(after limit: Duration, spent: Duration = .zero) -> EngineClock {
        EngineClock(self, limit, spent)
    }

    private init(_ other: EngineClock, _ limit: Duration, _ spent: Duration) {
        elapsed = other.elapsed
        wall = other.wall
        self.limit = limit
        self.spent = spent
        sleep = { duration in
            try await other.sleep(min(duration, max(limit - spent - other.elapsed(), .zero)))
        }
    }

    /// What is left until the deadline: zero or less after it, nil if there is none.
    public var remaining: Duration? { limit.map { $0 - spent - elapsed() } }
    public var isOver: Bool { remaining.map { $0 <= .zero } ?? false }
}

extension EngineClock {
    /// Sleeps, at most until the deadline; an interruption is a ``Failure``.
    public func wait(_ duration: Duration) async throws(Failure) {
        do { try await sleep(duration) } catch { throw .interrupted }
    }
}

extension Failure {
    /// The end of an invocation at a signal.
    public static var interrupted: Failure {
        Failure(
            .interrupted, "interrupted",
            hint: "run the same command again: it resumes from here, and takes over what is still running")
    }

    /// The end of an invocation at its deadline.
    ///
    /// - Parameters:
    ///   - limit: how long the invocation could take.
    ///   - last: what failed last, and is not tried again because no time is left.
    public static func deadlineReached(after limit: Duration, last: Failure?) -> Failure {
        // To try again is said first.
        let advice = last?.hint.replacing(#/(, then |^)run the same command again/#.ignoresCase(), with: "") ?? ""
        let what = "the time-out of \(limit.text) " + (last == nil ? "is over" : "leaves no time for another attempt")
        return Failure(
            .deadlineReached, "\(what); nothing is under way", of: last?.resource,
            hint: "run the same command again, with a longer --timeout" + (advice.isEmpty ? "" : "; \(advice)"),
            cause: last.map { [$0.summary] + $0.cause } ?? [])
    }
}
