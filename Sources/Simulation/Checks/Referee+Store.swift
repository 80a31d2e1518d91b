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

    /// A process believes that the store has taken an entry.
    mutating func acknowledged(_ entry: Entry, by launch: Launch) {
        let entries = shadows[launch.ledger, default: Shadow()].entries
        let index = Int(entry.sequence) - 1
        guard entries.indices.contains(index), entries[index].kind == entry.kind, entries[index].epoch == entry.epoch,
            entries[index].token == entry.token, entries[index].payload.canonical == entry.payload.canonical
        else { return report("S18", "entry \(entry.sequence) is believed to be written, and is not there") }
    }
}
