/// How long to wait before looking again: often at first, for short work, then ever more rarely.
public struct PollSchedule: Sendable {
    private var next: Duration
    private let longest: Duration

    public init(first: Duration = .milliseconds(80), longest: Duration = .seconds(4)) {
        next = first
        self.longest = longest
    }

    /// The pause before the coming look.
    public mutating func pause() -> Duration {
        defer { next = min(next * 13 / 10, longest) }
        return next
    }
}
