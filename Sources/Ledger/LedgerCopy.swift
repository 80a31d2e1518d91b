import Base
import Hashing

/// Copies a ledger to another place: all entries in the same chain, of the same lineage. What was interrupted goes on.
public struct LedgerCopy {
    private let source: LedgerFile
    private let found: LedgerReader.Verification

    public struct Result: Sendable, Equatable {
        /// How many there are now.
        public let entries: Int64
        /// How many of them were not there before.
        public let copied: Int64
        /// The last entry's digest, in hexadecimal, the same at both places.
        public let head: String
    }

    /// - Parameter path: a file with all entries, which is verified first.
    public init(of path: String) throws(Failure) {
        found = try LedgerReader(path: path).verify()
        source = try LedgerFile(existing: path)
    }

    /// To a file. Until it is whole, it is next to that, with `.copying` at the end of its name.
    ///
    /// - Throws: ``Failure`` with code `ledger-foreign` where another ledger is there, or one that went on by itself.
    public func run(toFile path: String) async throws(Failure) -> Result {
        let isNew = LedgerSite.isVacant(path)
        let draft = isNew ? path + ".copying" : path
        let file = try LedgerFile(path: draft, like: source)
        guard file.lineage == source.lineage else {
            throw LedgerFailure.occupied(path, file.lineage, source.lineage)
        }
        let copied = try await copy(into: SQLiteLog(file), at: path)
        if isNew {
            try file.takeInLog()
            try LedgerSite.move(draft, to: path)
        }
        return try result(copied, try LedgerReader(path: path).verify(), path)
    }

    /// To a store of objects. Until it is whole, `ledger.json` is missing there: no run takes a part for the whole.
    ///
    /// - Parameter path: of files for the time of the copy: what this machine knows of the place from before may not be there any
    ///   more.
    /// - Throws: the same; and with code `ledger-store-unfit` where the store does not keep conditions.
    public func run(
        to store: any ObjectStore, copy path: String, entropy: @escaping @Sendable (Int) -> [UInt8]
    ) async throws(Failure) -> Result {
        LedgerSite.remove(path)
        defer { LedgerSite.remove(path) }
        let sharing = Sharing(store: store, entropy: entropy, background: Foreground())
        let shared = SharedLedger(sharing, path: path)
        let identity = SharedIdentity(of: source)
        try await shared.check(identity)
        let log = try shared.draft(identity)
        _ = try await log.read(after: log.end) { _ in }
        let copied = try await copy(into: log, at: store.url)
        try await shared.publish(identity, checkpoint: try newestCheckpoint)
        // What the store has now, read from there.
        if let damage = try await Ledger.salvage(of: store, to: path, entropy: entropy) { throw damage }
        return try result(copied, try LedgerReader(path: path).verify(), store.url)
    }

    private var newestCheckpoint: Int64? {
        get throws(Failure) {
            do { return try source.newestCheckpoint() } catch { throw LedgerFile.failure(error, source.path) }
        }
    }

    /// From where the copy ends. Each checkpoint begins an append of its own, with the facts that it stands for.
    private func copy(into log: some LogStore, at place: String) async throws(Failure) -> Int64 {
        let start = try log.end
        let chain = LedgerChain(file: source)
        if start.count > 0 {
            guard start.count <= found.entries, try chain.entry(start.count).place == start else {
                throw LedgerFailure.forked(place, source.path)
            }
        }
        var batches: [Batch] = []
        do {
            var state = LedgerState()
            var batch = Batch(start)
            try chain.walk { entry in
                let pages = entry.kind == .checkpoint ? try state.facts.close() : []
                try state.take(entry)
                if entry.sequence <= start.count { return }
                if entry.kind == .checkpoint || batch.entries.count == Self.most, !batch.entries.isEmpty {
                    batches.append(batch)
                    batch = Batch(batch.end)
                }
                batch.entries.append(entry)
                batch.pages += pages
            }
            if !batch.entries.isEmpty { batches.append(batch) }
        } catch {
            throw LedgerFile.failure(error, source.path)
        }
        for batch in batches {
            guard try await log.append(batch.entries, pages: batch.pages, at: batch.start) else {
                throw LedgerFailure.forked(place, source.path)
            }
        }
        return batches.reduce(0) { $0 + Int64($1.entries.count) }
    }

    /// How many entries are appended at once: an answer with them must not be too large to be read.
    private static let most = 1_000

    private struct Batch {
        let start: LogPlace
        var entries: [LogEntry] = []
        var pages: [FactPage] = []

        init(_ start: LogPlace) { self.start = start }

        var end: LogPlace { entries.last?.place ?? start }
    }

    private func result(
        _ copied: Int64, _ there: LedgerReader.Verification, _ place: String
    ) throws(Failure) -> Result {
        guard there.head == found.head, there.entries == found.entries else {
            throw LedgerFailure.forked(place, source.path)
        }
        return Result(entries: there.entries, copied: copied, head: there.head)
    }
}
