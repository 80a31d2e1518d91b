import SQLite

/// Writes entries into a ledger's tables.
struct LedgerWriter {
    let connection: Connection

    /// Stores an entry as the last one, with what is derived from it, in the caller's transaction.
    ///
    /// - Parameter payload: the text that was digested.
    func store(_ entry: Entry, payload: String, digest: [UInt8]) throws(SQLiteError) {
        try connection.run(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            .integer(entry.sequence), .integer(entry.epoch), .integer(entry.time.seconds),
            Value(entry.awsTime?.seconds), .text(entry.environment), Value(entry.resource?.description),
            .text(entry.kind.rawValue), .text(entry.token), .text(payload), .blob(digest))
        try connection.run("UPDATE last_entry SET sequence = ?", .integer(entry.sequence))
        let views = LedgerViews(connection: connection)
        for placed in LedgerTail.facts(in: entry.payload, of: entry.kind, at: entry.sequence) {
            try views.insert(placed)
        }
    }
}
