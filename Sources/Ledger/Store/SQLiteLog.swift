import Base
import SQLite

/// A log in a SQLite file on this machine.
final class SQLiteLog: LogStore {
    let file: LedgerFile
    private let chain: LedgerChain
    /// Changes whenever another connection has committed: what of the file was read last.
    private var version: Int64?

    init(_ file: LedgerFile) {
        self.file = file
        chain = LedgerChain(file: file)
    }

    var identity: LogIdentity { LogIdentity(lineage: file.lineage, key: file.key, isReadOnly: file.isReadOnly) }

    /// What follows from all entries, and where they end: from the newest checkpoint on, or from the first entry where there
    /// is none or something does not fit it.
    ///
    /// - Parameter isReplay: whether all entries are read, for all facts.
    func open(isReplay: Bool = false) throws(Failure) -> (LogPlace, LedgerState) {
        do {
            return try file.connection.snapshot {
                version = try file.dataVersion()
                if !isReplay {
                    if try file.isPlain(), let known = try sinceCheckpoint() { return known }
                    try file.checkPages()
                }
                let audit = try LedgerAudit(file: file).run()
                return (audit.place, audit.state)
            }
        } catch {
            throw LedgerFile.failure(error, file.path)
        }
    }

    /// nil where no checkpoint is, or where an entry does not verify, of which the whole check tells more.
    private func sinceCheckpoint() throws -> (LogPlace, LedgerState)? {
        guard let sequence = try file.newestCheckpoint() else { return nil }
        do {
            let checkpoint = try chain.entry(sequence)
            guard var state = LedgerState(checkpoint) else { return nil }
            let end = try chain.walk(from: checkpoint.place) { try state.follow($0) }
            try file.checkLast(end.count)
            return (end, state)
        } catch let error as Failure where error.code == .ledgerDamaged {
            return nil
        }
    }

    nonisolated(nonsending) func read(
        after place: LogPlace, _ take: (LogEntry) throws -> Void
    ) async throws(Failure) -> LogPlace {
        do {
            let now = try file.dataVersion()
            if now == version { return place }
            let end = try chain.walk(from: place, visit: take)
            version = now
            return end
        } catch {
            throw LedgerFile.failure(error, file.path)
        }
    }

    nonisolated(nonsending) func entry(_ sequence: Int64) async throws(Failure) -> LogEntry {
        try chain.entry(sequence)
    }

    nonisolated(nonsending) func append(
        _ entries: [LogEntry], pages: [FactPage], at place: LogPlace
    ) async throws(Failure) -> Bool {
        try await append(entries, pages: pages, at: place, object: nil)
    }

    /// - Parameter object: of a copy: the number that names the object with the last of these entries.
    nonisolated(nonsending) func append(
        _ entries: [LogEntry], pages: [FactPage], at place: LogPlace, object: Int64?
    ) async throws(Failure) -> Bool {
        do {
            return try file.transaction {
                guard try file.last() == place.count else {
                    // Read again whatever the file's version is; a rollback may have left it as it was.
                    version = nil
                    return false
                }
                for entry in entries { try file.store(entry) }
                for page in pages { try file.store(page) }
                if let object { try file.store(newestObject: object) }
                return true
            }
        } catch {
            throw LedgerFile.failure(error, file.path)
        }
    }

    /// Where it ends, as far as it is known to be whole.
    var end: LogPlace {
        get throws(Failure) {
            do {
                let last = try file.last() ?? 0
                return last <= file.base.count ? file.base : try chain.entry(last).place
            } catch {
                throw LedgerFile.failure(error, file.path)
            }
        }
    }

    /// The entries from the newest checkpoint on, or from the first one, and where they follow.
    func recent() throws(Failure) -> (before: LogPlace, entries: [LogEntry]) {
        do {
            let newest = try file.newestCheckpoint() ?? file.base.count + 1
            let before = newest > file.base.count + 1 ? try chain.entry(newest - 1).place : file.base
            var entries: [LogEntry] = []
            try chain.walk(from: before) { entries.append($0) }
            return (before, entries)
        } catch {
            throw LedgerFile.failure(error, file.path)
        }
    }

    /// What this connection has written for others is to be read like what others wrote.
    func expectNews() { version = nil }

    func page(of subject: String) throws(Failure) -> String? {
        do { return try file.page(of: subject) } catch { throw LedgerFile.failure(error, file.path) }
    }
}
