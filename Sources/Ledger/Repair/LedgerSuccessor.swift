import Base
import Glibc
import SQLite

/// A new file that takes the place of a ledger's: of the same lineage, with those entries of it that verify.
struct LedgerSuccessor {
    let path: String

    private var draft: String { path + ".rebuilt" }

    /// Writes what verifies into a new file next to the old one.
    ///
    /// - Returns: how many entries that are, and the damage at which they end, if there is any.
    func copy(_ file: LedgerFile) throws(Failure) -> (kept: Int64, damage: Failure?) {
        // One that is there already was left by a run that was cut off.
        for end in LedgerSite.sideFiles { unlink(draft + end) }
        let new = try LedgerFile(successor: draft, of: file)
        var (kept, damage) = (Int64(0), Failure?.none)
        var state = LedgerState()
        var last: LogEntry?
        do {
            try new.connection.transaction {
                do {
                    // Checkpoints are copied with the rest.
                    try LedgerChain(file: file).walk { entry in
                        guard entry.entry != nil else {
                            throw LedgerChain(file: file).damaged(at: entry.sequence, "it cannot be read")
                        }
                        if entry.kind == .checkpoint { for page in try state.facts.close() { try new.store(page) } }
                        try state.take(entry)
                        try new.store(entry)
                        (kept, last) = (kept + 1, entry)
                    }
                } catch let error as Failure where error.code == .ledgerDamaged {
                    // Up to here it verifies. The entry at which it ends says more than a page.
                    damage = error
                }
                if let last, state.isLong(LedgerState.interval) {
                    var batch = LedgerBatch(after: last.place, state)
                    try batch.addCheckpoint(last.time, last.awsTime)
                    for page in batch.pages { try new.store(page) }
                    for entry in batch.stored { try new.store(entry) }
                }
            }
            try new.takeInLog()
        } catch {
            throw LedgerFile.failure(error, draft)
        }
        return (kept, damage)
    }

    /// Moves the old file aside and the new one into its place. At each moment there is a ledger at the path.
    ///
    /// - Parameters:
    ///   - file: the old one, which no one else has open.
    ///   - name: what is added to its name, and to that a number where there is one already.
    /// - Returns: where the old one is now.
    func swap(_ file: LedgerFile, aside name: String) throws(Failure) -> String {
        try file.takeInLog()
        for number in 1...9_999 {
            let aside = "\(path).\(name)-\(number)"
            // A link never replaces what is there.
            if link(path, aside) != 0 {
                if errno == EEXIST { continue }
                throw failed(aside)
            }
            // Nothing is in the old log any more, and no one may take it for the new file's.
            for end in LedgerSite.sideFiles.dropFirst() { unlink(path + end) }
            guard rename(draft, path) == 0 else { throw failed(path) }
            LedgerSite.sync(path)
            return aside
        }
        throw failed(path)
    }

    private func failed(_ target: String) -> Failure {
        SystemReason.failure("the old ledger \(path) cannot be moved to \(target)", errno)
    }
}
