import Base
import Hashing
import JSON

/// Which ledger a store holds, written once when it is made.
struct SharedIdentity: Equatable {
    let lineage: String
    /// The key of fingerprints.
    let key: [UInt8]

    static let name = "ledger.json"
    private static let format = 1

    init(lineage: String, key: [UInt8]) {
        self.lineage = lineage
        self.key = key
    }

    init(of file: LedgerFile) { self.init(lineage: file.lineage, key: file.key) }

    var json: JSON {
        ["reconcileLedger": .integer(Self.format), "lineage": .string(lineage), "key": .string(Base64.encode(key))]
    }

    var body: [UInt8] { Array((json.canonical + "\n").utf8) }

    /// - Throws: ``Failure`` with code `ledger-foreign` for another file, `ledger-newer` for one that a later release wrote.
    init(_ body: [UInt8], at url: String) throws(Failure) {
        let json: JSON?
        do { json = try JSON.parse(body) } catch { json = nil }
        guard let format = json?["reconcileLedger"]?.integer, let lineage = json?["lineage"]?.string,
            let key = json?["key"]?.string.flatMap(Base64.decode)
        else {
            throw Failure(
                .ledgerForeign, "\(Self.name) at \(url) is not a reconcile ledger's",
                hint: "name another prefix with --ledger; nothing was written there")
        }
        guard format == Self.format else { throw LedgerFailure.newer(url, format: Int64(format)) }
        self.init(lineage: lineage, key: key)
    }
}
