import AWS
import Ledger
import Reconciler

/// How long ago an intent was recorded. The clocks of two machines may differ, so it is known by AWS's clock, or by this
/// process's own for what it has recorded itself. Where it is not known, each question has the cautious answer.
struct IntentAge: Sendable, Equatable {
    /// In seconds; nil where it is not known.
    private let seconds: Int64?
    /// It is at least that old, in seconds: for as long this process has known the intent, or an entry after it is there.
    private let atLeast: Int64

    /// How long reads may still show what was before (ECS is eventually consistent). In seconds.
    static let settleBound: Int64 = 60
    /// How long a RunTask may be sent again with the same token: it lives at least an hour after its task stopped, and two of
    /// AWS's times may each be five minutes off. In seconds.
    private static let resendBound: Int64 = 45 * 60

    init(seconds: Int64?, atLeast: Int64 = 0) {
        // AWS's own clocks may be some seconds apart; a time that is farther ahead is not this intent's.
        self.seconds = seconds.flatMap { $0 > -Self.settleBound ? $0 : nil }
        self.atLeast = atLeast
    }

    init(_ intent: Intent, in context: Context) {
        let known = context.intentClock.age(of: intent.sequence)
        let own = known.atLeast.components.seconds
        let byAWS = intent.awsTime.flatMap { then in context.awsTime().map { $0.since(then) } }
        let sinceKnown = intent.knownSince.flatMap { then in context.awsTime().map { $0.since(then) } }
        self.init(seconds: known.isExact ? own : byAWS, atLeast: max(own, sinceKnown ?? 0))
    }

    /// Whether a read may not show yet what the intent has done.
    var maySeeStale: Bool { (seconds ?? atLeast) < Self.settleBound }

    /// Whether the intent's token surely is the one of the task that it has started, if it has.
    var mayResend: Bool { seconds.map { $0 < Self.resendBound } ?? false }

    /// Whether what it has started may go on, if that ends by itself after a time at most.
    func mayGoOn(_ bound: Duration) -> Bool { (seconds ?? atLeast) < bound.components.seconds + Self.settleBound }
}
