import Base

/// Where a ledger's entries are kept: a log that grows at its end, entry by entry, in one order for all who use it.
///
/// All that is read from it is verified by the chain first. A store decides one thing: which of two writers came first.
protocol LogStore {
    /// Whose log it is.
    var identity: LogIdentity { get }

    /// Where it ends, as far as this machine knows it to be whole.
    var end: LogPlace { get throws(Failure) }

    /// What follows from all entries, and where they end.
    ///
    /// - Parameter isReplay: whether all entries are read, for all facts; otherwise those from the newest checkpoint on.
    func open(isReplay: Bool) throws(Failure) -> (LogPlace, LedgerState)

    /// Hands on each entry after a place, in order.
    ///
    /// - Returns: the log's end.
    /// - Throws: ``Failure`` with code `ledger-damaged` that names the first entry that is not what it was.
    nonisolated(nonsending) func read(
        after place: LogPlace, _ take: (LogEntry) throws -> Void
    ) async throws(Failure) -> LogPlace

    /// One entry, checked against its own digest and its predecessor's.
    nonisolated(nonsending) func entry(_ sequence: Int64) async throws(Failure) -> LogEntry

    /// Appends entries at a place, all of them or none. When it returns, they survive any crash.
    ///
    /// - Parameter pages: those of a checkpoint among the entries, which take the place of earlier ones.
    /// - Returns: false where another user has appended there: then nothing was written, and the caller looks again.
    nonisolated(nonsending) func append(
        _ entries: [LogEntry], pages: [FactPage], at place: LogPlace
    ) async throws(Failure) -> Bool

    /// Has the next reading look for what others have appended, where that is not done at each.
    func expectNews()

    /// The page of a subject's facts as of the newest checkpoint; nil where there is none. Nothing vouches for it but the
    /// checkpoint's digest.
    func page(of subject: String) throws(Failure) -> String?
}

/// Which log a store holds, and whether it may be written here.
struct LogIdentity: Sendable {
    let lineage: String
    /// The key of fingerprints.
    let key: [UInt8]
    let isReadOnly: Bool
}
