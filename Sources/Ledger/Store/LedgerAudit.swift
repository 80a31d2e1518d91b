import Time

/// The whole check of a ledger: every entry, and that each checkpoint is what follows from the entries before it.
struct LedgerAudit {
    let file: LedgerFile

    /// What was found of a ledger that is right.
    struct Finding {
        var place: LogPlace
        var state = LedgerState()
        /// The facts of each subject as of the newest checkpoint.
        var pages: [ExactText: String] = [:]
        var first: Timestamp?
        var last: Timestamp?
    }

    /// Reads everything, in the caller's transaction.
    ///
    /// - Throws: ``Failure`` with code `ledger-damaged` that names the first entry that is not what it was.
    func run() throws -> Finding {
        let chain = LedgerChain(file: file)
        var finding = Finding(place: chain.start)
        finding.place = try chain.walk { entry in
            // What comes before is not here: the chain alone vouches for its checkpoints.
            if file.base.count > 0 { return try finding.state.follow(entry) }
            if entry.kind == .checkpoint {
                for page in try finding.state.facts.close() { finding.pages[ExactText(page.subject)] = page.text }
            }
            try finding.state.take(entry)
            if entry.kind == .checkpoint, LedgerState(entry) != finding.state {
                throw chain.damaged(at: entry.sequence, "it is not what follows from the entries before it")
            }
            finding.first = finding.first ?? entry.time
            finding.last = entry.time
        }
        try file.checkLast(finding.place.count)
        return finding
    }

    /// The pages that are not what the newest checkpoint names, as they should be. They are derived, and may be written again.
    func wrongPages(_ finding: Finding) throws -> [FactPage] {
        try finding.pages.sorted { $0.key.text.precedes($1.key.text) }.compactMap { subject, text in
            try file.page(of: subject.text) == text ? nil : FactPage(subject: subject.text, text: text)
        }
    }
}
