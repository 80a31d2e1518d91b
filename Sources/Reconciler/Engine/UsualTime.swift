import Base
import Ledger

/// How long a step took the last time, as the ledger knows it: around that time its end is looked for more often.
enum UsualTime {
    /// What takes less is seen soon enough.
    private static let shortest = Duration.seconds(1)

    private static func key(_ action: Action) -> FactKey<Int> { FactKey("took/\(action.rawValue)", keep: 8) }

    /// What the ledger learns of a step that has succeeded and was waited for.
    ///
    /// - Parameter took: nil if another run began it.
    static func facts(of intent: Intent, took: Duration?) -> [Fact] {
        guard let subject = intent.subject, intent.acceptance != nil, let took, took >= shortest else { return [] }
        return [Fact(subject, key(intent.action), took.milliseconds)]
    }

    /// nil where the ledger knows of none.
    static func of(_ intent: Intent, in ledger: Ledger) async throws(Failure) -> Duration? {
        guard let subject = intent.subject else { return nil }
        // No more than a hint: one that this release cannot read is none.
        return try await ledger.fact(subject, key(intent.action).name).flatMap(Int.init).map { .milliseconds($0) }
    }
}

/// How long to wait before looking again. What ends soon is seen soon, and what takes long costs few calls.
enum PollSchedule {
    private static let shortest = Duration.milliseconds(60)
    private static let shortestNear = Duration.milliseconds(40)

    /// A twelfth of the time waited so far. Where the usual time is known, the pause is twice as long before it, and short
    /// around it. After ten seconds it is one second at least, in any case.
    ///
    /// - Parameters:
    ///   - waited: how long it has been waited for.
    ///   - usual: how long the same took the last time.
    static func pause(after waited: Duration, usual: Duration? = nil) -> Duration {
        let pause = min(wanted(after: waited, usual), longest(after: waited))
        return waited < .seconds(10) ? pause : max(pause, .seconds(1))
    }

    private static func wanted(after waited: Duration, _ usual: Duration?) -> Duration {
        guard let usual, waited < usual * 1.2 else { return max(waited / 12, shortest) }
        // An end is recorded some calls after it came.
        let near = min(usual * 0.95, usual - .milliseconds(750))
        return waited < near ? max(min(waited / 6, near - waited), shortest) : max(usual / 120, shortestNear)
    }

    private static func longest(after waited: Duration) -> Duration {
        if waited < .seconds(10) { return .seconds(1) }
        return waited < .seconds(300) ? .seconds(2) : .seconds(4)
    }
}
