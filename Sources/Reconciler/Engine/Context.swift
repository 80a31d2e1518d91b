import Time

/// What an invocation lends to everything in it: time, the ledger, where to tell of progress. No globals anywhere else.
public struct Context: Sendable {
    public let environment: String
    public let ledger: Ledger
    public let clock: EngineClock
    /// AWS's time at its latest answer.
    public let awsTime: @Sendable () -> Timestamp?
    /// A number from 0 up to 1, so that runs which failed together do not try again together.
    public let jitter: @Sendable () -> Double
    public let emit: @Sendable (Event) -> Void

    public init(
        environment: String, ledger: Ledger, clock: EngineClock, awsTime: @escaping @Sendable () -> Timestamp?,
        jitter: @escaping @Sendable () -> Double, emit: @escaping @Sendable (Event) -> Void
    ) {
        self.environment = environment
        self.ledger = ledger
        self.clock = clock
        self.awsTime = awsTime
        self.jitter = jitter
        self.emit = emit
    }
}

/// Time as the engine sees it: how long since the start, how to wait, and what the calendar says to people.
public struct EngineClock: Sendable {
    /// Monotonic time since the clock was made.
    public let elapsed: @Sendable () -> Duration
    /// Returns after that time, or throws where the task is cancelled.
    public let sleep: @Sendable (Duration) async throws -> Void
    /// The machine's wall clock: shown, never decided by.
    public let wall: @Sendable () -> Timestamp

    public init<C: Clock>(_ clock: C, wall: @escaping @Sendable () -> Timestamp) where C.Duration == Duration {
        let start = clock.now
        elapsed = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(until: clock.now.advanced(by: $0), tolerance: nil) }
        self.wall = wall
    }
}
