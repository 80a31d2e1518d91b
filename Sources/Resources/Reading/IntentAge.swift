import AWS
import Reconciler

/// How long ago an intent was recorded, by AWS's clock alone: those of two machines may differ.
struct IntentAge: Sendable, Equatable {
    /// In seconds; nil where AWS's time then or now is not known. That counts as old.
    private let seconds: Int64?

    /// How long reads may still show what was before (ECS is eventually consistent). In seconds.
    private static let settleBound: Int64 = 60
    /// How long a RunTask may be sent again with the same token: it lives at least an hour after its task stopped. In seconds.
    private static let resendBound: Int64 = 50 * 60

    init(seconds: Int64?) { self.seconds = seconds }

    init(_ intent: Intent, in context: Context) {
        seconds = intent.awsTime.flatMap { then in context.awsTime().map { $0.since(then) } }
    }

    /// Whether a read may not show yet what the intent has done.
    var maySeeStale: Bool { isWithin(Self.settleBound) }

    /// Whether the intent's token surely stands for the task that it has begun, if it has.
    var mayResend: Bool { isWithin(Self.resendBound) }

    /// Whether what it has begun may go on, where that ends by itself after a time at most.
    func mayGoOn(_ bound: Duration) -> Bool { isWithin(bound.components.seconds + Self.settleBound) }

    /// AWS's own clocks may be some seconds apart; a time that is farther ahead is none of this intent's.
    private func isWithin(_ bound: Int64) -> Bool {
        seconds.map { $0 > -Self.settleBound && $0 < bound } ?? false
    }
}
