import SQLite

/// Brings a ledger of format 1 into the present one: its entries are copied, each verified, into a new file that takes the
/// old one's place. The old file stays beside it, as `NAME.format-1-1`.
///
/// Entries and their digests are the same in both formats. Format 1 derived tables from them, which format 2 does not have.
struct LedgerMigration {
    let path: String

    /// - Throws: ``Failure`` with code `ledger-busy` where another process has the ledger open, `ledger-damaged` where an
    ///   entry does not verify; then nothing was changed.
    func run() throws(Failure) {
        let file: LedgerFile
        do { file = try LedgerFile(alone: path, patience: LedgerFile.patience) } catch let error
            where error.code == .ledgerMoved
        {
            // Another process has just done it.
            return
        }
        defer { withExtendedLifetime(file) {} }
        guard file.format == 1 else { return }
        let successor = LedgerSuccessor(path: path)
        if let damage = try successor.copy(file).damage { throw damage }
        _ = try successor.swap(file, aside: "format-1")
    }
}
