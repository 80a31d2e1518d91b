import Foundation
import JSON
import SQLite
import Support
import Testing
import Time

@testable import Base
@testable import Ledger

@Suite("Looking after a ledger")
struct LedgerUpkeepTests {
    /// A ledger's folder and path, with something done to it.
    static func ledger(_ sql: String...) async throws -> (folder: String, path: String) {
        let folder = try Scratch.folder("upkeep")
        try await ReferenceLedger.make(at: folder + "/ledger")
        let connection = try Connection(path: folder + "/ledger", create: false)
        for statement in sql { try connection.run(statement) }
        return (folder, folder + "/ledger")
    }

    static func files(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    static let broken = "UPDATE entry SET payload = replace(payload, 'token', 't0ken'), token = 'x' WHERE sequence = 20"

    @Test("a verification tells what the chain vouches for, and leaves no file behind")
    func verify() async throws {
        let (folder, path) = try await Self.ledger()
        let report = try LedgerReader(path: path).verify()
        #expect(report.entries == 42)
        #expect(report.epochs == 5)
        #expect(report.head.count == 64)
        #expect(report.first == Timestamp(seconds: 1_000))
        #expect(report.last == Timestamp(seconds: 9_000))
        #expect(try Self.files(folder) == ["ledger"])
    }

    @Test("where there is no ledger none is made, and an empty file stays empty")
    func missing() async throws {
        let folder = try Scratch.folder("upkeep")
        let missing = #expect(throws: Failure.self) { try LedgerReader(path: folder + "/none") }
        #expect(missing?.code == .ledgerUnreadable)
        #expect(missing?.summary == "there is no ledger at \(folder)/none")
        #expect(#expect(throws: Failure.self) { try LedgerRebuild(path: folder + "/none").run() }?.exit == .ledger)
        #expect(try Self.files(folder).isEmpty)
        try Scratch.write("", to: folder + "/empty")
        #expect(#expect(throws: Failure.self) { try LedgerReader(path: folder + "/empty") }?.code == .ledgerUnreadable)
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/empty")).isEmpty)
    }

    @Test("a verification names the entry that is damaged, and a page that is")
    func places() async throws {
        let entry = try await Self.ledger(Self.broken).path
        let first = #expect(throws: Failure.self) { try LedgerReader(path: entry).verify() }
        #expect(first?.cause.first?.hasPrefix("entry 20: its digest does not match") == true)
        let page = try await Self.ledger().path
        try Self.spoilFreePages(page)
        let third = #expect(throws: Failure.self) { try LedgerReader(path: page).verify() }
        #expect(third?.code == .ledgerDamaged)
        #expect(third?.cause.joined().contains("reelist") == true)
    }

    /// The header's number of free pages, which SQLite believes without counting.
    static func spoilFreePages(_ path: String) throws {
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[39] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
    }

    @Test("a ledger is read up to its damage, entry by entry, and the damage is told")
    func upToDamage() async throws {
        let path = try await Self.ledger(Self.broken).path
        var read: [(Int64, String)] = []
        let failure = #expect(throws: Failure.self) {
            try LedgerReader(path: path).entries { read.append(($0.sequence, $1)) }
        }
        #expect(failure?.code == .ledgerDamaged)
        #expect(read.map(\.0) == Array(1...19))
        #expect(Set(read.map(\.1)).count == 19)
    }

    @Test("a page that cannot be read costs the entries that are on it, and none before it")
    func brokenPage() async throws {
        let (folder, path) = try await Self.ledger()
        let content = try await ReferenceLedger.read(path)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        // The one long entry stands on overflow pages of its own; its text leads there.
        let long = try #require(bytes.firstRange(of: Data("of its own long enough".utf8)))
        var broken = bytes
        broken[long.lowerBound / 4_096 * 4_096..<long.lowerBound / 4_096 * 4_096 + 8] = Data(repeating: 0xff, count: 8)
        try broken.write(to: URL(fileURLWithPath: path))
        let place = try #require(content.entries.first { $0.payload["note"] != nil }).sequence
        let failure = #expect(throws: Failure.self) { try LedgerReader(path: path).entries { _, _ in } }
        #expect(failure?.cause.first?.hasPrefix("entry \(place): ") == true)
        guard case .replaced(let replacement) = try LedgerRebuild(path: path).run() else {
            Issue.record("it was not replaced")
            return
        }
        #expect(replacement.kept == place - 1)
        #expect(try await TestTime.ledger(path).everything().elementsEqual(content.entries.prefix(Int(place - 1))))
        #expect(try Self.files(folder) == ["ledger", "ledger.damaged-1"])
    }

    @Test("a rebuild of a ledger that is right changes nothing")
    func intact() async throws {
        let (folder, path) = try await Self.ledger()
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(try LedgerRebuild(path: path).run() == .intact(entries: 42))
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        #expect(try Self.files(folder) == ["ledger"])
    }

    @Test("a damaged ledger has a successor of the same lineage and key with what verifies, and is kept beside it")
    func replaced() async throws {
        let (folder, path) = try await Self.ledger()
        let reference = try await ReferenceLedger.read(path)
        let (lineage, fingerprint) = { ($0.lineage, $0.fingerprint("x")) }(try TestTime.ledger(path))
        try Connection(path: path, create: false).run(Self.broken)
        let damaged = try Data(contentsOf: URL(fileURLWithPath: path))
        // What an earlier rebuild left behind when it was cut off, and another that came to its end.
        try Scratch.write("half", to: path + ".rebuilt")
        try Scratch.write("earlier", to: path + ".damaged-1")

        let result = try LedgerRebuild(path: path).run()
        guard case .replaced(let replacement) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(replacement.kept == 19)
        #expect(replacement.lost == 23)
        #expect(replacement.aside == path + ".damaged-2")
        #expect(replacement.cause.first?.hasPrefix("entry 20: ") == true)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path + ".damaged-2")) == damaged)
        #expect(try String(contentsOfFile: path + ".damaged-1", encoding: .utf8) == "earlier")
        #expect(try Self.files(folder) == ["ledger", "ledger.damaged-1", "ledger.damaged-2"])

        let new = try Ledger(path: path) { Array(repeating: 99, count: $0) }
        #expect(new.lineage == lineage)
        #expect(new.fingerprint("x") == fingerprint)
        #expect(try await new.everything().elementsEqual(reference.entries.prefix(19)))
        #expect(try await new.begin([:], environment: "prod", time: .init(seconds: 1), awsTime: nil).epoch == 4)
        #expect(try LedgerReader(path: path).verify().entries == 20)
    }

    @Test("where only pages are damaged, all entries are kept")
    func pages() async throws {
        let path = try await Self.ledger().path
        let reference = try await ReferenceLedger.read(path)
        try Self.spoilFreePages(path)
        guard case .replaced(let replacement) = try LedgerRebuild(path: path).run() else {
            Issue.record("it was not replaced")
            return
        }
        #expect((replacement.kept, replacement.lost) == (42, 0))
        #expect(try await ReferenceLedger.read(path) == reference)
    }

    @Test("a damaged ledger that another has open is not moved away from under it")
    func inUse() async throws {
        let (folder, path) = try await Self.ledger()
        let open = try TestTime.ledger(path)
        try Connection(path: path, create: false).run(Self.broken)
        let failure = #expect(throws: Failure.self) { try LedgerRebuild(path: path).run() }
        #expect(failure?.code == .ledgerBusy)
        #expect(try !Self.files(folder).contains { $0.contains("damaged") || $0.contains("rebuilt") })
        withExtendedLifetime(open) {}
    }

    @Test("what is not a ledger, or cannot be read at its beginning, is not touched by a rebuild")
    func beyondRepair() async throws {
        let folder = try Scratch.folder("upkeep")
        try Scratch.write(String(repeating: "a text ", count: 1_000), to: folder + "/text")
        let text = #expect(throws: Failure.self) { try LedgerRebuild(path: folder + "/text").run() }
        #expect(text?.code == .ledgerForeign)
        let cut = try await Self.ledger().path
        let bytes = try Data(contentsOf: URL(fileURLWithPath: cut)).prefix(20_000)
        try bytes.write(to: URL(fileURLWithPath: cut))
        let failure = #expect(throws: Failure.self) { try LedgerRebuild(path: cut).run() }
        #expect(failure?.code == .ledgerDamaged && failure?.hint.hasPrefix("move it away") == true)
        #expect(try Data(contentsOf: URL(fileURLWithPath: cut)) == bytes)
        try Connection(path: folder + "/other", create: true).run("CREATE TABLE mine (x)")
        let foreign = #expect(throws: Failure.self) { try LedgerRebuild(path: folder + "/other").run() }
        #expect(foreign?.code == .ledgerForeign)
        #expect(try Self.files(folder) == ["other", "text"])
    }
}
