import Base
import JSON
import Ledger

/// Stands at the ledger's door for one process.
struct LedgerDoor: LedgerHook {
    let process: SimulatedProcess
    /// Where the play keeps its ledgers: another folder in each process, and so no part of a trace.
    let folder: String

    func pass(_ passage: LedgerMoment) async throws(Failure) {
        if process.isDead { throw Self.dead }
        if process.launch.machine != nil { return heard(passage) }
        switch passage {
        case .reading:
            if let fault = process.fault(at: .ledgerRead) { throw Self.broken(fault) }
        case .writing(let draft):
            await process.turn(after: 0)
            try before(draft)
        case .written(let entries): try after(entries)
        }
    }

    /// A shared ledger's faults are its bucket's. What its process believes to be written must be there.
    private func heard(_ passage: LedgerMoment) {
        guard case .written(let entries) = passage else { return }
        for entry in entries {
            if entry.kind == .run { process.epoch = entry.epoch }
            process.stage.use { $0.referee.acknowledged(entry, by: process.launch) }
        }
    }

    private func before(_ draft: Draft) throws(Failure) {
        let fault = process.fault(at: .ledgerWrite)
        process.pendingFault = nil
        switch fault {
        case nil: return
        case .crashBefore:
            process.die()
            throw Self.dead
        case .cancelled: process.cancel()
        case .diskFull, .diskBroken: throw Self.broken(fault ?? .diskBroken)
        default: process.pendingFault = fault
        }
    }

    private func after(_ entries: [Entry]) throws(Failure) {
        for entry in entries {
            if entry.kind == .run { process.epoch = entry.epoch }
            process.stage.use { state in
                state.trace.note(
                    "\(process.id) entry \(entry.sequence) \(entry.kind.rawValue) \(entry.token) "
                        + told(entry))
                state.tally.count("entry \(Self.name(of: entry))")
                state.referee.recorded(entry, by: process.launch, state.world)
            }
        }
        switch process.pendingFault {
        case .crashAfter:
            process.die()
            throw Self.dead
        case .lost: throw Self.broken(.diskBroken)
        case .cancelledAfter: process.cancel()
        default: return
        }
    }

    /// What an entry is about: which branches of recovery were taken can be read from it.
    private static func name(of entry: Entry) -> String {
        let action = entry.payload["action"]?.string ?? entry.resource?.kind ?? ""
        let result = entry.payload["result"]?.string ?? ""
        let summary = entry.payload["evidence"]?["summary"]?.string ?? ""
        let special = ["found", "a mark in AWS", "the probe found"].first { summary.hasPrefix($0) } ?? ""
        return [entry.kind.rawValue, action, result, special].filter { !$0.isEmpty }.joined(separator: " ")
    }

    private static let dead = Failure(.ledgerUnreadable, "the process is dead", hint: "nobody reads this")

    private static func broken(_ fault: Fault) -> Failure {
        fault == .diskFull
            ? Failure(.ledgerFull, "the disk is full", hint: "make room")
            : Failure(.ledgerUnreadable, "the disk is broken", hint: "mend it")
    }

    /// A checkpoint has digests of facts that may hold the folder's name.
    private func told(_ entry: Entry) -> String {
        entry.kind == .checkpoint ? "" : entry.payload.canonical.replacing(folder, with: "")
    }
}
