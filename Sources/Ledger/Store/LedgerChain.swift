import Base
import Hashing
import JSON
import SQLite
import Time

/// Reads entries back and checks that each is what was appended after its predecessor.
///
/// Nothing that it hands on was taken on trust: an entry that is read alone is checked as well as one on the way.
struct LedgerChain {
    let file: LedgerFile

    private static let columns =
        "sequence, epoch, time, aws_time, environment, resource, kind, token, payload, digest"

    /// Where the chain begins.
    var start: LogPlace { file.base }

    /// Walks the chain from its beginning, or from a place that is known to be good, to its end.
    ///
    /// - Parameter visit: is handed each entry that verifies, in order.
    /// - Returns: the end, from which the chain goes on.
    /// - Throws: ``Failure`` with code `ledger-damaged` that names the first entry that is not what it was.
    @discardableResult
    func walk(from known: LogPlace? = nil, visit: (LogEntry) throws -> Void = { _ in }) throws(Failure) -> LogPlace {
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

    private func walk(_ place: inout LogPlace, _ visit: (LogEntry) throws -> Void) throws {
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
            guard let entry = LogEntry(row, expected) else { throw damaged(at: sequence, "it cannot be read") }
            // Of what the visitor does, not of this file, is an error of its own.
            do { try visit(entry) } catch { throw LedgerFile.failure(error, file.path) }
            place = LogPlace(head: expected, count: sequence)
        }
    }

    /// One entry, checked against its own digest and its predecessor's.
    func entry(_ sequence: Int64) throws(Failure) -> LogEntry {
        do {
            let before = try predecessor(of: sequence)
            var found: LogEntry?
            try file.connection.each("SELECT \(Self.columns) FROM entry WHERE sequence = ?", .integer(sequence)) {
                row in
                var digest = EntryDigest()
                let expected = digest.of(row, after: before)
                guard Self.fits(expected, row) else {
                    throw damaged(at: sequence, "its digest does not match its content and its predecessor")
                }
                guard let entry = LogEntry(row, expected) else { throw damaged(at: sequence, "it cannot be read") }
                found = entry
            }
            guard let found else { throw damaged(at: sequence, "it is missing") }
            return found
        } catch {
            throw LedgerFile.failure(error, file.path)
        }
    }

    private func predecessor(of sequence: Int64) throws -> [UInt8] {
        if sequence == file.base.count + 1 { return file.base.head }
        let digests = try file.connection.query("SELECT digest FROM entry WHERE sequence = ?", .integer(sequence - 1)) {
            $0.blob(0)
        }
        guard let digest = digests.first else { throw damaged(at: sequence - 1, "it is missing") }
        return digest
    }

    func damaged(at sequence: Int64, _ reason: String) -> Failure {
        LedgerFailure.damaged(file.path, cause: ["entry \(sequence): \(reason)"])
    }
}

extension LogEntry {
    /// nil for a kind that this format does not have.
    fileprivate init?(_ row: Statement, _ digest: [UInt8]) {
        guard let kind = Entry.Kind(rawValue: row.text(6)) else { return nil }
        self.init(
            sequence: row.integer(0), epoch: row.integer(1), time: Timestamp(seconds: row.integer(2)),
            awsTime: row.optionalInteger(3).map(Timestamp.init(seconds:)), environment: row.text(4),
            resource: row.optionalText(5), kind: kind, token: row.text(7), payload: row.text(8), digest: digest)
    }
}
