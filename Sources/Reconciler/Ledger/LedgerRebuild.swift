import Glibc
import SQLite

/// Makes a ledger usable again from what of it verifies.
public struct LedgerRebuild {
    private let path: String

    /// What was done.
    public enum Result: Sendable, Equatable {
        /// Nothing: all of it verifies.
        case intact(entries: Int64)
        /// The views that did not follow from the entries were derived anew.
        case mended(views: [String], entries: Int64)
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

    /// Derives the views anew, or, where the file or its entries are damaged, puts a new ledger in its place.
    ///
    /// - Throws: ``Failure`` with one of the `ledger-…` codes where nothing can be read, or where another process has it
    ///   open; then nothing was changed.
    public func run() throws(Failure) -> Result { try run {} }

    /// - Parameter beforeSwap: is called when the new file is written, and before it takes the old one's place.
    func run(beforeSwap: () -> Void) throws(Failure) -> Result {
        // Held until the new file is in its place: what another appended to the old one meanwhile would be lost with it.
        let file = try opened()
        defer { withExtendedLifetime(file) {} }
        do {
            return try mend(file)
        } catch let error where error.code == .ledgerDamaged {
            let copy = try copy(file, damage: error)
            beforeSwap()
            let aside = try swap(file)
            return .replaced(Replacement(kept: copy.kept, lost: copy.lost, aside: aside, cause: copy.damage.cause))
        }
    }

    private func opened() throws(Failure) -> LedgerFile {
        do { return try LedgerFile(alone: path) } catch let error where error.code == .ledgerDamaged {
            throw LedgerFailure.beyondRepair(path, cause: error.cause)
        }
    }

    private struct Copy {
        var kept: Int64 = 0
        var lost: Int64?
        var damage: Failure
    }

    private func mend(_ file: LedgerFile) throws(Failure) -> Result {
        try file.checkPages()
        do {
            return try file.connection.transaction {
                let audit = LedgerAudit(file: file)
                let found = try audit.run()
                try audit.mend(found)
                if found.isSealed, !found.wrong.isEmpty { _ = try audit.seal(found) }
                return found.wrong.isEmpty
                    ? .intact(entries: found.place.count) : .mended(views: found.wrong, entries: found.place.count)
            }
        } catch {
            throw LedgerFile.failure(error, path)
        }
    }

    private var draft: String { path + ".rebuilt" }

    /// Writes what verifies into a new file beside the old one. The cache stays behind: AWS has it, too.
    private func copy(_ file: LedgerFile, damage: Failure) throws(Failure) -> Copy {
        // One that is there already was left by a rebuild that was cut off.
        for end in LedgerSite.sideFiles { unlink(draft + end) }
        let new = try LedgerFile(successor: draft, of: file)
        let writer = LedgerWriter(connection: new.connection)
        var copy = Copy(damage: damage)
        do {
            try new.connection.transaction {
                do {
                    var tail = LedgerTail()
                    try LedgerChain(file: file).verify { entry, link in
                        try tail.take(link)
                        tail.facts.removeAll(keepingCapacity: true)
                        try writer.store(entry, payload: link.row.text(8), digest: link.digest)
                        copy.kept += 1
                    }
                } catch let error as Failure where error.code == .ledgerDamaged {
                    // Up to here it verifies. The entry at which it ends says more than a page.
                    copy.damage = error
                }
            }
            try new.takeInLog()
        } catch {
            throw LedgerFile.failure(error, draft)
        }
        copy.lost = Self.count(in: file).map { max($0, Self.last(of: file)) - copy.kept }
        return copy
    }

    private static func count(in file: LedgerFile) -> Int64? {
        do { return try file.connection.query("SELECT count(*) FROM entry NOT INDEXED") { $0.integer(0) }.first } catch
        {
            return nil
        }
    }

    /// How many there were, where that is told: those that are gone cannot be counted.
    private static func last(of file: LedgerFile) -> Int64 {
        do { return try file.connection.query("SELECT sequence FROM last_entry") { $0.integer(0) }.first ?? 0 } catch {
            return 0
        }
    }

    /// Moves the damaged file aside and the new one into its place. At each moment there is a ledger at the path.
    private func swap(_ file: LedgerFile) throws(Failure) -> String {
        try file.takeInLog()
        for number in 1...9_999 {
            let aside = "\(path).damaged-\(number)"
            // A link never replaces what is there.
            if link(path, aside) != 0 {
                if errno == EEXIST { continue }
                throw failed(aside)
            }
            // Nothing is in the old log any more, and nobody may take it for the new file's.
            for end in LedgerSite.sideFiles.dropFirst() { unlink(path + end) }
            guard rename(draft, path) == 0 else { throw failed(path) }
            LedgerSite.sync(path)
            return aside
        }
        throw failed(path)
    }

    private func failed(_ target: String) -> Failure {
        SystemReason.failure("the damaged ledger \(path) cannot be moved to \(target)", errno)
    }
}
