import JSON
import SQLite

/// The tables that are derived from entries: facts, and intents whose end is not known.
struct LedgerViews {
    let connection: Connection
    /// `main`, or `temp` for views that are derived anew beside the stored ones.
    var place = "main"

    /// Brings an entry into the views, in the transaction that appends it.
    func apply(_ entry: Entry) throws(SQLiteError) {
        switch entry.kind {
        case .intent:
            try connection.run(
                "INSERT INTO \(place).open_intent (sequence, environment, resource) VALUES (?, ?, ?)",
                .integer(entry.sequence), .text(entry.environment), Value(entry.resource?.description))
        case .accepted:
            if let intent = entry.payload["intent"]?.integer {
                try connection.run(
                    "UPDATE \(place).open_intent SET acceptance = ? WHERE sequence = ?",
                    .text(entry.payload["acceptance"]?.canonical ?? "null"), .integer(Int64(intent)))
            }
        case .outcome:
            if let intent = entry.payload["intent"]?.integer {
                try connection.run("DELETE FROM \(place).open_intent WHERE sequence = ?", .integer(Int64(intent)))
            }
        case .run, .adopted, .unanswered, .end: break
        }
        for (position, fact) in (entry.payload["facts"]?.elements ?? []).compactMap(Fact.init(json:)).enumerated() {
            try connection.run(
                "INSERT INTO \(place).fact (subject, name, sequence, position, value) VALUES (?, ?, ?, ?, ?)",
                .text(fact.subject), .text(fact.name), .integer(entry.sequence), .integer(Int64(position)),
                .text(fact.value))
        }
    }

    /// Derives the views anew from entries that verify, and puts them in the place of stored ones that say something else.
    ///
    /// Only entries are chained, so a stored view is worth what this comparison is worth.
    ///
    /// - Parameter entries: hands each entry of the ledger to its argument, in order.
    /// - Returns: the views that said something else.
    @discardableResult
    func repair(_ entries: ((Entry) throws -> Void) throws -> Void) throws -> [String] {
        try connection.script(LedgerSchema.views(in: "main"))
        return try derived { derived in
            try connection.transaction {
                try entries(derived.apply)
                let wrong = try differing()
                for view in wrong {
                    try connection.run("DELETE FROM main.\(view)")
                    try connection.run("INSERT INTO main.\(view) SELECT * FROM temp.\(view)")
                }
                return wrong
            }
        }
    }

    /// The stored views that say something else than the entries. Mends nothing.
    func compare(_ entries: ((Entry) throws -> Void) throws -> Void) throws -> [String] {
        try derived { derived in
            try connection.snapshot {
                try entries(derived.apply)
                return try differing()
            }
        }
    }

    private func derived<Result>(_ body: (LedgerViews) throws -> Result) throws -> Result {
        try connection.script(LedgerSchema.views(in: "temp"))
        let result = try body(LedgerViews(connection: connection, place: "temp"))
        try connection.script("DROP TABLE temp.fact; DROP TABLE temp.open_intent")
        return result
    }

    private func differing() throws(SQLiteError) -> [String] {
        var wrong: [String] = []
        for view in ["fact", "open_intent"] {
            let stored = try connection.query("SELECT count(*) FROM main.sqlite_schema WHERE name = ?", .text(view)) {
                $0.integer(0)
            }
            guard stored == [1] else {
                wrong.append(view)
                continue
            }
            let differences = try connection.query(
                """
                SELECT count(*) FROM (
                    SELECT * FROM (SELECT * FROM main.\(view) EXCEPT SELECT * FROM temp.\(view))
                    UNION ALL SELECT * FROM (SELECT * FROM temp.\(view) EXCEPT SELECT * FROM main.\(view)))
                """
            ) { $0.integer(0) }
            if differences != [0] { wrong.append(view) }
        }
        return wrong
    }
}

extension Fact {
    init?(json: JSON) {
        guard let subject = json["subject"]?.string, let name = json["name"]?.string,
            let value = json["value"]?.string
        else { return nil }
        self.init(subject: subject, name: name, value: value)
    }

    public var json: JSON { ["subject": .string(subject), "name": .string(name), "value": .string(value)] }
}
