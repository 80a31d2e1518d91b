import SQLite
import Time

/// The whole check of a ledger: every entry, the views that follow from them, and the seal.
struct LedgerAudit {
    let file: LedgerFile

    /// What was found of a ledger whose entries all verify.
    struct Finding {
        var place: LedgerChain.Place
        var tail = LedgerTail()
        /// All facts, by the digests of their names.
        var groups: [FactDigest: FactGroup] = [:]
        var first: Timestamp?
        var last: Timestamp?
        /// The views that say something else than the entries.
        var wrong: [String] = []
        /// Whether the ledger was ever sealed.
        let isSealed: Bool
        fileprivate let seal: LedgerSeal?
        /// Facts are kept in the tail where the ledger is not longer.
        fileprivate let length: Int64
    }

    private var chain: LedgerChain { LedgerChain(file: file) }
    private var views: LedgerViews { LedgerViews(connection: file.connection) }
    private var tree: FactTree { FactTree(connection: file.connection) }

    /// Reads everything, in the caller's transaction. Mends nothing.
    ///
    /// - Parameter length: facts are kept in the finding's tail where the ledger is not longer.
    /// - Throws: ``Failure`` with code `ledger-damaged` that names the first entry that is not what it was.
    func run(keepingFactsOf length: Int64 = 0) throws -> Finding {
        let (isSealed, seal) = (try LedgerSeal.isThere(file), try LedgerSeal.read(file))
        var finding = Finding(place: chain.start, isSealed: isSealed, seal: seal, length: length)
        var isRight = !isSealed || seal != nil
        try advance(&finding) { finding in
            if let seal, seal.place.count == finding.place.count { isRight = try holds(seal, finding) }
        }
        if let seal, seal.place.count > finding.place.count {
            throw damaged("entry \(finding.place.count + 1): it is missing")
        }
        if try !views.areRight(finding.groups) { finding.wrong.append("fact") }
        if !isRight { finding.wrong.append("seal") }
        return finding
    }

    /// Goes on from what was found before to the end of the chain, in the caller's transaction.
    ///
    /// - Throws: ``Failure`` with code `ledger-damaged` that names the first entry that is not what it was.
    func advance(_ finding: inout Finding, visit: (Finding) throws -> Void = { _ in }) throws {
        finding.place = try chain.walk(from: finding.place) { link in
            let known = finding.tail.facts.count
            try finding.tail.take(link)
            for placed in finding.tail.facts[known...] {
                let key = FactTree.key(placed.fact.subject, placed.fact.name)
                finding.groups[key, default: FactGroup(key: key)]
                    .take(placed.sequence, placed.position, placed.fact.value)
            }
            // A large ledger is not held in memory.
            if link.sequence > finding.length { finding.tail.facts.removeAll(keepingCapacity: true) }
            if finding.first == nil { finding.first = link.time }
            finding.last = link.time
            finding.place = LedgerChain.Place(head: link.digest, count: link.sequence)
            try visit(finding)
        }
        try file.checkLast(finding.place.count)
    }

    /// Whether a seal says what the entries up to its own say.
    private func holds(_ seal: LedgerSeal, _ finding: Finding) throws -> Bool {
        guard seal.place.head == finding.place.head else {
            throw damaged("entry \(seal.place.count): it is not the one that was sealed")
        }
        do {
            return try seal.tail.isSame(as: finding.tail) && tree.groups(root: seal.root) == finding.groups
        } catch let error as SQLiteError where !error.isDamaged && error.code != 1 {
            throw error
        } catch {
            return false
        }
    }

    /// Derives the facts anew where they were found to be wrong, in the caller's transaction.
    func mend(_ finding: Finding) throws {
        guard finding.wrong.contains("fact") else { return }
        try views.forgetFacts()
        var tail = LedgerTail()
        try chain.walk { link in
            try tail.take(link)
            for fact in tail.facts { try views.insert(fact) }
            tail.facts.removeAll(keepingCapacity: true)
        }
    }

    /// Seals what was found, in the caller's transaction.
    ///
    /// - Returns: the root of the tree of facts.
    func seal(_ finding: Finding) throws -> [UInt8] {
        try file.connection.script(LedgerSchema.seal)
        let root = try tree.update(Array(finding.groups.values), root: FactTree.empty)
        try LedgerSeal(place: finding.place, root: root, tail: finding.tail).write(to: file)
        return root
    }

    private func damaged(_ cause: String) -> Failure { LedgerFailure.damaged(file.path, cause: [cause]) }
}
