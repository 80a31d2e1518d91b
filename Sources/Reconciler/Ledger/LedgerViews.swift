import JSON
import SQLite

/// The tables that are derived from entries: facts, and intents whose end is not known.
struct LedgerViews {
    let connection: Connection

    /// Brings an entry into the views, in the transaction that appends it.
    func apply(_ entry: Entry) throws(SQLiteError) {
        let intent = entry.payload["intent"]?.integer.map(Int64.init)
        switch entry.kind {
        case .intent:
            try insert(
                LedgerTail.Open(environment: entry.environment, resource: entry.resource?.description), entry.sequence)
        case .accepted:
            if let intent {
                try connection.run(
                    "UPDATE open_intent SET acceptance = ? WHERE sequence = ?",
                    .text(entry.payload["acceptance"]?.canonical ?? "null"), .integer(intent))
            }
        case .outcome:
            if let intent { try connection.run("DELETE FROM open_intent WHERE sequence = ?", .integer(intent)) }
        case .run, .adopted, .unanswered, .end: break
        }
        for placed in LedgerTail.facts(in: entry.payload, of: entry.kind, at: entry.sequence) { try insert(placed) }
    }

    /// The stored views that say something else than the entries. Mends nothing.
    ///
    /// Only entries are chained, so a stored view is worth what this comparison is worth.
    func differing(from tally: FactTally, _ open: [Int64: LedgerTail.Open]) throws -> [String] {
        var wrong: [String] = []
        if try !isThere("fact") || stored() != tally { wrong.append("fact") }
        if try !isRight(open) { wrong.append("open_intent") }
        return wrong
    }

    /// Whether the stored open intents are these.
    func isRight(_ open: [Int64: LedgerTail.Open]) throws -> Bool {
        guard try isThere("open_intent") else { return false }
        let stored = try connection.query("SELECT sequence, environment, resource, acceptance FROM open_intent") {
            (
                $0.integer(0),
                LedgerTail.Open(environment: $0.text(1), resource: $0.text(2), acceptance: $0.optionalText(3))
            )
        }
        return stored.count == open.count && stored.allSatisfy { open[$0.0] == $0.1 }
    }

    /// Puts the open intents that follow from the entries in the place of those that are stored.
    func replace(with open: [Int64: LedgerTail.Open]) throws(SQLiteError) {
        try connection.script(LedgerSchema.views)
        try connection.run("DELETE FROM open_intent")
        for (sequence, intent) in open { try insert(intent, sequence) }
    }

    /// Stores a fact.
    func insert(_ placed: LedgerTail.Placed) throws(SQLiteError) {
        try connection.run(
            "INSERT INTO fact (subject, name, sequence, position, value) VALUES (?, ?, ?, ?, ?)",
            .text(placed.fact.subject), .text(placed.fact.name), .integer(placed.sequence), .integer(placed.position),
            .text(placed.fact.value))
    }

    /// Forgets all facts.
    func forgetFacts() throws(SQLiteError) {
        try connection.script(LedgerSchema.views)
        try connection.run("DELETE FROM fact")
    }

    private func insert(_ open: LedgerTail.Open, _ sequence: Int64) throws(SQLiteError) {
        try connection.run(
            "INSERT INTO open_intent (sequence, environment, resource, acceptance) VALUES (?, ?, ?, ?)",
            .integer(sequence), .text(open.environment), Value(open.resource), Value(open.acceptance))
    }

    private func stored() throws -> FactTally {
        var tally = FactTally()
        try connection.each("SELECT subject, name, value, sequence, position FROM fact") { tally.add($0) }
        return tally
    }

    private func isThere(_ view: String) throws(SQLiteError) -> Bool {
        try connection.query("SELECT count(*) FROM sqlite_schema WHERE name = ?", .text(view)) { $0.integer(0) } == [1]
    }
}
