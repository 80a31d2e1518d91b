import SQLite

/// Entries and pages as rows.
extension LedgerFile {
    /// Stores an entry as the last one, in the caller's transaction.
    func store(_ entry: LogEntry) throws(SQLiteError) {
        try connection.run(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            .integer(entry.sequence), .integer(entry.epoch), .integer(entry.time.seconds),
            Value(entry.awsTime?.seconds), .text(entry.environment), Value(entry.resource),
            .text(entry.kind.rawValue), .text(entry.token), .text(entry.payload), .blob(entry.digest))
        try connection.run("UPDATE last_entry SET sequence = ?", .integer(entry.sequence))
    }

    /// Puts a page in the place of the subject's last one. Its row keeps its size, or there is a new one of twice the size: SQLite
    /// then writes in place, and no page of the file is without use.
    func store(_ page: FactPage) throws(SQLiteError) {
        let largest = try connection.query("SELECT max(size) FROM page WHERE subject = ?", .text(page.subject)) {
            $0.optionalInteger(0)
        }
        var size = Int(largest.first.flatMap(\.self) ?? 256)
        while size < page.text.utf8.count { size *= 2 }
        let padding = String(repeating: " ", count: size - page.text.utf8.count)
        try connection.run(
            "INSERT INTO page (subject, size, facts) VALUES (?, ?, ?) "
                + "ON CONFLICT (subject, size) DO UPDATE SET facts = excluded.facts",
            .text(page.subject), .integer(Int64(size)), .text(page.text + padding))
    }

    /// The number of the newest checkpoint; nil where there is none.
    func newestCheckpoint() throws(SQLiteError) -> Int64? {
        try connection.query("SELECT max(sequence) FROM entry WHERE kind = 'checkpoint'") { $0.optionalInteger(0) }
            .first.flatMap(\.self)
    }

    /// Of a copy: the number that names the object with its last entry; nil where it has none.
    func newestObject() throws(SQLiteError) -> Int64? {
        try connection.query("SELECT object FROM base WHERE object > 0") { $0.integer(0) }.first
    }

    func store(newestObject number: Int64) throws(SQLiteError) {
        try connection.run("UPDATE base SET object = ?", .integer(number))
    }

    /// The pages of all subjects, in order.
    func pages() throws(SQLiteError) -> [FactPage] {
        let subjects = try connection.query("SELECT DISTINCT subject FROM page ORDER BY subject") { $0.text(0) }
        var pages: [FactPage] = []
        for subject in subjects {
            if let text = try page(of: subject) { pages.append(FactPage(subject: subject, text: text)) }
        }
        return pages
    }

    /// The page of a subject's facts; nil where there is none.
    func page(of subject: String) throws(SQLiteError) -> String? {
        let padded = try connection.query(
            "SELECT facts FROM page WHERE subject = ? ORDER BY size DESC LIMIT 1", .text(subject)
        ) { $0.text(0) }.first
        guard let padded, let end = padded.utf8.lastIndex(where: { $0 != UInt8(ascii: " ") }) else { return nil }
        return String(padded[...end])
    }
}
