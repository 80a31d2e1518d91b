import Base
import Hashing
import JSON
import SQLite
import Time

/// A ledger to be looked at: nothing is made, mended or appended.
///
/// Unlike ``Ledger`` it can be opened where entries are damaged, and then reads as far as they verify.
public struct LedgerReader {
    private let file: LedgerFile
    private let chain: LedgerChain

    /// What a verification has found.
    public struct Verification: Sendable, Equatable {
        public let entries: Int64
        /// The newest run's number.
        public let epochs: Int64
        /// The last entry's digest, in hexadecimal: it vouches for all entries.
        public let head: String
        public let first: Timestamp?
        public let last: Timestamp?
    }

    /// - Throws: ``Failure`` with one of the `ledger-…` codes, also where there is no ledger.
    public init(path: String) throws(Failure) {
        file = try LedgerFile(existing: path)
        chain = LedgerChain(file: file)
    }

    /// Like ``init(path:)``; nil where there is no ledger, or an empty file for one that is yet to be made.
    public init?(ifThere path: String) throws(Failure) {
        if LedgerSite.isVacant(path) { return nil }
        try self.init(path: path)
    }

    public var path: String { file.path }
    public var lineage: String { file.lineage }
    public var format: Int64 { file.format }

    /// Hands on each entry that verifies, with its digest in hexadecimal, in order and without holding all of them.
    ///
    /// - Throws: ``Failure`` with code `ledger-damaged` that names the first entry that does not; those before it were
    ///   handed on.
    public func entries(_ visit: (Entry, _ digest: String) throws -> Void) throws(Failure) {
        do {
            // One moment: what another process appends meanwhile is not missing.
            try file.connection.snapshot {
                let end = try chain.walk { stored in
                    guard let entry = stored.entry else {
                        throw chain.damaged(at: stored.sequence, "it cannot be read")
                    }
                    try visit(entry, Hex.encode(stored.digest))
                }
                try file.checkLast(end.count)
            }
        } catch {
            throw LedgerFile.failure(error, path)
        }
    }

    /// Checks the file's pages, the whole chain, that each checkpoint follows from the entries before it,
    /// and that the facts next to the log are what the newest one names.
    ///
    /// - Throws: ``Failure`` with code `ledger-damaged` that names the place.
    public func verify() throws(Failure) -> Verification {
        let found: LedgerAudit.Finding
        let wrong: [FactPage]
        do {
            (found, wrong) = try file.connection.snapshot {
                let audit = LedgerAudit(file: file)
                let found = try audit.run()
                return (found, file.format == 1 ? [] : try audit.wrongPages(found))
            }
        } catch {
            throw LedgerFile.failure(error, path)
        }
        // After the chain: of two complaints, the one that names an entry says more.
        try file.checkPages()
        guard wrong.isEmpty else { throw LedgerFailure.wrongFacts(path, wrong.map(\.subject)) }
        return Verification(
            entries: found.place.count, epochs: found.state.epoch, head: Hex.encode(found.place.head),
            first: found.first, last: found.last)
    }
}
