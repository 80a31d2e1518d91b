import Base
import JSON
import Ledger

/// Ledgers that machines share.
extension Referee {
    /// A write arrives at the bucket.
    mutating func stored(_ write: Bucket.Write) {
        let name = write.key.drop { $0 != "/" }.dropFirst()
        switch write.condition {
        case .absent where name.hasPrefix("entries/"), .absent where name.hasPrefix("leases/"),
            .unchanged where name.hasPrefix("leases/"):
            break
        case let other where name.hasPrefix("entries/") || name.hasPrefix("leases/"):
            report("S18", "\(name) is written with the condition \(other)")
        default: break
        }
    }

    /// A call that changes something: its run must have the lock of its environment, and all locks that it took with it.
    mutating func holds(_ process: Int, _ operation: String, by launch: Launch, epoch: Int64, _ bucket: Bucket) {
        guard launch.machine != nil, !launch.isBeside else { return }
        let leases = bucket.objects.filter { $0.key.hasPrefix("\(launch.ledger)/leases/") }.compactMap { object in
            do { return try JSON.parse(object.value.body) } catch { return nil }
        }
        let holders = leases.filter { $0["released"] == false }.map { $0["holder"]?["pid"]?.integer }
        if holders.isEmpty || holders.contains(where: { $0 != process }) {
            report("S7", "\(operation) of process \(process), and the locks are held by \(holders)")
        }
        if epoch == 0 { report("S7", "\(operation) of a run that has not begun") }
    }

    /// What a machine adds to a shared ledger is there once, whatever it has heard of it.
    mutating func repeated(_ entry: Entry, by launch: Launch, in before: Shadow) {
        guard launch.machine != nil, entry.kind == .intent else { return }
        let isOpen = before.open.values.contains { open in
            open.token == entry.token && open.resource == entry.resource && open.epoch == entry.epoch
                && open.payload["action"] == entry.payload["action"]
        }
        if isOpen { report("S18", "the intent \(entry.sequence) is there already") }
    }

    /// No fault of a store damages a ledger.
    mutating func sound(_ ending: Failure?, of launch: Launch) {
        guard launch.machine != nil, let ending, [.ledgerDamaged, .ledgerForeign].contains(ending.code) else { return }
        report("S18", "\(ending.code.rawValue): \(ending.summary) \(ending.cause)")
    }

    /// A process believes that the store has taken an entry.
    mutating func acknowledged(_ entry: Entry, by launch: Launch) {
        let entries = shadows[launch.ledger, default: Shadow()].entries
        let index = Int(entry.sequence) - 1
        guard entries.indices.contains(index), entries[index].kind == entry.kind, entries[index].epoch == entry.epoch,
            entries[index].token == entry.token, entries[index].payload.canonical == entry.payload.canonical
        else { return report("S18", "entry \(entry.sequence) is believed to be written, and is not there") }
    }
}
