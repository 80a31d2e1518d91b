import SQLite

/// What a process knows of a ledger that it has open: all that follows from the entries, either because they were read
/// and verified, or because a seal vouches for them. Nothing is handed on that neither of the two covers.
///
/// A seal is made every ``interval`` entries. So an opening reads at most that many, however long the ledger is.
struct LedgerBook {
    let file: LedgerFile
    let interval: Int64
    private let chain: LedgerChain
    private let tree: FactTree
    /// The chain's end.
    private(set) var place: LedgerChain.Place
    /// What follows from all entries; of the facts those that are not sealed.
    var tail = LedgerTail()
    private var sealed: LedgerChain.Place
    private var root = FactTree.empty
    private var version: Int64?

    init(file: LedgerFile, interval: Int64) {
        self.file = file
        self.interval = interval
        chain = LedgerChain(file: file)
        tree = FactTree(connection: file.connection)
        place = chain.start
        sealed = chain.start
    }

    /// Goes on from the seal, or reads everything where there is none or where something does not fit it.
    ///
    /// - Returns: the views that did not follow from the entries, and were derived anew.
    mutating func open() throws -> [String] {
        guard try file.connection.snapshot({ try file.isPlain() && resume() }) else { return try audit() }
        do { try sealIfLong() } catch is FactTree.Broken { return try audit() }
        return []
    }

    /// Seals what is known where it is time for it.
    mutating func sealIfLong() throws {
        guard isLong, !file.isReadOnly else { return }
        try file.transaction {
            // Another process may have appended, or have sealed, since the last look.
            try refresh()
            if isLong { try seal() }
        }
    }

    /// Reads everything, mends views, and seals what is long enough for it.
    ///
    /// Others may append while it reads; the write lock is taken only where something is to be written.
    @discardableResult
    mutating func audit() throws -> [String] {
        let audit = LedgerAudit(file: file)
        var (finding, isKnown) = try file.connection.snapshot {
            try file.checkPages()
            let finding = try audit.run(keepingFactsOf: file.isReadOnly ? .max : interval)
            version = try file.dataVersion()
            return (finding, try finding.isSealed && finding.wrong.isEmpty && resume())
        }
        if isKnown { return [] }
        (sealed, root) = (chain.start, FactTree.empty)
        if file.isReadOnly {
            guard finding.wrong.isEmpty else { throw LedgerFailure.wrongViews(file.path, finding.wrong) }
            (place, tail) = (finding.place, finding.tail)
            return []
        }
        if !finding.wrong.isEmpty || finding.place.count > interval {
            try file.transaction {
                version = try file.dataVersion()
                try audit.advance(&finding)
                try audit.mend(finding)
                guard finding.isSealed || finding.place.count > interval else { return }
                root = try audit.seal(finding)
                sealed = finding.place
                finding.tail.facts.removeAll()
            }
        }
        (place, tail) = (finding.place, finding.tail)
        return finding.wrong
    }

    /// Learns what others have appended since the last look. To be called in each transaction, before anything else.
    mutating func refresh() throws {
        let now = try file.dataVersion()
        guard now != version else { return }
        version = now
        // Who sealed has changed the tree as well, so that what is known of it here is old.
        if try LedgerSeal.read(file)?.place ?? chain.start != sealed {
            guard try resume() else { throw FactTree.Broken() }
        } else {
            place = try chain.walk(from: place) { try tail.take($0) }
        }
    }

    /// Takes in what was just committed.
    mutating func take(_ tail: LedgerTail, _ place: LedgerChain.Place) {
        self.tail = tail
        self.place = place
    }

    /// What was begun here was rolled back: the next look reads the seal and what follows it anew.
    mutating func forget() {
        version = nil
        sealed.count = -1
    }

    /// Whether it is time for the next seal.
    var isLong: Bool { place.count - sealed.count >= interval }

    /// Seals what is known, in the caller's transaction.
    mutating func seal() throws {
        var groups: [FactDigest: FactGroup] = [:]
        for placed in tail.facts {
            let key = FactTree.key(placed.fact.subject, placed.fact.name)
            var group = try groups[key] ?? tree.group(key, root: root) ?? FactGroup(key: key)
            group.take(placed.sequence, placed.position, placed.fact.value)
            groups[key] = group
        }
        try file.connection.script(LedgerSchema.seal)
        root = try tree.update(Array(groups.values), root: root)
        tail.facts.removeAll()
        sealed = place
        try LedgerSeal(place: place, root: root, tail: tail).write(to: file)
    }

    /// - Returns: whether the seal is what was written, and what follows it verifies.
    private mutating func resume() throws -> Bool {
        guard let seal = try LedgerSeal.read(file) else { return false }
        var tail = seal.tail
        guard let end = try end(from: seal.place, &tail) else { return false }
        (place, sealed, root, self.tail) = (end, seal.place, seal.root, tail)
        version = try file.dataVersion()
        return true
    }

    /// Takes in what follows the seal; nil where an entry does not verify, of which the whole check tells more.
    private func end(from place: LedgerChain.Place, _ tail: inout LedgerTail) throws -> LedgerChain.Place? {
        do {
            let end = try chain.walk(from: place) { try tail.take($0) }
            try file.checkLast(end.count)
            return end
        } catch let error as Failure where error.code == .ledgerDamaged {
            return nil
        }
    }
}

extension LedgerBook {
    /// The latest value of a name of a subject.
    ///
    /// - Throws: ``FactTree/Broken`` where what is stored is not what was sealed.
    func fact(_ subject: String, _ name: String) throws -> String? {
        if let last = tail.facts.last(where: { $0.fact.isNamed(subject, name) }) {
            return last.fact.value
        }
        guard let group = try tree.group(FactTree.key(subject, name), root: root) else { return nil }
        let value = try file.connection.query(
            "SELECT value FROM fact WHERE subject = ? AND name = ? AND sequence = ? AND position = ?",
            .text(subject), .text(name), .integer(group.sequence), .integer(group.position)
        ) { $0.text(0) }.first
        guard let value, FactGroup.digest([], value) == group.latest else { throw FactTree.Broken() }
        return value
    }

    /// All values of a name of a subject, oldest first.
    ///
    /// - Throws: ``FactTree/Broken`` where what is stored is not what was sealed.
    func facts(_ subject: String, _ name: String) throws -> [String] {
        let key = FactTree.key(subject, name)
        var group = FactGroup(key: key)
        var values: [String] = []
        try file.connection.each(
            """
            SELECT value, sequence, position FROM fact WHERE subject = ? AND name = ? AND sequence <= ?
            ORDER BY sequence, position
            """, .text(subject), .text(name), .integer(sealed.count)
        ) { row in
            values.append(row.text(0))
            group.take(row.integer(1), row.integer(2), row.text(0))
        }
        guard try tree.group(key, root: root) ?? FactGroup(key: key) == group else { throw FactTree.Broken() }
        return values + tail.facts.filter { $0.fact.isNamed(subject, name) }.map(\.fact.value)
    }
}
