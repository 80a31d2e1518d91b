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
    /// Whether things that do not depend on each other are done one after another: then equal runs do the same in the same order.
    private let isInTurn: Bool

    /// - Parameter isInTurn: for a simulation, in which chance must not decide what comes first.
    public init<C: Clock>(
        _ clock: C, wall: @escaping @Sendable () -> Timestamp, isInTurn: Bool = false
    ) where C.Duration == Duration {
        let start = clock.now
        elapsed = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(until: clock.now.advanced(by: $0), tolerance: nil) }
        self.wall = wall
        self.isInTurn = isInTurn
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
        isInTurn = other.isInTurn
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
    /// Does things that do not depend on each other, side by side; returns when all are done.
    public func atOnce(_ works: [@Sendable () async -> Void]) async {
        guard works.count > 1, !isInTurn else {
            for work in works { await work() }
            return
        }
        await withTaskGroup { group in
            for work in works { group.addTask { await work() } }
        }
    }

    /// Does two things side by side; returns when both are done.
    public func beside<Result: Sendable>(
        _ other: @escaping @Sendable () async -> Void, _ body: () async -> Result
    ) async -> Result {
        if isInTurn {
            await other()
            return await body()
        }
        async let done: Void = other()
        let result = await body()
        await done
        return result
    }

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
