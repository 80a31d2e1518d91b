import Base

/// Stands at the door of a ledger: asked before everything is read or written, and notified after each commit. No one is
/// there in production; a simulation waits, fails or dies there.
public protocol LedgerGate: Sendable {
    func pass(_ passage: LedgerPassage) async throws(Failure)
}

/// What is about to happen in a ledger, or has just happened.
public enum LedgerPassage: Sendable {
    case reading
    /// Nothing of it is on the disk yet.
    case writing(Draft)
    /// They are on the disk; the one who appended them does not know it yet.
    case written([Entry])
}
