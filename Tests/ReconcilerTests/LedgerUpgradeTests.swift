import Foundation
import SQLite
import Support
import Testing
import Time

@testable import Base
@testable import Ledger

/// Ledgers of format 1, as release 0.2 and those before made them.
@Suite("A ledger of an earlier format")
struct LedgerUpgradeTests {
    /// A copy of one with the 42 entries of the reference, of which format 1 has sealed 40.
    static func old() throws -> (folder: String, path: String, bytes: Data) {
        let folder = try Scratch.folder("migration")
        let source = #filePath.replacing("LedgerUpgradeTests.swift", with: "Ledgers/format-1")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: source))
        try bytes.write(to: URL(fileURLWithPath: folder + "/ledger"))
        return (folder, folder + "/ledger", bytes)
    }

    @Test("is brought into the present one with all its entries, and its file is kept")
    func migrated() async throws {
        let (folder, path, bytes) = try Self.old()
        let before = try LedgerReader(path: path).verify()
        #expect(before.entries == 42)
        let content = try await ReferenceLedger.read(path)
        #expect(content.facts.count == 12 && content.facts.last == "migrate-4")
        #expect(content.open.map { $0.acceptance != nil } == [true, false])
        #expect(try LedgerReader(path: path).verify() == before)
        #expect(try LedgerReader(path: path).format == 2)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(files.sorted() == ["ledger", "ledger.format-1-1"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: path + ".format-1-1")) == bytes)
        let writer = try await ReferenceLedger.Writer(try TestTime.ledger(path), "prod", 20_000)
        try await writer.adopt("new")
        #expect(writer.run.epoch == 6)
        #expect(try LedgerReader(path: path).verify().entries == 44)
    }

    @Test("is read as it is by who only looks")
    func looked() throws {
        let (folder, path, bytes) = try Self.old()
        #expect(try LedgerReader(path: path).format == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["ledger"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
    }

    @Test("is refused where an entry is damaged, and stays as it is")
    func damaged() throws {
        let (folder, path, _) = try Self.old()
        try Connection(path: path, create: false).run("UPDATE entry SET token = 'x' WHERE sequence = 5")
        let failure = #expect(throws: Failure.self) { try TestTime.ledger(path) }
        #expect(failure?.cause.first?.hasPrefix("entry 5: ") == true)
        #expect(try LedgerReader(path: path).format == 1)
        #expect(try !FileManager.default.contentsOfDirectory(atPath: folder).contains { $0.contains("format") })
    }

    @Test("is not moved away from under a process that has it open")
    func inUse() throws {
        let (_, path, bytes) = try Self.old()
        let reader = try Connection(path: path, create: false)
        try reader.run("BEGIN")
        #expect(try reader.query("SELECT count(*) FROM entry") { $0.integer(0) } == [42])
        #expect(throws: Failure.self) { try LedgerFile(alone: path, patience: 10) }
        try reader.run("COMMIT")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
    }
}
