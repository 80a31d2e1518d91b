import Hashing
import JSON
import SQLite
import Time

/// Reads entries back and checks that each is what was appended after its predecessor.
struct LedgerChain {
    let file: LedgerFile

    private static let columns =
        "sequence, epoch, time, aws_time, environment, resource, kind, token, payload, digest"

    private struct Row {
        let entry: Entry?
        let sequence: Int64
        let digest: [UInt8]
        let payload: String
    }

    /// Walks the chain from its beginning, or from an entry that is known to be good.
    ///
    /// - Parameters:
    ///   - known: the last good entry's digest and sequence number.
    ///   - visit: is handed each entry that verifies.
    /// - Returns: the last digest, from which the chain goes on, and the number of entries.
    /// - Throws: ``Failure`` with code `ledger-damaged` that names the first entry that is not what it was.
    func verify(
        from known: (head: [UInt8], count: Int64)? = nil, visit: (Entry) throws -> Void = { _ in }
    ) throws(Failure) -> (head: [UInt8], count: Int64) {
        try walk(from: known) { try visit($0.entry) }
    }

    /// An entry that verifies, with what is stored of it beside its fields.
    struct Link {
        let entry: Entry
        let payload: String
        let digest: [UInt8]

        /// Stores it as it was stored before.
        func insert(into connection: Connection) throws(SQLiteError) {
            try connection.run(
                "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                .integer(entry.sequence), .integer(entry.epoch), .integer(entry.time.seconds),
                Value(entry.awsTime?.seconds), .text(entry.environment), Value(entry.resource?.description),
                .text(entry.kind.rawValue), .text(entry.token), .text(payload), .blob(digest))
        }
    }

    /// Like ``verify(from:visit:)``, for what needs more than the entry.
    @discardableResult
    func walk(
        from known: (head: [UInt8], count: Int64)? = nil, visit: (Link) throws -> Void
    ) throws(Failure) -> (head: [UInt8], count: Int64) {
        var (head, count) = known ?? (file.genesis, 0)
        // In pages, so that a large ledger is not held in memory.
        var size = 1_000
        while true {
            let page: [Row]
            do {
                page = try rows(
                    "SELECT \(Self.columns) FROM entry WHERE sequence > ? ORDER BY sequence LIMIT \(size)", count)
            } catch let error where error.code == .ledgerDamaged {
                guard size > 1 else { throw damaged(at: count + 1, error.cause.joined(separator: ", ")) }
                // One by one from here on: what stands before the damage is good, and its place is to be told.
                size = 1
                continue
            }
            if page.isEmpty { return (head, count) }
            for row in page {
                guard row.sequence == count + 1 else { throw damaged(at: count + 1, "it is missing") }
                guard let entry = row.entry else { throw damaged(at: row.sequence, "it cannot be read") }
                let digest = entry.digest(after: head, payload: row.payload)
                guard SHA256.equal(digest, row.digest) else {
                    throw damaged(at: row.sequence, "its digest does not fit what it says and what stands before it")
                }
                do { try visit(Link(entry: entry, payload: row.payload, digest: digest)) } catch {
                    throw LedgerFile.failure(error, file.path)
                }
                head = digest
                count = row.sequence
            }
        }
    }

    /// One entry that is known to verify.
    func entry(_ sequence: Int64) throws(Failure) -> Entry {
        let row = try rows("SELECT \(Self.columns) FROM entry WHERE sequence = ?", sequence).first
        guard let entry = row?.entry else { throw damaged(at: sequence, "it is missing") }
        return entry
    }

    /// The newest entries of an environment, newest first.
    func newest(_ limit: Int, environment: String) throws(Failure) -> [Entry] {
        do {
            return try file.connection.query(
                "SELECT \(Self.columns) FROM entry WHERE environment = ? ORDER BY sequence DESC LIMIT ?",
                .text(environment), .integer(Int64(limit)), map: Self.row
            ).compactMap(\.entry)
        } catch {
            throw LedgerFailure.from(error, path: file.path)
        }
    }

    private func rows(_ sql: String, _ sequence: Int64) throws(Failure) -> [Row] {
        do {
            return try file.connection.query(sql, .integer(sequence), map: Self.row)
        } catch {
            throw LedgerFailure.from(error, path: file.path)
        }
    }

    private static func row(_ row: borrowing Statement) -> Row {
        let payload = row.text(8)
        var entry: Entry?
        // A payload that does not parse, or a kind that is not known, is damage: this format has no others.
        if let json = parse(payload), let kind = Entry.Kind(rawValue: row.text(6)) {
            entry = Entry(
                sequence: row.integer(0), epoch: row.integer(1), time: Timestamp(seconds: row.integer(2)),
                awsTime: row.optionalInteger(3).map(Timestamp.init(seconds:)), environment: row.text(4),
                resource: row.optionalText(5).flatMap(ResourceID.init), kind: kind, token: row.text(7), payload: json)
        }
        return Row(entry: entry, sequence: row.integer(0), digest: row.blob(9), payload: payload)
    }

    private static func parse(_ payload: String) -> JSON? {
        do { return try JSON.parse(payload) } catch { return nil }
    }

    private func damaged(at sequence: Int64, _ reason: String) -> Failure {
        LedgerFailure.damaged(file.path, cause: ["entry \(sequence): \(reason)"])
    }
}
