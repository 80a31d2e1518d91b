/// What must have happened often enough for a campaign to have shown anything.
public enum Vacuity {
    /// Ways to recover, and ends that only a fault leads to, by the names of ``Tally``.
    static let branches = [
        "branch process died", "branch read of an older world", "branch clock corrected",
        "branch help for schema-undecided", "branch help for rollout-rolled-back", "branch help for timed-out",
        "entry unanswered task-definition", "entry unanswered schema", "entry unanswered service",
        "entry outcome register succeeded found", "entry outcome register abandoned",
        "entry outcome migrate failed", "entry outcome migrate abandoned",
        "entry outcome migrate succeeded a mark in AWS", "entry outcome migrate succeeded the probe found",
        "entry outcome probe succeeded", "entry outcome update abandoned", "entry outcome update failed",
        "entry outcome mark abandoned", "entry adopted schema",
        "end converged", "end migration-failed", "end migration-not-started", "end schema-undecided",
        "end rollout-rolled-back", "end rollout-refused", "end timed-out", "end interrupted", "end aws-denied",
        "end environment-locked", "end ledger-full", "end ledger-unreadable",
    ]

    public static let least = 50

    /// What happened too seldom, a line each.
    public static func gaps(in tally: Tally) -> [String] {
        (Fault.allCases.map { "fault \($0.rawValue)" } + branches)
            .filter { tally[$0] < least }
            .map { "\($0): \(tally[$0]) times, and \(least) are needed" }
    }
}
