import SQLite

/// The table that is derived from entries: facts.
struct LedgerViews {
    let connection: Connection

    /// Whether the stored facts are these.
    ///
    /// Only entries are chained, so a stored view is worth what this comparison is worth.
    func areRight(_ groups: [FactDigest: FactGroup]) throws -> Bool {
        guard try isThere("fact") else { return false }
        var names: (subject: [UInt8], name: [UInt8]) = ([], [])
        var group: FactGroup?
        var (count, isRight) = (0, true)
        func close() {
            guard let group else { return }
            count += 1
            if groups[group.key] != group { isRight = false }
        }
        try connection.each(
            "SELECT subject, name, value, sequence, position FROM fact ORDER BY subject, name, sequence, position"
        ) { row in
            // By their bytes: a name that Swift takes for the same may be another one.
            let isSame = row.withBytes(0, names.subject.elementsEqual) && row.withBytes(1, names.name.elementsEqual)
            if group == nil || !isSame {
                close()
                names = (row.withBytes(0) { Array($0) }, row.withBytes(1) { Array($0) })
                group = FactGroup(key: FactTree.key(row.text(0), row.text(1)))
            }
            group?.take(row.integer(3), row.integer(4), row.text(2))
        }
        close()
        return isRight && count == groups.count
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

    private func isThere(_ view: String) throws(SQLiteError) -> Bool {
        try connection.query("SELECT count(*) FROM sqlite_schema WHERE name = ?", .text(view)) { $0.integer(0) } == [1]
    }
}
