import Base
import Hashing
import JSON
import SQLite
import Time

/// The append-only, hash-chained record of what was intended and what came of it, and what follows from that.
///
/// Every method throws ``Failure`` with one of the `ledger-…` codes. An append that returned is on the disk.
public actor Ledger {
    public nonisolated let store: LedgerLocation
    public nonisolated var path: String { store.path }
    /// The name of this ledger: two files with the same lineage are copies of one.
    public nonisolated let lineage: String
    private nonisolated let key: [UInt8]
    /// Whether it can only be read: this user may not write it, and it was opened for reading.
    public nonisolated let isReadOnly: Bool

    let log: any LogStore
    let hook: (any LedgerHook)?
    private let interval: Int64
    /// nil for one that only this machine has.
    nonisolated let sharing: Sharing?
    /// The log's end, and what follows from all entries up to there.
    private(set) var place: LogPlace
    private var state: LedgerState
    /// What is decided and not written yet: only a shared ledger waits with any.
    private var staged: [StagedEntry] = []
    private let turns = Turns()
    /// Why nothing is appended any more: what was written then may be in a shared ledger or not.
    private var stopped: Failure?

    /// A checkpoint is made whenever so many entries follow the last one: they are what an opening reads.
    public static let checkpointing = LedgerState.interval

    /// Opens or makes a ledger, and verifies its chain from the newest checkpoint on, or all of it. One of format 1 is brought
    /// into the present format, and its file kept (``LedgerUpgrade``).
    ///
    /// - Parameters:
    ///   - mayOnlyRead: whether one that this user may not write is opened all the same; appending to it then fails.
    ///   - hook: for simulations.
    ///   - interval: after how many entries a checkpoint is made.
    ///   - entropy: random bytes for a new ledger.
    public init(
        _ store: LedgerLocation, mayOnlyRead: Bool = false, hook: (any LedgerHook)? = nil,
        checkpointing interval: Int64 = Ledger.checkpointing, entropy: (Int) -> [UInt8]
    ) throws(Failure) {
        let file = try LedgerUpgrade.opened(store, mayOnlyRead: mayOnlyRead, entropy)
        let log = SQLiteLog(file)
        self.store = store
        self.interval = interval
        isReadOnly = file.isReadOnly
        lineage = file.lineage
        key = file.key
        self.log = log
        self.hook = hook
        sharing = nil
        (place, state) = try log.open()
    }

    init(
        _ store: LedgerLocation, _ identity: LogIdentity, _ known: (LogPlace, LedgerState),
        _ log: sending any LogStore, _ sharing: Sharing, _ hook: (any LedgerHook)?, _ interval: Int64
    ) {
        self.store = store
        self.interval = interval
        isReadOnly = identity.isReadOnly
        lineage = identity.lineage
        key = identity.key
        self.log = log
        self.hook = hook
        self.sharing = sharing
        (place, state) = known
    }

    /// Has the next look find what other machines have appended.
    public func expectNews() { log.expectNews() }

    /// The same of a file.
    public init(
        path: String, hook: (any LedgerHook)? = nil, checkpointing interval: Int64 = Ledger.checkpointing,
        entropy: (Int) -> [UInt8]
    ) throws(Failure) {
        try self.init(.file(path), hook: hook, checkpointing: interval, entropy: entropy)
    }

    /// Takes the next epoch for a run and records its beginning.
    public func begin(
        _ payload: JSON, environment: String, time: Timestamp, awsTime: Timestamp?
    ) async throws(Failure) -> Run {
        let run = Run(environment: environment)
        _ = try await take(StagedEntry(Draft(.run, token: "", payload: payload), of: run, time, awsTime))
        return run
    }

    /// Appends an entry in one durable write.
    ///
    /// In a shared ledger each write is a request. What tells how something ended is written with the next entry there, and is lost
    /// with this process until then: who goes on finds that out once more.
    @discardableResult
    public func append(
        _ draft: Draft, of run: Run, time: Timestamp, awsTime: Timestamp?
    ) async throws(Failure) -> Entry {
        try await take(StagedEntry(draft, of: run, time, awsTime))
    }

    /// Writes what is not written yet.
    public func flush() async throws(Failure) {
        try await inTurn { () async throws(Failure) in
            if !staged.isEmpty { _ = try await write(nil) }
        }
    }

    /// Drops the entries of a run that are not written yet. The next run finds out again what they said.
    public func drop(_ run: Run) async {
        do { try await inTurn { staged.removeAll { $0.run === run } } } catch {}
    }

    /// Does something that no other user of this ledger in this process comes in between: a shared one waits for its store, and what
    /// is just being written must not be found there by a look.
    private func inTurn<Result>(_ body: () async throws(Failure) -> Result) async throws(Failure) -> Result {
        guard let sharing else { return try await body() }
        await turns.enter()
        defer { turns.leave() }
        do { return try await body() } catch { throw LedgerFailure.ofCopy(error, path, sharing.store.url) }
    }

    private func take(_ entry: StagedEntry) async throws(Failure) -> Entry {
        try await inTurn { () async throws(Failure) in
            guard sharing != nil, entry.mayWait else { return try await write(entry) }
            if let stopped { throw stopped }
            var batch = try view()
            try add(entry, to: &batch, hasLost: false)
            guard let last = batch.entries.last else { throw .broken("a staged entry is not there") }
            staged.append(entry)
            return last
        }
    }

    /// What follows from all entries, those that are not written yet as well.
    private func view() throws(Failure) -> LedgerBatch {
        var batch = LedgerBatch(after: place, state)
        // What another run has settled meanwhile is left out, as it is when they are written.
        for entry in staged { try add(entry, to: &batch, hasLost: true) }
        return batch
    }

    /// Appends what is not written yet and an entry in one durable write: all of them or none.
    ///
    /// - Returns: the entry, or the last one of those before.
    private func write(_ last: StagedEntry?) async throws(Failure) -> Entry {
        guard let sharing else { return try await written(last.map { [$0] } ?? []) }
        if let stopped { throw stopped }
        // A run that was held up does not write into another's.
        if let last { try await last.proof.check() }
        var own: [StagedEntry] = []
        for entry in staged where await entry.isOwn { own.append(entry) }
        staged = own
        let entries = own + (last.map { [$0] } ?? [])
        if entries.isEmpty { throw LedgerFailure.overtaken(path) }
        // To its end, although a signal may come: also where it has to be tried at another place.
        let result = await sharing.background.finish { [self] () async -> Result<Entry, Failure> in
            do throws(Failure) { return .success(try await written(entries)) } catch { return .failure(error) }
        }
        let entry = try result.get()
        staged.removeFirst(own.count)
        return entry
    }

    /// Where another writer comes first their numbers and epochs are taken once more, so that no two runs take the same one.
    ///
    /// - Parameter entries: at least one.
    private func written(_ entries: [StagedEntry]) async throws(Failure) -> Entry {
        for entry in entries { try await hook?.pass(.writing(entry.draft)) }
        var hasLost = false
        while true {
            while state.isLong(interval), let subject = state.facts.firstUnknown { try await know(subject) }
            var batch = LedgerBatch(after: place, state)
            if state.isLong(interval) { try batch.addCheckpoint(entries[0].time, entries[0].awsTime) }
            for entry in entries { try add(entry, to: &batch, hasLost: hasLost) }
            // All of it has been said by another run.
            guard let last = batch.entries.last else { throw LedgerFailure.overtaken(path) }
            if hasLost, let entry = entries.last { try await entry.proof.check() }
            let isWritten: Bool
            do { isWritten = try await log.append(batch.stored, pages: batch.pages, at: batch.start) } catch {
                if sharing != nil { stopped = error }
                throw error
            }
            guard isWritten else {
                hasLost = true
                try await refresh()
                if place != batch.start { continue }
                throw LedgerFailure.damaged(path, cause: ["entry \(place.count + 1): it is missing"])
            }
            // Who used the ledger while this was written has taken it in already.
            if place == batch.start { (place, state) = (batch.end, batch.state) }
            try await hook?.pass(.written(batch.entries))
            return last
        }
    }

    /// - Parameter hasLost: whether another writer came first: what this one wanted to say may be settled by now.
    private func add(_ entry: StagedEntry, to batch: inout LedgerBatch, hasLost: Bool) throws(Failure) {
        do { try batch.add(entry) } catch {
            let isOvertaken = hasLost || entry.draft.kind != .run && state.epoch > entry.run.epoch
            guard isOvertaken, error.code == .invariantBroken else { throw error }
            // How a step ended, which its new owner has found out as well.
            if entry.mayWait { return }
            throw LedgerFailure.overtaken(path)
        }
    }

    /// Learns what others have appended since the last look.
    private func refresh() async throws(Failure) {
        let known = place
        var next = state
        let end = try await log.read(after: known) { try next.follow($0) }
        if end != known, place == known { (place, state) = (end, next) }
    }

    /// Reads the facts of a subject, if they are not known yet. Where their page is not what the checkpoint names, all entries are
    /// read once more: facts follow from them.
    private func know(_ subject: ExactText) async throws(Failure) {
        if state.facts.isKnown(subject) { return }
        do { try state.facts.take(try log.page(of: subject.text), of: subject) } catch {
            if let failure = error as? Failure { throw failure }
            // Another process may have made a checkpoint since the last look.
            try await refresh()
            do { try state.facts.take(try log.page(of: subject.text), of: subject) } catch {
                (place, state) = try log.open(isReplay: true)
                // The next checkpoint writes it again.
                state.facts.doubt(subject)
                // A copy that begins at a checkpoint does not have what its page is made of.
                guard state.facts.isKnown(subject) else {
                    throw LedgerFailure.damaged(path, cause: ["the facts of \(subject.text) are missing"])
                }
            }
        }
    }

    /// What is known, up to what others have appended by now.
    func look() async throws(Failure) -> LedgerState {
        try await inTurn { () async throws(Failure) in
            try await hook?.pass(.reading)
            try await refresh()
            return try view().state
        }
    }

    /// What is known of a subject's facts.
    func look(at subjects: [String]) async throws(Failure) -> FactBook {
        try await inTurn { () async throws(Failure) in try await facts(of: subjects) }
    }

    private func facts(of subjects: [String]) async throws(Failure) -> FactBook {
        try await hook?.pass(.reading)
        try await refresh()
        // What is known may be replaced while a page is read: by a checkpoint that another process has made.
        while let subject = subjects.map(ExactText.init).first(where: { !state.facts.isKnown($0) }) {
            try await know(subject)
        }
        return try view().state.facts
    }

    /// What may be shown instead of a value that might be secret: the same value has the same fingerprint in this ledger,
    /// and without the ledger's key no one can try values out against it.
    ///
    /// A ledger without a file has a key for this process only, and a fingerprint that no one can compare says nothing.
    public nonisolated func fingerprint(_ value: String) -> String {
        if store == .memory { return "(hidden)" }
        return "hmac:" + Hex.encode(SHA256.authenticate(value.utf8, key: key).prefix(6))
    }

    /// By which a text that holds secrets can be found again in this ledger, and in no other.
    public nonisolated func digest(of text: String) -> String {
        Hex.encode(SHA256.authenticate(text.utf8, key: key))
    }

    func parse(_ text: String) throws(Failure) -> JSON {
        do { return try JSON.parse(text) } catch {
            throw LedgerFailure.damaged(path, cause: ["a stored value does not parse: \(error.message)"])
        }
    }
}
