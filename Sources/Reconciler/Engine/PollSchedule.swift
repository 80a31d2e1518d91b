/// How long to wait before looking again.
///
/// Without history: a twelfth of the time waited so far. What ends soon is seen soon, what takes long costs few calls, and
/// the wait is never overshot by more than a small part of itself.
///
/// With an ``ExpectedEnd`` the pauses are twice as long before it, half as long around it, or a fourth where ten looks are
/// enough for that, and grow back to the steady ones where it has passed. Never longer than twice the steady pause, and
/// shorter than half for ten looks only: so a history that is wrong, whatever it says, costs at most twice the looks, and
/// overshoots at most twice as far, as none at all.
public struct PollSchedule: Sendable {
    private let shortest: Duration
    private let longest: Duration
    /// No pause is shorter than this, whatever is expected.
    static let floor = Duration.milliseconds(20)
    /// How often a narrow window is looked into.
    private static let looks = 10

    /// - Parameters:
    ///   - shortest: of the steady pauses.
    ///   - longest: of the steady pauses. Of ten minutes four seconds are less than one per cent, and somebody who watches
    ///     a rollout wants to see it move.
    public init(shortest: Duration = .milliseconds(60), longest: Duration = .seconds(4)) {
        self.shortest = shortest
        self.longest = longest
    }

    /// The pause before the coming look.
    ///
    /// - Parameters:
    ///   - waited: how long it has been waited for.
    ///   - expected: when it is likely to end, counted from where `waited` is.
    public func pause(after waited: Duration, expecting expected: ExpectedEnd? = nil) -> Duration {
        let steady = min(max(waited / 12, shortest), longest)
        guard let expected else { return steady }
        let enough = (expected.latest - expected.earliest) / Self.looks
        let eager = max(min(steady / 2, max(steady / 4, enough)), Self.floor)
        // The last pause before the window ends where the window begins, and not somewhere in it.
        if waited < expected.earliest { return min(steady * 2, max(expected.earliest - waited, eager)) }
        if waited <= expected.latest { return eager }
        return min(steady, eager + (waited - expected.latest) / 6)
    }
}
