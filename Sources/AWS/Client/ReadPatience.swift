/// How a reading that failed for a moment is sent again, call by call: what other calls have read is kept, so that a large
/// environment makes progress under any throttling that lets something through.
///
/// For calls that change nothing. A call that may have had an effect is never simply sent again.
public struct ReadPatience: Sendable {
    /// How long one call may go on being throttled.
    static let throttled = Duration.seconds(120)
    /// How often a call may fail in other ways, such as with a 5xx or a broken connection.
    static let tries = 6

    private let elapsed: @Sendable () -> Duration
    private let sleep: @Sendable (Duration) async throws -> Void
    private let jitter: @Sendable () -> Double
    private let report: @Sendable (AWSError) -> Void

    /// - Parameters:
    ///   - elapsed: monotonic time.
    ///   - sleep: returns after that time, or throws where the task is cancelled.
    ///   - jitter: a number from 0 up to 1.
    ///   - report: takes each failure after which the call is sent again.
    public init(
        elapsed: @escaping @Sendable () -> Duration, sleep: @escaping @Sendable (Duration) async throws -> Void,
        jitter: @escaping @Sendable () -> Double, report: @escaping @Sendable (AWSError) -> Void
    ) {
        self.elapsed = elapsed
        self.sleep = sleep
        self.jitter = jitter
        self.report = report
    }

    /// Makes a call until it succeeds, fails for good, or has failed for too long.
    ///
    /// - Parameters:
    ///   - remaining: how much time is left until the deadline, nil if there is none.
    ///   - slowDown: asked once AWS has throttled the call.
    public func reading<Answer>(
        remaining: () -> Duration?, slowDown: () async -> Void, call: () async throws(AWSError) -> Answer
    ) async throws(AWSError) -> Answer {
        let start = elapsed()
        var throttles = 0
        var failures = 0
        while true {
            do {
                return try await call()
            } catch let error where error.isTransient {
                if error.isThrottled { throttles += 1 } else { failures += 1 }
                let pause = pause(after: throttles + failures)
                guard failures <= Self.tries, throttles == 0 || elapsed() - start + pause <= Self.throttled else {
                    throw error.afterAllTries
                }
                // The deadline is the engine's to report.
                if let remaining = remaining(), remaining <= pause { throw error }
                report(error)
                if error.isThrottled { await slowDown() }
                do { try await sleep(pause) } catch _ { throw .cancelled(error.operation) }
            }
        }
    }

    /// Exponential, up to five seconds, with jitter so that callers that failed together do not try again together.
    public func pause(after failures: Int) -> Duration {
        min(.milliseconds(200 << min(failures, 6)), .seconds(5)) * (0.5 + jitter() / 2)
    }
}
