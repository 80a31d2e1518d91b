import Hashing
import JSON
import SQLite

/// The digest of an entry: SHA-256 over its predecessor's digest and the canonical JSON of its other fields.
///
/// It takes bytes as they are stored, so that the chain vouches for bytes and not for what a parser made of them. One
/// value is used for many entries, because making room again for each would cost more than digesting it.
struct EntryDigest {
    private var bytes: [UInt8] = []
    /// Where the first field begins.
    private var start = 0

    /// The digest of an entry as it is stored, whatever digest it bears.
    mutating func of(_ entry: LogEntry, after predecessor: [UInt8]) -> [UInt8] {
        begin(predecessor)
        for integer in [entry.sequence, entry.epoch, entry.time.seconds] { add(integer) }
        add(entry.awsTime?.seconds)
        add(entry.environment)
        add(entry.resource)
        for text in [entry.kind.rawValue, entry.token, entry.payload] { add(text) }
        return end()
    }

    /// The digest of a row that has the columns of ``LedgerChain``.
    mutating func of(_ row: Statement, after predecessor: [UInt8]) -> [UInt8] {
        begin(predecessor)
        for column in Int32(0)..<3 { add(row.integer(column)) }
        add(row.optionalInteger(3))
        for column in Int32(4)..<9 {
            separate()
            if row.isNull(column) { bytes += "null".utf8 } else { row.withBytes(column) { JSON.quote($0, to: &bytes) } }
        }
        return end()
    }

    private mutating func begin(_ predecessor: [UInt8]) {
        bytes.removeAll(keepingCapacity: true)
        bytes += predecessor
        bytes.append(UInt8(ascii: "["))
        start = bytes.count
    }

    private mutating func separate() {
        if bytes.count > start { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func add(_ integer: Int64?) {
        separate()
        bytes += (integer.map(String.init) ?? "null").utf8
    }

    private mutating func add(_ text: String?) {
        separate()
        guard var text else {
            bytes += "null".utf8
            return
        }
        text.withUTF8 { JSON.quote(UnsafeRawBufferPointer($0), to: &bytes) }
    }

    private mutating func end() -> [UInt8] {
        bytes.append(UInt8(ascii: "]"))
        return bytes.withUnsafeBytes { SHA256.hash($0) }
    }
}
