import Hashing
import JSON
import SQLite
import Time

/// Reads entries back and checks that each is what was appended after its predecessor.
///
/// Nothing that it hands on was taken on trust: an entry that is read alone is checked as well as one on the way.
struct LedgerChain {
    let file: LedgerFile

    /// Up to where the chain is known: an entry's digest, and its number. All entries before it are vouched for by it.
    struct Place: Equatable {
        var head: [UInt8]
        var count: Int64
    }

    private static let columns =
        "sequence, epoch, time, aws_time, environment, resource, kind, token, payload, digest"

    /// Where the chain begins.
    var start: Place { Place(head: file.genesis, count: 0) }

    /// An entry that verifies. Good until the walk goes on.
    struct Link {
        let row: Statement
        let digest: [UInt8]
        let kind: Entry.Kind

        /// nil for a kind that this format does not have.
        init?(_ row: Statement, _ digest: [UInt8]) {
            guard let kind = Entry.Kind(rawValue: row.text(6)) else { return nil }
            (self.row, self.digest, self.kind) = (row, digest, kind)
        }

        var sequence: Int64 { row.integer(0) }
        var epoch: Int64 { row.integer(1) }
        var time: Timestamp { Timestamp(seconds: row.integer(2)) }
        var environment: String { row.text(4) }

        /// What it says beside its fields; nil where it does not parse.
        var payload: JSON? {
            do { return try JSON.parse(row.text(8)) } catch { return nil }
        }

        /// nil where it is nothing that this format has, whatever its digest says.
        var entry: Entry? {
            guard let payload else { return nil }
            let resource = row.optionalText(5).flatMap(ResourceID.init)
            guard row.isNull(5) || resource != nil else { return nil }
            return Entry(
                sequence: sequence, epoch: epoch, time: time,
                awsTime: row.optionalInteger(3).map(Timestamp.init(seconds:)), environment: environment,
                resource: resource, kind: kind, token: row.text(7), payload: payload)
        }
    }

    /// Walks the chain from its beginning, or from a place that is known to be good, to its end.
    ///
    /// - Parameter visit: is handed each entry that verifies, in order.
    /// - Returns: the end, from which the chain goes on.
    /// - Throws: ``Failure`` with code `ledger-damaged` that names the first entry that is not what it was.
    @discardableResult
    func walk(from known: Place? = nil, visit: (Link) throws -> Void = { _ in }) throws(Failure) -> Place {
        var place = known ?? start
        do {
            try walk(&place, visit)
        } catch let error as SQLiteError {
            let failure = LedgerFailure.from(error, path: file.path)
            guard failure.code == .ledgerDamaged else { throw failure }
            // The row that could not be stepped to is the one after the last good one.
            throw damaged(at: place.count + 1, failure.cause.joined(separator: ", "))
        } catch {
            throw LedgerFile.failure(error, file.path)
        }
        return place
    }

    /// Whether an entry bears the digest that follows from it.
    private static func fits(_ expected: [UInt8], _ row: Statement) -> Bool { SHA256.equal(expected, row.blob(9)) }

    private func walk(_ place: inout Place, _ visit: (Link) throws -> Void) throws {
        var digest = EntryDigest()
        try file.connection.each(
            "SELECT \(Self.columns) FROM entry WHERE sequence > ? ORDER BY sequence", .integer(place.count)
        ) { row in
            let sequence = place.count + 1
            guard row.integer(0) == sequence else { throw damaged(at: sequence, "it is missing") }
            let expected = digest.of(row, after: place.head)
            guard Self.fits(expected, row) else {
                throw damaged(at: sequence, "its digest does not match its content and its predecessor")
            }
            guard let link = Link(row, expected) else { throw damaged(at: sequence, "it cannot be read") }
            // Of what the visitor does, not of this file, is an error of its own.
            do { try visit(link) } catch { throw LedgerFile.failure(error, file.path) }
            place = Place(head: expected, count: sequence)
        }
    }

    /// Walks the whole chain, for those who want whole entries.
    @discardableResult
    func verify(_ visit: (Entry, Link) throws -> Void) throws(Failure) -> Place {
        try walk { try visit(try whole($0), $0) }
    }

    /// One entry, checked against its own digest and its predecessor's.
    func entry(_ sequence: Int64) throws(Failure) -> Entry {
        do {
            let before = try predecessor(of: sequence)
            var found: Entry?
            try file.connection.each("SELECT \(Self.columns) FROM entry WHERE sequence = ?", .integer(sequence)) {
                row in
                var digest = EntryDigest()
                let expected = digest.of(row, after: before)
                guard Self.fits(expected, row) else {
                    throw damaged(at: sequence, "its digest does not match its content and its predecessor")
                }
                guard let entry = Link(row, expected)?.entry else { throw damaged(at: sequence, "it cannot be read") }
                found = entry
            }
            guard let found else { throw damaged(at: sequence, "it is missing") }
            return found
        } catch {
            throw LedgerFile.failure(error, file.path)
        }
    }

    private func predecessor(of sequence: Int64) throws -> [UInt8] {
        if sequence == 1 { return file.genesis }
        let digests = try file.connection.query("SELECT digest FROM entry WHERE sequence = ?", .integer(sequence - 1)) {
            $0.blob(0)
        }
        guard let digest = digests.first else { throw damaged(at: sequence - 1, "it is missing") }
        return digest
    }

    private func whole(_ link: Link) throws -> Entry {
        guard let entry = link.entry else { throw damaged(at: link.sequence, "it cannot be read") }
        return entry
    }

    private func damaged(at sequence: Int64, _ reason: String) -> Failure {
        LedgerFailure.damaged(file.path, cause: ["entry \(sequence): \(reason)"])
    }
}
