import JSON
import SQLite

/// The tables that are derived from entries: facts, and intents whose end is not known.
struct LedgerViews {
    let connection: Connection

    /// Brings an entry into the views, in the transaction that appends it.
    func apply(_ entry: Entry) throws(SQLiteError) {
        switch entry.kind {
        case .intent:
            try connection.run(
                "INSERT INTO open_intent (sequence, environment, resource) VALUES (?, ?, ?)",
                .integer(entry.sequence), .text(entry.environment), Value(entry.resource?.description))
        case .accepted:
            if let intent = entry.payload["intent"]?.integer {
                try connection.run(
                    "UPDATE open_intent SET acceptance = ? WHERE sequence = ?",
                    .text(entry.payload["acceptance"]?.canonical ?? "null"), .integer(Int64(intent)))
            }
        case .outcome:
            if let intent = entry.payload["intent"]?.integer {
                try connection.run("DELETE FROM open_intent WHERE sequence = ?", .integer(Int64(intent)))
            }
        case .run, .adopted, .end: break
        }
        for (position, fact) in (entry.payload["facts"]?.elements ?? []).compactMap(Fact.init(json:)).enumerated() {
            try connection.run(
                "INSERT INTO fact (subject, name, sequence, position, value) VALUES (?, ?, ?, ?, ?)",
                .text(fact.subject), .text(fact.name), .integer(entry.sequence), .integer(Int64(position)),
                .text(fact.value))
        }
    }

    /// Empties the views; replaying all entries fills them again.
    func clear() throws(SQLiteError) {
        try connection.script(LedgerSchema.dropViews + LedgerSchema.views)
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
