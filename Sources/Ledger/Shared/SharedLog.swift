import Base

/// A log in a store of objects, one for each append: the store decides which of two writers came first. What verifies is copied
/// into a file of this machine, which may be deleted at any time.
final class SharedLog: LogStore {
    private let sharing: Sharing
    private let store: any ObjectStore
    private let copy: SQLiteLog
    /// Whether the copy has all that the store had at the last look.
    private var isCurrent = false
    /// Whether much may follow what the copy has.
    private var isNew: Bool
    /// Whether it is said where the newest checkpoint is.
    private let isPublic: Bool

    /// - Parameters:
    ///   - isNew: whether the copy was just made.
    ///   - isPublic: whether others may open it already.
    init(_ sharing: Sharing, copy: SQLiteLog, isNew: Bool, isPublic: Bool = true) {
        self.sharing = sharing
        store = sharing.store
        self.copy = copy
        self.isNew = isNew
        self.isPublic = isPublic
    }

    // MARK: - As a log

    var identity: LogIdentity { copy.identity }

    var end: LogPlace { get throws(Failure) { try copy.end } }

    func open(isReplay: Bool) throws(Failure) -> (LogPlace, LedgerState) { try copy.open(isReplay: isReplay) }

    nonisolated(nonsending) func read(
        after place: LogPlace, _ take: (LogEntry) throws -> Void
    ) async throws(Failure) -> LogPlace {
        try await synchronize()
        return try await copy.read(after: place, take)
    }

    nonisolated(nonsending) func entry(_ sequence: Int64) async throws(Failure) -> LogEntry {
        if sequence > copy.file.base.count { return try await copy.entry(sequence) }
        // Older than the copy: the object after it in name order repeats it, or it is of the checkpoint before.
        let names = try await store.names(
            beginningWith: SharedObject.folder, after: SharedObject.name(max(0, sequence - 1_000)))
        let name = names.last { SharedObject.sequence(in: $0).map { $0 <= sequence } ?? false }
        let found = name == nil ? nil : try await object(name ?? "").entries.first { $0.sequence == sequence }
        guard let found else { throw damaged(sequence, "it is missing") }
        return found
    }

    nonisolated(nonsending) func append(
        _ entries: [LogEntry], pages: [FactPage], at place: LogPlace
    ) async throws(Failure) -> Bool {
        guard let first = entries.first else { return true }
        let isCheckpoint = first.kind == .checkpoint
        var (before, repeated) = isCheckpoint ? (place, []) : try copy.recent()
        // A copy of a ledger without checkpoints would repeat all of it each time.
        if repeated.count > Self.mostRepeated { (before, repeated) = (place, []) }
        let object = SharedObject(
            lineage: copy.file.lineage, writer: sharing.random(), before: before, repeated: repeated, entries: entries,
            pages: isCheckpoint ? try all(pages) : [])
        guard try await create(SharedObject.name(first.sequence), object.body) else {
            isCurrent = false
            return false
        }
        // Another process of this machine may have taken it in already.
        if try await !copy.append(entries, pages: pages, at: place, object: first.sequence) { copy.expectNews() }
        if isCheckpoint, isPublic {
            // Nothing waits for it: without it the end is found all the same.
            let (hint, store) = (SharedHint(SharedIdentity(of: copy.file), checkpoint: first.sequence), store)
            _ = sharing.background.start { await hint.write(to: store) }
        }
        return true
    }

    func page(of subject: String) throws(Failure) -> String? { try copy.page(of: subject) }

    func expectNews() { isCurrent = false }

    /// The pages of all subjects, of which some are new.
    private func all(_ new: [FactPage]) throws(Failure) -> [FactPage] {
        let known: [FactPage]
        do { known = try copy.file.pages() } catch { throw LedgerFile.failure(error, copy.file.path) }
        let names = Set(new.map(\.subject))
        return (known.filter { !names.contains($0.subject) } + new).sorted { $0.subject.precedes($1.subject) }
    }

    /// Writes an object of a new name.
    ///
    /// - Returns: false where the name is another writer's.
    private func create(_ name: String, _ body: [UInt8]) async throws(Failure) -> Bool {
        var patience = WritePatience(store)
        while true {
            let result = try await store.put(name, body, if: .absent)
            if case .written = result { return true }
            // A refusal may be of our own object, if an answer was lost. Only the object tells whose it is.
            if let found = try await patience.look(at: name, after: result) { return found.body == body }
            // That there is none proves nothing: the first request may still be on its way. The same one again is decided by
            // the store.
            try await patience.wait(after: result)
        }
    }

    // MARK: - What others have appended

    /// Takes in what others have appended, and probes until there is nothing after it: a list may lack the newest objects.
    private func synchronize() async throws(Failure) {
        if isCurrent { return }
        var place = try copy.end
        if isNew { place = try await takeListed(after: place) }
        while let next = try await store.get(SharedObject.name(place.count + 1)) {
            place = try await take(try decoded(next.body, at: place.count + 1), after: place)
            place = try await takeListed(after: place)
        }
        copy.expectNews()
        (isCurrent, isNew) = (true, false)
    }

    /// Takes in all that verifies, object by object, and passes over what does not: a later object repeats the entries since a
    /// checkpoint.
    ///
    /// - Returns: the first damage; nil where there is none.
    func salvage() async throws(Failure) -> Failure? {
        var place = try copy.end
        var damage: Failure?
        var names: [String]
        var last = SharedObject.folder
        repeat {
            names = try await store.names(beginningWith: SharedObject.folder, after: last)
            for name in names {
                do throws(Failure) { place = try await take(try await object(name), after: place) } catch {
                    guard [.ledgerDamaged, .ledgerForeign].contains(error.code) else { throw error }
                    damage = damage ?? error
                }
            }
            last = names.last ?? last
        } while names.count >= Self.page
        return damage
    }

    /// Reads few of many objects: each repeats the entries since a checkpoint, and a checkpoint's own object has the facts.
    private func takeListed(after known: LogPlace) async throws(Failure) -> LogPlace {
        var place = known
        var names: [String]
        repeat {
            names = try await store.names(
                beginningWith: SharedObject.folder, after: SharedObject.name(place.count))
            var wanted: [SharedObject] = []
            var rest = names[...]
            while let name = rest.last {
                let found = try await object(name)
                wanted.append(found)
                let isWhole = found.repeated.isEmpty
                if found.first <= place.count + (isWhole ? 1 : 0) { break }
                rest = rest.prefix { name in
                    let sequence = SharedObject.sequence(in: name) ?? 0
                    return isWhole ? sequence < found.first : sequence <= found.first
                }
            }
            for object in wanted.reversed() { place = try await take(object, after: place) }
        } while names.count >= Self.page
        return place
    }

    private static let mostRepeated = 2_000

    /// How many names a list has at most. (Amazon S3 API Reference, ListObjectsV2.)
    private static let page = 1_000

    private func take(_ object: SharedObject, after place: LogPlace) async throws(Failure) -> LogPlace {
        guard object.lineage == copy.file.lineage else {
            throw LedgerFailure.otherLedger(store.url, object.lineage, copy: copy.file.path, copy.file.lineage)
        }
        let news: [LogEntry]?
        do { news = try object.entries(after: place) } catch {
            throw damaged(error.sequence, error.reason)
        }
        guard let news else { throw damaged(place.count + 1, "it is missing") }
        if news.isEmpty { return place }
        let isCheckpoint = object.entries.first?.kind == .checkpoint
        let isTaken = try await copy.append(
            news, pages: isCheckpoint ? object.pages : [], at: place, object: object.number)
        if !isTaken {
            // Another process of this machine was faster.
            return try copy.end
        }
        return news[news.count - 1].place
    }

    private func object(_ name: String) async throws(Failure) -> SharedObject {
        let sequence = SharedObject.sequence(in: name) ?? 0
        guard let found = try await store.get(name) else { throw damaged(sequence, "it is missing") }
        return try decoded(found.body, at: sequence)
    }

    private func decoded(_ body: [UInt8], at sequence: Int64) throws(Failure) -> SharedObject {
        guard let object = SharedObject(body) else { throw damaged(sequence, "it cannot be read") }
        return object
    }

    private func damaged(_ sequence: Int64, _ reason: String) -> Failure {
        LedgerFailure.damagedObject(store.url, cause: ["entry \(sequence): \(reason)"])
    }
}
