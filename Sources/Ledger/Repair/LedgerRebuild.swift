import Base
import SQLite

/// Makes a ledger usable again from what of it verifies.
public struct LedgerRebuild {
    private let path: String

    /// What was done.
    public enum Result: Sendable, Equatable {
        /// Nothing: all of it verifies.
        case intact(entries: Int64)
        /// All entries verify; the facts of these subjects did not follow from them, and were derived again.
        case mended(facts: [String], entries: Int64)
        /// The damaged file was moved aside, and a new one holds what was kept.
        case replaced(Replacement)
    }

    /// A damaged ledger's successor: of the same lineage, with the entries before the damage.
    public struct Replacement: Sendable, Equatable {
        public let kept: Int64
        /// The entries from the damage on; nil where they cannot be counted.
        public let lost: Int64?
        /// Where the damaged file is now.
        public let aside: String
        /// The damage.
        public let cause: [String]
    }

    public init(path: String) { self.path = path }

    /// Puts a new ledger in its place where the file or its entries are damaged.
    ///
    /// - Throws: ``Failure`` with one of the `ledger-…` codes where nothing can be read, or where another process has it
    ///   open; then nothing was changed.
    public func run() throws(Failure) -> Result { try run {} }

    /// - Parameter beforeSwap: is called when the new file is written, and before it takes the old one's place.
    func run(beforeSwap: () -> Void) throws(Failure) -> Result {
        // Held until the new file is in its place: what another appended to the old one meanwhile would be lost with it.
        let file = try opened()
        defer { withExtendedLifetime(file) {} }
        if file.isCopy { throw LedgerFailure.copyIsNotRebuilt(path) }
        do {
            return try mend(file)
        } catch let error where error.code == .ledgerDamaged {
            let successor = LedgerSuccessor(path: path)
            let (kept, damage) = try successor.copy(file)
            beforeSwap()
            let aside = try successor.swap(file, aside: "damaged")
            let lost = Self.count(in: file).map { max($0, Self.last(of: file)) - kept }
            return .replaced(Replacement(kept: kept, lost: lost, aside: aside, cause: (damage ?? error).cause))
        }
    }

    private func opened() throws(Failure) -> LedgerFile {
        do { return try LedgerFile(alone: path) } catch let error where error.code == .ledgerDamaged {
            throw LedgerFailure.beyondRepair(path, cause: error.cause)
        }
    }

    private func mend(_ file: LedgerFile) throws(Failure) -> Result {
        try file.checkPages()
        do {
            return try file.connection.transaction {
                let audit = LedgerAudit(file: file)
                let found = try audit.run()
                let wrong = file.format == 1 ? [] : try audit.wrongPages(found)
                for page in wrong { try file.store(page) }
                return wrong.isEmpty
                    ? .intact(entries: found.place.count)
                    : .mended(facts: wrong.map(\.subject), entries: found.place.count)
            }
        } catch {
            throw LedgerFile.failure(error, path)
        }
    }

    private static func count(in file: LedgerFile) -> Int64? {
        do { return try file.connection.query("SELECT count(*) FROM entry NOT INDEXED") { $0.integer(0) }.first } catch
        {
            return nil
        }
    }

    /// How many there were, where that is known: those that are gone cannot be counted.
    private static func last(of file: LedgerFile) -> Int64 {
        do { return try file.last() ?? 0 } catch { return 0 }
    }
}
