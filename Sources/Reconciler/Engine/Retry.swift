/// Tries again what failed for a moment, a bounded number of times, each told.
public struct Retry: Sendable {
    private let context: Context
    private let attempts: Int
    private let told: @Sendable (Failure) -> Void

    /// - Parameters:
    ///   - attempts: failures in a row before one is taken as the end.
    ///   - told: of each failure after which it is tried again.
    public init(
        in context: Context, attempts: Int = 6, told: @escaping @Sendable (Failure) -> Void = { _ in }
    ) {
        self.context = context
        self.attempts = attempts
        self.told = told
    }

    /// Runs a reading until it succeeds, fails for good, or has failed too often.
    ///
    /// For readings only: a call that changes something is never simply made again.
    public func reading<Result>(_ body: () async throws(Failure) -> Result) async throws(Failure) -> Result {
        var failures = 0
        while true {
            do {
                return try await body()
            } catch let error where error.isTransient {
                failures += 1
                try await pause(after: error, failures: failures)
            }
        }
    }

    /// Waits before another try, longer each time and never quite as long as another run does; throws the failure where there have been enough.
    func pause(after failure: Failure, failures: Int) async throws(Failure) {
        guard failures <= attempts else { throw failure }
        told(failure)
        context.emit(.warning(failure.resource, "\(failure.summary); trying again"))
        try await context.clock.wait(.milliseconds(200 << min(failures, 6)) * (0.5 + context.jitter() / 2))
    }
}

extension EngineClock {
    /// Sleeps; an interruption is a ``Failure``.
    func wait(_ duration: Duration) async throws(Failure) {
        do { try await sleep(duration) } catch {
            throw Failure(
                .interrupted, "interrupted",
                hint: "run the same command again: it goes on from here, and adopts what is still running")
        }
    }
}
