import Base

/// Tries again what failed for a moment, a bounded number of times, and says so each time. A reading that AWS throttles is
/// repeated below it, with bounds of its own (`ReadPatience`).
public struct Retry: Sendable {
    private let context: Context
    private let attempts: Int

    /// - Parameter attempts: failures in a row before one is taken as the end.
    public init(in context: Context, attempts: Int = 6) {
        self.context = context
        self.attempts = attempts
    }

    /// Runs a reading until it succeeds, fails for good, or has failed too often.
    ///
    /// For readings only: a call that changes something is never simply made again.
    public func reading<Result>(_ body: () async throws(Failure) -> Result) async throws(Failure) -> Result {
        var tries = Tries()
        while true {
            do {
                return try await body()
            } catch let error where error.isTransient {
                tries.add(error)
                try await pause(after: error, tries)
            }
        }
    }

    /// Waits before another try, with exponential back-off and jitter.
    ///
    /// - Throws: the failure after too many tries; with code `deadline-reached` if the deadline comes before the next one.
    func pause(after failure: Failure, _ tries: Tries) async throws(Failure) {
        guard tries.count <= attempts else { throw tries.ending(with: failure) }
        let pause = .milliseconds(200 << min(tries.count, 6)) * (0.5 + context.jitter() / 2)
        if let limit = context.clock.limit, let remaining = context.clock.remaining, remaining <= pause {
            throw .deadlineReached(after: limit, last: tries.ending(with: failure))
        }
        // An interrupted call is not made again, and no one is told that it is.
        if Task.isCancelled { throw .interrupted }
        context.triesAgain(after: failure)
        try await context.clock.wait(pause)
    }
}
