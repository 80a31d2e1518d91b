import Time

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
