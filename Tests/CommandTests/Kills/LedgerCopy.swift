import Foundation
import JSON
import SQLite
import Support

/// The entries of a ledger whose program was killed, read from a copy: whoever opens the file itself mends it, and that
/// is the next apply's to do.
struct LedgerCopy {
    struct Line: Equatable {
        let kind: String
        let action: String
        let digest: [UInt8]
    }

    let lines: [Line]

    init(of path: String) throws {
        let copy = try Scratch.folder("ledger") + "/ledger.sqlite"
        defer {
            try? FileManager.default.removeItem(atPath: URL(fileURLWithPath: copy).deletingLastPathComponent().path)
        }
        for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: path + suffix) {
            try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
        }
        guard FileManager.default.fileExists(atPath: copy) else {
            lines = []
            return
        }
        let connection = try Connection(path: copy, create: false)
        let tables = try connection.query("SELECT count(*) FROM sqlite_schema WHERE name = 'entry'") { $0.integer(0) }
        guard tables == [1] else {
            lines = []
            return
        }
        lines = try connection.query("SELECT kind, payload, digest FROM entry ORDER BY sequence") {
            (kind: $0.text(0), payload: $0.text(1), digest: $0.blob(2))
        }.map { Line(kind: $0.kind, action: try JSON.parse($0.payload)["action"]?.string ?? "", digest: $0.digest) }
    }

    func intents(to action: String) -> Int { lines.count { $0.kind == "intent" && $0.action == action } }

    /// Whether all that was there before is there now, and first.
    func goesOn(from earlier: LedgerCopy) -> Bool { Array(lines.prefix(earlier.lines.count)) == earlier.lines }

    var openIntents: Int { lines.count { $0.kind == "intent" } - lines.count { $0.kind == "outcome" } }
}
