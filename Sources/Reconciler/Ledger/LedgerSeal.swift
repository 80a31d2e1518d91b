import Hashing
import JSON
import SQLite

/// What was verified once, so that an opening need not read it again: where the chain was, the root of the tree of facts,
/// and what followed from the entries up to there.
///
/// It is authenticated with the ledger's key: one that is not what was written is not believed, and everything is read.
struct LedgerSeal {
    let place: LedgerChain.Place
    /// The root of the ``FactTree``.
    let root: [UInt8]
    /// Without its facts: those are in the tree.
    let tail: LedgerTail

    init(place: LedgerChain.Place, root: [UInt8], tail: LedgerTail) {
        (self.place, self.root, self.tail) = (place, root, tail)
    }

    /// The seal of a ledger; nil where there is none, or one that is not what was written for this file as it is laid out.
    static func read(_ file: LedgerFile) throws -> LedgerSeal? {
        guard try isThere(file) else { return nil }
        let rows = try file.connection.query("SELECT content, digest FROM seal ORDER BY size DESC LIMIT 1") {
            (content: $0.blob(0), digest: $0.blob(1))
        }
        guard let (content, digest) = rows.first, SHA256.equal(try self.digest(content, file), digest) else {
            return nil
        }
        return LedgerSeal(content)
    }

    /// Whether the ledger was ever sealed.
    static func isThere(_ file: LedgerFile) throws(SQLiteError) -> Bool {
        try file.connection.query("SELECT count(*) FROM sqlite_schema WHERE name = 'seal'") { $0.integer(0) } == [1]
    }

    /// Puts it in the place of the last one, in the caller's transaction.
    func write(to file: LedgerFile) throws {
        var content = content
        // Never smaller than before: what SQLite has no more use for would be pages that nothing vouches for.
        let largest = "SELECT coalesce(max(size), 0) FROM seal WHERE size = length(content)"
        var size = max(Self.smallest, try file.connection.query(largest) { Int($0.integer(0)) }.first ?? 0)
        while size < content.count { size *= 2 }
        content += [UInt8](repeating: UInt8(ascii: " "), count: size - content.count)
        try file.connection.run(
            "INSERT INTO seal VALUES (?, ?, ?) ON CONFLICT (size) DO UPDATE SET content = excluded.content, "
                + "digest = excluded.digest",
            .integer(Int64(size)), .blob(content), .blob(try Self.digest(content, file)))
    }

    private static let smallest = 2_048

    /// Of all that an opening relies on: also the table of tables, which says where each one begins.
    private static func digest(_ content: [UInt8], _ file: LedgerFile) throws -> [UInt8] {
        SHA256.authenticate(file.genesis + Array("\n\(try file.layout())\n".utf8) + content, key: file.key)
    }

    /// Two digests, and what else it says as JSON.
    private var content: [UInt8] {
        let json: JSON = ["sequence": .integer(Int(place.count)), "tail": tail.json]
        return place.head + root + Array(json.canonical.utf8)
    }

    /// nil for what was never written.
    private init?(_ content: [UInt8]) {
        let json: JSON
        do { json = try JSON.parse(Array(content.dropFirst(64))) } catch { return nil }
        guard let count = json["sequence"]?.integer, let tail = json["tail"] else { return nil }
        place = LedgerChain.Place(head: Array(content[..<32]), count: Int64(count))
        root = Array(content[32..<64])
        self.tail = LedgerTail(json: tail)
    }
}

extension LedgerTail {
    fileprivate var json: JSON {
        let open = open.sorted { $0.key < $1.key }.map { sequence, intent -> JSON in
            [
                .integer(Int(sequence)), .string(intent.environment), intent.resource.map(JSON.string) ?? .null,
                intent.acceptance.map(JSON.string) ?? .null,
            ]
        }
        let newest = newest.sorted { $0.key.precedes($1.key) }.map { environment, run -> JSON in
            [
                .string(environment), .integer(Int(run.epoch)), .integer(Int(run.began)),
                run.ended.map { .integer(Int($0)) } ?? .null,
            ]
        }
        return ["epoch": .integer(Int(epoch)), "open": .array(open), "newest": .array(newest)]
    }

    fileprivate init(json: JSON) {
        epoch = Int64(json["epoch"]?.integer ?? 0)
        for row in (json["open"]?.elements ?? []).compactMap(\.elements) where row.count == 4 {
            open[Int64(row[0].integer ?? 0)] = Open(
                environment: row[1].string ?? "", resource: row[2].string, acceptance: row[3].string)
        }
        for row in (json["newest"]?.elements ?? []).compactMap(\.elements) where row.count == 4 {
            newest[row[0].string ?? ""] = Newest(
                epoch: Int64(row[1].integer ?? 0), began: Int64(row[2].integer ?? 0),
                ended: row[3].integer.map(Int64.init))
        }
    }
}
