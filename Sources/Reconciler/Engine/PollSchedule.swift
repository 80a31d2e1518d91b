/// How long to wait before looking again: a twelfth of the time waited so far. What ends soon is seen soon, what takes long
/// costs few calls, and the wait is never overshot by more than a small part of itself.
public struct PollSchedule: Sendable {
    private let shortest: Duration
    private let longest: Duration

    public init(shortest: Duration = .milliseconds(60), longest: Duration = .seconds(4)) {
        self.shortest = shortest
        self.longest = longest
    }

    /// The pause before the coming look.
    public func pause(after waited: Duration) -> Duration {
        min(max(waited / 12, shortest), longest)
    }
}
