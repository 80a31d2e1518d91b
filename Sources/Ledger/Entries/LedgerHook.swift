import Base

/// A hook for simulations, nil in production: called before each read and write, and after each commit. It may wait, or fail.
public protocol LedgerHook: Sendable {
    func pass(_ passage: LedgerMoment) async throws(Failure)
}

/// What is about to happen in a ledger, or has just happened.
public enum LedgerMoment: Sendable {
    case reading
    /// Nothing of it is on the disk yet.
    case writing(Draft)
    /// They are on the disk; the one who appended them does not know it yet.
    case written([Entry])
}
