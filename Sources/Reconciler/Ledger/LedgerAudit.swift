import SQLite
import Time

/// The whole check of a ledger: every entry, the views that follow from them, and the seal.
struct LedgerAudit {
    let file: LedgerFile

    /// What was found of a ledger whose entries all verify.
    struct Finding {
        var place: LedgerChain.Place
        var tail = LedgerTail()
        var first: Timestamp?
        var last: Timestamp?
        /// The views that say something else than the entries.
        var wrong: [String] = []
    }

    private var chain: LedgerChain { LedgerChain(file: file) }
    private var views: LedgerViews { LedgerViews(connection: file.connection) }

    /// Reads everything, in the caller's transaction. Mends nothing.
    ///
    /// - Parameter length: facts are kept in the finding's tail where the ledger is not longer.
    /// - Throws: ``Failure`` with code `ledger-damaged` that names the first entry that is not what it was.
    func run(keepingFactsOf length: Int64 = 0) throws -> Finding {
        var finding = Finding(place: chain.start)
        var tally = FactTally()
        let seal = try LedgerSeal.read(file)
        finding.place = try chain.walk { link in
            let known = finding.tail.facts.count
            try finding.tail.take(link)
            for fact in finding.tail.facts[known...] { tally.add(fact) }
            // A large ledger is not held in memory.
            if link.sequence > length { finding.tail.facts.removeAll(keepingCapacity: true) }
            if finding.first == nil { finding.first = link.time }
            finding.last = link.time
            if let seal, seal.place.count == link.sequence, seal.place.head != link.digest {
                throw damaged("entry \(link.sequence): it is not the one that was sealed")
            }
        }
        if let seal, seal.place.count > finding.place.count {
            throw damaged("entry \(finding.place.count + 1): it is missing")
        }
        finding.wrong = try views.differing(from: tally, finding.tail.open)
        return finding
    }

    /// Derives the views anew that were found to be wrong, in the caller's transaction.
    func mend(_ finding: Finding) throws {
        if finding.wrong.contains("open_intent") { try views.replace(with: finding.tail.open) }
        guard finding.wrong.contains("fact") else { return }
        try views.forgetFacts()
        var tail = LedgerTail()
        try chain.walk { link in
            try tail.take(link)
            for fact in tail.facts { try views.insert(fact) }
            tail.facts.removeAll(keepingCapacity: true)
        }
    }

    private func damaged(_ cause: String) -> Failure { LedgerFailure.damaged(file.path, cause: [cause]) }
}
