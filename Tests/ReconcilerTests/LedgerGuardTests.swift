import Foundation
import JSON
import SQLite
import Support
import Testing
import Time

@testable import Base
@testable import Ledger

/// Each thing that an opening relies on instead of reading everything: without its guard one of these tests fails.
///
/// Most damage an entry before the checkpoint as well, which is found if and only if everything is read.
@Suite("What a ledger with checkpoints is believed for")
struct LedgerGuardTests {
    static let interval = LedgerCheckpointTests.interval
    static let unread = "UPDATE entry SET token = 'x' WHERE sequence = 5"

    static func long(_ sql: String...) async throws -> (path: String, content: ReferenceLedger.Content) {
        let made = try await LedgerCheckpointTests.long()
        let connection = try Connection(path: made.path, create: false)
        for statement in sql { try connection.run(statement) }
        return made
    }

    /// Whether everything is read when it is opened.
    static func isReadWhole(_ path: String) throws -> Bool {
        do {
            _ = try TestTime.ledger(path, checkpointing: interval)
            return false
        } catch let failure as Failure {
            #expect(failure.code == .ledgerDamaged)
            return true
        }
    }

    static func change(_ path: String, _ body: (inout Data) -> Void) throws {
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        body(&bytes)
        try bytes.write(to: URL(fileURLWithPath: path))
    }

    @Test("as long as nothing is wrong, what stands before the newest checkpoint is not read")
    func unread() async throws {
        let path = try await Self.long(Self.unread).path
        #expect(try !Self.isReadWhole(path))
    }

    @Test(
        "everything is read where the file has pages without use, or tables that are not its own",
        arguments: [
            "CREATE TABLE other (x)", "CREATE INDEX other ON entry (token)", "DROP INDEX checkpoint",
            "DELETE FROM page WHERE subject = 'big'",
        ])
    func layout(sql: String) async throws {
        let path = try await Self.long(
            Self.unread, "INSERT INTO page (subject, size, facts) VALUES ('big', 1, hex(zeroblob(6000)))", sql
        ).path
        #expect(try Self.isReadWhole(path))
    }

    @Test("everything is read where the header says that pages are moved about, which is no setting of a ledger")
    func vacuum() async throws {
        let path = try await Self.long(Self.unread).path
        // The largest root page in the header, which SQLite takes for a file that it vacuums by itself.
        try Self.change(path) { $0[55] ^= 1 }
        #expect(try Self.isReadWhole(path))
    }

    @Test("everything is read where the file is longer than its header says, with and without a log beside it")
    func length() async throws {
        let (path, _) = try await Self.long(Self.unread)
        try FileManager.default.copyItem(atPath: path, toPath: path + ".copy")
        try Self.change(path) { $0 += Data(count: 4_096) }
        #expect(try Self.isReadWhole(path))
        let ledger = try TestTime.ledger(path + ".copy", checkpointing: Self.interval)
        _ = try await ReferenceLedger.Writer(ledger, "prod", 10)
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path + ".copy"))
        try file.seekToEnd()
        try file.write(contentsOf: Data(count: 40 * 4_096))
        try file.close()
        #expect(try Self.isReadWhole(path + ".copy"))
        withExtendedLifetime(ledger) {}
    }

    @Test("a checkpoint that was begun and rolled back is made again, and costs no reading of everything")
    func rolledBack() async throws {
        let path = try await Self.long(Self.unread).path
        let ledger = try TestTime.ledger(path, checkpointing: Self.interval)
        let writer = try await ReferenceLedger.Writer(ledger, "prod", 10)
        for number in 0..<20 {
            try await ledger.pragma("max_page_count = 1")
            let failure = await #expect(throws: Failure.self) {
                try await writer.adopt(String(repeating: "x", count: 90_000))
            }
            #expect(failure?.code == .ledgerFull)
            try await ledger.pragma("max_page_count = 100000")
            try await writer.adopt("v\(number)")
            #expect(try await ledger.fact("schema", "version") == "v\(number)")
        }
        #expect(try await ledger.facts("schema", "version").count == 12 + 20)
    }

    @Test("commits are made durable and that is read back, whatever the library's own settings are")
    func durability() async throws {
        let path = try Scratch.folder("guard") + "/ledger"
        let ledger = try TestTime.ledger(path)
        #expect(try await ledger.setting("synchronous") == "2")
        #expect(try await ledger.setting("journal_mode") == "wal")
        let loose = try Connection(path: path, create: false)
        try loose.script("PRAGMA synchronous = OFF")
        let file = try LedgerFile(loose, .file(path)) { () throws(Failure) in throw LedgerFailure.missing(path) }
        #expect(try file.connection.query("PRAGMA synchronous") { $0.integer(0) } == [2])
        // One that has no log, and says so.
        let failure = #expect(throws: Failure.self) {
            try LedgerFile(try Connection(path: ":memory:", create: true), .file(path)) { ("lineage", [1]) }
        }
        #expect(failure?.cause == ["journal_mode is memory, synchronous is 2; wal and 2 are needed"])
    }
}
