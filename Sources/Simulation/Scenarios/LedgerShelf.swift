import FoundationEssentials
import SQLite

/// Where the ledgers of one play are kept.
struct LedgerShelf: Sendable {
    let folder: String

    /// - Parameter ledger: its name, or that of a ledger and, after a slash, of another one in the same folder.
    func path(of ledger: String) -> String {
        ledger.contains("/") ? "\(folder)/\(ledger).sqlite" : "\(folder)/\(ledger)/ledger.sqlite"
    }

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

    func damage(_ ledger: String, _ damage: Scenario.Damage) {
        let last = "WHERE sequence = (SELECT sequence FROM last_entry)"
        let statements =
            switch damage {
            case .changed: ["UPDATE entry SET payload = replace(payload, '0', '1') \(last)"]
            case .cutOff: ["DELETE FROM entry \(last)", "DELETE FROM fact \(last)"]
            }
        do {
            let connection = try Connection(path: path(of: ledger), create: false)
            for statement in statements { try connection.run(statement) }
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
