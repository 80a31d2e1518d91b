import FoundationEssentials
import SQLite

/// Where the ledgers of one play are kept.
struct LedgerShelf: Sendable {
    let folder: String

    func path(of ledger: String) -> String { "\(folder)/\(ledger)/ledger.sqlite" }

    func remove(_ ledger: String) { remove(at: "\(folder)/\(ledger)") }

    /// No process has it open: SQLite has brought its side file into it.
    func copy(_ ledger: String) {
        remove(at: "\(folder)/\(ledger)-copy")
        move("\(folder)/\(ledger)", "\(folder)/\(ledger)-copy")
    }

    func restore(_ ledger: String) {
        remove(ledger)
        move("\(folder)/\(ledger)-copy", "\(folder)/\(ledger)")
    }

    /// Changes what the last entry says, in a way that SQLite has nothing against.
    func tamper(_ ledger: String) {
        do {
            try Connection(path: path(of: ledger), create: false).run(
                "UPDATE entry SET payload = replace(payload, '0', '1') WHERE sequence = (SELECT max(sequence) FROM entry)"
            )
        } catch {}
    }

    func clear() { remove(at: folder) }

    private func remove(at path: String) {
        do { try FileManager.default.removeItem(atPath: path) } catch {}
    }

    private func move(_ from: String, _ to: String) {
        do { try FileManager.default.copyItem(atPath: from, toPath: to) } catch {}
    }
}
