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

    /// The seal of a ledger; nil where there is none, or one that is not what was written for this file as it is laid out.
    static func read(_ file: LedgerFile) throws -> LedgerSeal? {
        guard try file.connection.query(isThere, map: { $0.integer(0) }) == [1] else { return nil }
        let rows = try file.connection.query("SELECT sequence, head, root, content, digest FROM seal") {
            (place: LedgerChain.Place(head: $0.blob(1), count: $0.integer(0)), root: $0.blob(2), $0.text(3), $0.blob(4))
        }
        guard let (place, root, content, digest) = rows.first,
            SHA256.equal(try self.digest(place, root, content, file), digest), let json = parse(content)
        else { return nil }
        return LedgerSeal(place: place, root: root, tail: LedgerTail(json: json))
    }

    /// Puts it in the place of the last one, in the caller's transaction.
    func write(to file: LedgerFile) throws {
        let content = tail.json.canonical
        try file.connection.run(
            "INSERT OR REPLACE INTO seal VALUES (1, ?, ?, ?, ?, ?)", .integer(place.count), .blob(place.head),
            .blob(root), .text(content), .blob(try Self.digest(place, root, content, file)))
    }

    /// Of all that an opening relies on: also the table of tables, which says where each one begins.
    private static func digest(
        _ place: LedgerChain.Place, _ root: [UInt8], _ content: String, _ file: LedgerFile
    ) throws -> [UInt8] {
        let text = "\(place.count) \(Hex.encode(place.head)) \(Hex.encode(root))\n\(try file.layout())\n\(content)"
        return SHA256.authenticate(file.genesis + Array(text.utf8), key: file.key)
    }

    private static let isThere = "SELECT count(*) FROM sqlite_schema WHERE name = 'seal'"

    private static func parse(_ content: String) -> JSON? {
        do { return try JSON.parse(content) } catch { return nil }
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
