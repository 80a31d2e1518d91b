import Base

/// A ledger in a store of objects: what is there, and this machine's copy of it.
struct SharedLedger {
    private let store: any ObjectStore
    private let sharing: Sharing
    private let path: String

    /// - Parameter path: of the copy.
    init(_ sharing: Sharing, path: String) {
        store = sharing.store
        self.sharing = sharing
        self.path = path
    }

    /// Opens the ledger.
    ///
    /// - Parameters:
    ///   - isMade: whether it is made where there is none.
    ///   - isWhole: whether all entries are wanted, and not only what the present follows from.
    /// - Returns: nil where there is none and none is made.
    func open(isMade: Bool, isWhole: Bool = false) async throws(Failure) -> sending SharedLog? {
        var isNew = false
        let file: LedgerFile
        if LedgerSite.isVacant(path) {
            guard let made = try await makeCopy(isMade: isMade, isWhole: isWhole) else { return nil }
            (file, isNew) = (made, true)
        } else {
            file = try LedgerFile(existing: path)
            if try await !hasEnd(of: file) { try await explain(file) }
        }
        return SharedLog(sharing, copy: SQLiteLog(file), isNew: isNew)
    }

    /// Whether the store still has the object with the last entry of a copy, as it was.
    private func hasEnd(of file: LedgerFile) async throws(Failure) -> Bool {
        let number: Int64?
        do { number = try file.newestObject() } catch { throw LedgerFile.failure(error, path) }
        guard let number else { return try await identity()?.lineage == file.lineage }
        guard let found = try await store.get(SharedObject.name(number)), let object = SharedObject(found.body),
            let last = object.entries.last, object.lineage == file.lineage
        else { return false }
        guard try last.sequence <= SQLiteLog(file).end.count else { return false }
        return try LedgerChain(file: file).entry(last.sequence).digest == last.digest
    }

    /// Says why the store does not have what this machine has.
    private func explain(_ file: LedgerFile) async throws(Failure) {
        let found = try await identity()
        guard found?.lineage == file.lineage else {
            throw LedgerFailure.otherLedger(store.url, found?.lineage ?? "none", copy: path, file.lineage)
        }
        throw LedgerFailure.wentBack(store.url, copy: path, to: try SQLiteLog(file).end.count)
    }

    // MARK: - As the target of a copy

    /// - Throws: ``Failure`` with code `ledger-foreign` where another ledger is there, `ledger-store-unfit` where there is none and
    ///   the store does not keep conditions.
    func check(_ own: SharedIdentity) async throws(Failure) {
        guard let found = try await identity() else { return try await StoreCheck(sharing: sharing).run() }
        guard found.lineage == own.lineage else { throw LedgerFailure.occupied(store.url, found.lineage, own.lineage) }
    }

    /// Its log, whether anyone else can open the ledger already or not.
    func draft(_ own: SharedIdentity) throws(Failure) -> sending SharedLog {
        let file = try LedgerFile(copy: path, lineage: own.lineage, key: own.key, base: nil)
        guard file.lineage == own.lineage else { throw LedgerFailure.occupied(path, file.lineage, own.lineage) }
        return SharedLog(sharing, copy: SQLiteLog(file), isNew: true, isPublic: false)
    }

    /// From here on it can be opened.
    ///
    /// - Parameter checkpoint: the number of the newest one's entry; nil where there is none.
    func publish(_ own: SharedIdentity, checkpoint: Int64?) async throws(Failure) {
        let found = try await publish(own)
        guard found == own else { throw LedgerFailure.occupied(store.url, found.lineage, own.lineage) }
        if let checkpoint { await SharedHint(own, checkpoint: checkpoint).write(to: store) }
    }

    private func identity() async throws(Failure) -> SharedIdentity? {
        guard let found = try await store.get(SharedIdentity.name) else { return nil }
        return try SharedIdentity(found.body, at: store.url)
    }

    private func makeCopy(isMade: Bool, isWhole: Bool) async throws(Failure) -> LedgerFile? {
        if !isWhole, let (identity, checkpoint) = try await checkpoint() {
            let file = try LedgerFile(
                copy: path, lineage: identity.lineage, key: identity.key, base: checkpoint.before)
            _ = try await SQLiteLog(file).append(
                checkpoint.entries, pages: checkpoint.pages, at: checkpoint.before, object: checkpoint.number)
            return file
        }
        var identity = try await identity()
        if isWhole { try await checkHint(identity) }
        if identity == nil, isMade { identity = try await made() }
        guard let identity else { return nil }
        return try LedgerFile(copy: path, lineage: identity.lineage, key: identity.key, base: nil)
    }

    /// What the hint says is there must be there: who reads from the beginning would else take nothing for all.
    private func checkHint(_ identity: SharedIdentity?) async throws(Failure) {
        guard let hint = try await store.get(SharedHint.name).flatMap({ SharedHint($0.body, at: store.url) }) else {
            return
        }
        if identity == nil {
            throw LedgerFailure.damagedObject(store.url, cause: ["\(SharedIdentity.name): it is missing"])
        }
        if try await store.get(SharedObject.name(hint.checkpoint)) == nil {
            throw LedgerFailure.damagedObject(store.url, cause: ["entry \(hint.checkpoint): it is missing"])
        }
    }

    /// The newest checkpoint's object, as far as the hint leads to it; nil where the beginning is where to begin.
    private func checkpoint() async throws(Failure) -> (SharedIdentity, SharedObject)? {
        guard let hint = try await store.get(SharedHint.name).flatMap({ SharedHint($0.body, at: store.url) }) else {
            return nil
        }
        // The hint is written after its object.
        guard let found = try await store.get(SharedObject.name(hint.checkpoint)) else {
            throw LedgerFailure.damagedObject(store.url, cause: ["entry \(hint.checkpoint): it is missing"])
        }
        guard let object = SharedObject(found.body),
            object.lineage == hint.identity.lineage, object.entries.first?.kind == .checkpoint
        else { return nil }
        do { if try object.entries(after: object.before) == nil { return nil } } catch { return nil }
        return (hint.identity, object)
    }

    /// The identity of a new ledger, or of the one that somebody else has just made. That there is one shows that its store was
    /// checked.
    private func made() async throws(Failure) -> SharedIdentity {
        guard try await store.names(beginningWith: SharedObject.folder, after: SharedObject.folder).isEmpty else {
            // Another machine may have made it, and written to it, since this one looked.
            if let found = try await identity() { return found }
            throw LedgerFailure.unfinishedCopy(store.url)
        }
        try await StoreCheck(sharing: sharing).run()
        let own = SharedIdentity(lineage: sharing.random(), key: sharing.entropy(32))
        return try await publish(own)
    }

    /// - Returns: its identity, or that of the ledger that was there first.
    private func publish(_ own: SharedIdentity) async throws(Failure) -> SharedIdentity {
        var patience = WritePatience(store)
        while true {
            let result = try await store.put(SharedIdentity.name, own.body, if: .absent)
            if case .written = result { return own }
            if let found = try await patience.look(at: SharedIdentity.name, after: result) {
                return try SharedIdentity(found.body, at: store.url)
            }
            try await patience.wait(after: result)
        }
    }
}
