import Foundation
import JSON
import SQLite
import Support
import Testing
import Time

@testable import Reconciler

/// Each thing that an opening relies on instead of reading everything: without its guard one of these tests fails.
///
/// Most damage an entry before the seal as well, which is found if and only if everything is read.
@Suite("What a sealed ledger is believed for")
struct LedgerGuardTests {
    static let interval = LedgerSealTests.interval
    static let unread = "UPDATE entry SET token = 'x' WHERE sequence = 5"

    static func sealed(_ sql: String...) async throws -> (path: String, content: ReferenceLedger.Content) {
        let made = try await LedgerSealTests.sealed()
        let connection = try Connection(path: made.path, create: false)
        for statement in sql { try connection.run(statement) }
        return made
    }

    /// Whether everything is read when it is opened.
    static func isReadWhole(_ path: String) throws -> Bool {
        do {
            _ = try TestTime.ledger(path, sealing: interval)
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

    @Test("as long as nothing is wrong, what stands before the seal is not read")
    func unread() async throws {
        let path = try await Self.sealed(Self.unread).path
        #expect(try !Self.isReadWhole(path))
    }

    @Test(
        "everything is read where the file has pages without use, or tables that are not those that were sealed",
        arguments: [
            "CREATE TABLE other (x)", "CREATE INDEX other ON fact (value)", "DROP INDEX entry_by_environment",
            "DELETE FROM cache",
        ])
    func layout(sql: String) async throws {
        let path = try await Self.sealed(
            Self.unread, "INSERT INTO cache SELECT 'big', hex(zeroblob(6000))", sql
        ).path
        #expect(try Self.isReadWhole(path))
    }

    @Test("everything is read where the header says that pages are moved about, which is no setting of a ledger")
    func vacuum() async throws {
        let path = try await Self.sealed(Self.unread).path
        // The largest root page in the header, which SQLite takes for a file that it vacuums by itself.
        try Self.change(path) { $0[55] ^= 1 }
        #expect(try Self.isReadWhole(path))
    }

    @Test("everything is read where the file is longer than its header says, with and without a log beside it")
    func length() async throws {
        let (path, _) = try await Self.sealed(Self.unread)
        try FileManager.default.copyItem(atPath: path, toPath: path + ".copy")
        try Self.change(path) { $0 += Data(count: 4_096) }
        #expect(try Self.isReadWhole(path))
        let ledger = try TestTime.ledger(path + ".copy", sealing: Self.interval)
        _ = try await ReferenceLedger.Writer(ledger, "prod", 10)
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path + ".copy"))
        try file.seekToEnd()
        try file.write(contentsOf: Data(count: 40 * 4_096))
        try file.close()
        #expect(try Self.isReadWhole(path + ".copy"))
        withExtendedLifetime(ledger) {}
    }

    @Test("a node that was right once is not believed for a later seal")
    func oldNodes() async throws {
        let path = try Scratch.folder("guard") + "/ledger"
        try await ReferenceLedger.fill(path, sealing: Self.interval)
        let connection = try Connection(path: path, create: false)
        try connection.run("CREATE TEMP TABLE old AS SELECT * FROM fact_node")
        do {
            let ledger = try TestTime.ledger(path, sealing: Self.interval)
            let writer = try await ReferenceLedger.Writer(ledger, "prod", 10)
            for number in 0..<17 { try await writer.adopt("new-\(number)") }
        }
        try connection.run("UPDATE fact_node SET content = (SELECT content FROM old WHERE old.id = fact_node.id)")
        try connection.run("DELETE FROM fact WHERE sequence > 42 AND sequence <= 58")
        let ledger = try TestTime.ledger(path, sealing: Self.interval)
        #expect(try await ledger.fact("schema", "version") == "new-16")
        #expect(try await ledger.facts("schema", "version").count == 12 + 17)
    }

    @Test("a fact that is read alone is believed by its own digest")
    func alone() async throws {
        let (path, content) = try await Self.sealed("UPDATE fact SET value = 'v9' WHERE name = 'version'")
        let ledger = try TestTime.ledger(path, sealing: Self.interval)
        #expect(try await ledger.fact("schema", "version") == content.fact)
    }

    @Test("a seal that says something else than the entries is damage, whoever sealed it")
    func otherSeal() async throws {
        let (path, _) = try await Self.sealed()
        let file = try LedgerFile(existing: path)
        let seal = try #require(try LedgerSeal.read(file))
        var (other, later) = (seal.place, seal.place)
        other.head[0] ^= 1
        later.count = 50
        for (place, cause) in [
            (other, "entry \(seal.place.count): it is not the one that was sealed"), (later, "entry 43: it is missing"),
        ] {
            try file.transaction { try LedgerSeal(place: place, root: seal.root, tail: seal.tail).write(to: file) }
            let opened = #expect(throws: Failure.self) { try TestTime.ledger(path, sealing: Self.interval) }
            #expect(opened?.cause == [cause])
            #expect(#expect(throws: Failure.self) { try LedgerReader(path: path).verify() }?.cause == [cause])
        }
        // What only follows from entries is mended.
        var tail = seal.tail
        tail.open = [:]
        try file.transaction { try LedgerSeal(place: seal.place, root: seal.root, tail: tail).write(to: file) }
        #expect(#expect(throws: Failure.self) { try LedgerReader(path: path).verify() }?.cause == ["view seal"])
    }

    @Test("a seal that was begun and rolled back is forgotten, and costs no reading of everything")
    func rolledBack() async throws {
        let path = try await Self.sealed(Self.unread).path
        let ledger = try TestTime.ledger(path, sealing: Self.interval)
        let writer = try await ReferenceLedger.Writer(ledger, "prod", 10)
        // Two entries are not sealed yet; after five more the next one begins with a seal.
        for number in 0..<5 { try await writer.adopt("v\(number)") }
        try await ledger.pragma("max_page_count = 1")
        let failure = await #expect(throws: Failure.self) {
            try await writer.adopt(String(repeating: "x", count: 9_000))
        }
        #expect(failure?.code == .ledgerFull)
        try await ledger.pragma("max_page_count = 100000")
        #expect(try await ledger.fact("schema", "version") == "v4")
        #expect(try await ledger.facts("schema", "version").count == 12 + 5)
        try await writer.adopt("there is room again")
        #expect(try await ledger.fact("schema", "version") == "there is room again")
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

    @Test("a short ledger whose facts were derived anew is not sealed for it")
    func shortStaysShort() async throws {
        let path = try Scratch.folder("guard") + "/ledger"
        try await ReferenceLedger.fill(path)
        let connection = try Connection(path: path, create: false)
        try connection.run("DELETE FROM fact")
        #expect(try TestTime.ledger(path).mended == ["fact"])
        #expect(try connection.query("SELECT count(*) FROM sqlite_schema WHERE name = 'seal'") { $0.integer(0) } == [0])
    }
}
