import Base
import Ledger

/// Frees the locks of an environment and its database where the run that holds them does not come back.
public struct Unlocking: Sendable {
    private let locks: [String]
    private let context: Context

    /// - Parameter locks: those that a run of the environment takes.
    public init(_ locks: [String], in context: Context) {
        self.locks = locks
        self.context = context
    }

    /// nil for a ledger in a file: its locks end with the process that holds them.
    public func held() async throws(Failure) -> [HeldLock]? { try await context.ledger.heldLocks(locks) }

    /// Returns once none of their holders can make another call. The ledger has who did that, and from whom.
    public func free(_ held: [HeldLock], record: RunRecord) async throws(Failure) {
        var record = record
        record.unlocked = held.map { .members(["lock": $0.name, "holder": $0.holder]) }
        let (context, entry) = (context, record)
        try await context.ledger.takingAway(held, holder: context.holder(record), clock: context.clock) {
            () async throws(Failure) in
            try await Recorder.begin(entry, in: context).end(nil)
        }
    }
}
