import Foundation
import JSON
import SQLite
import Support
import Testing
import Time

@testable import Base
@testable import Ledger

/// What is no ledger, or none that can be used: each with its code, its reason and the next step.
@Suite("A ledger that cannot be used is refused by name")
struct LedgerRefusalTests {
    @discardableResult
    static func refused(
        _ path: String, _ code: Failure.Code, next hint: String, location: SourceLocation = #_sourceLocation
    ) -> Failure? {
        let failure = #expect(throws: Failure.self, sourceLocation: location) { try TestTime.ledger(path) }
        #expect(failure?.code == code, sourceLocation: location)
        #expect(failure?.exit == .ledger, sourceLocation: location)
        #expect(failure?.hint.contains(hint) == true, "\(failure?.hint ?? "")", sourceLocation: location)
        return failure
    }

    @Test("a text, a database of somebody else and a newer format are left as they are")
    func foreign() async throws {
        let folder = try Scratch.folder("refused")
        try Scratch.write(String(repeating: "not a database", count: 100), to: folder + "/text")
        Self.refused(folder + "/text", .ledgerForeign, next: "name the ledger's own file")
        // Shorter than a page of SQLite's.
        try Scratch.write("{}", to: folder + "/short")
        Self.refused(folder + "/short", .ledgerForeign, next: "this one is left as it is")
        try Connection(path: folder + "/other", create: true).run("CREATE TABLE mine (x)")
        Self.refused(folder + "/other", .ledgerForeign, next: "name another file with --ledger")
        try await ReferenceLedger.make(at: folder + "/newer")
        try Connection(path: folder + "/newer", create: false).run("UPDATE meta SET format = 3")
        let before = try ["text", "other", "newer"].map {
            try Data(contentsOf: URL(fileURLWithPath: folder + "/\($0)"))
        }
        Self.refused(folder + "/newer", .ledgerNewer, next: "use the release of reconcile that wrote it")
        let after = try ["text", "other", "newer"].map { try Data(contentsOf: URL(fileURLWithPath: folder + "/\($0)")) }
        #expect(before == after)
    }

    @Test("a format that never was, and a file that lost its tables, are damage")
    func impossible() async throws {
        let path = try Scratch.folder("refused") + "/ledger"
        try await ReferenceLedger.make(at: path)
        let connection = try Connection(path: path, create: false)
        try connection.run("UPDATE meta SET format = 0")
        Self.refused(path, .ledgerDamaged, next: "reconcile ledger rebuild --ledger \(path)")
        try connection.run("UPDATE meta SET format = 2")
        try connection.run("PRAGMA application_id = 7")
        Self.refused(path, .ledgerDamaged, next: "move it away")
        try connection.run("PRAGMA application_id = \(LedgerSchema.applicationID)")
        for table in ["meta", "entry", "page", "last_entry"] { try connection.run("DROP TABLE \(table)") }
        #expect(Self.refused(path, .ledgerDamaged, next: "move it away")?.cause == ["its tables are missing"])
    }

    @Test("a folder in its place, and a folder that cannot be made")
    func folders() throws {
        let folder = try Scratch.folder("refused")
        #expect(
            Self.refused(folder, .ledgerUnreadable, next: "name a file")?.summary.contains("Is a directory") == true)
        try Scratch.write("", to: folder + "/file")
        let failure = Self.refused(folder + "/file/deep/ledger", .ledgerUnreadable, next: "check the path")
        #expect(failure?.summary.contains("the folder \(folder)/file for the ledger cannot be made") == true)
    }

    @Test("a file and a folder that may only be read", .enabled(if: geteuid() != 0, "root may write everything"))
    func readOnly() async throws {
        let folder = try Scratch.folder("refused") + "/deep"
        try await ReferenceLedger.make(at: folder + "/ledger")
        let files = FileManager.default
        try files.setAttributes([.posixPermissions: 0o400], ofItemAtPath: folder + "/ledger")
        Self.refused(folder + "/ledger", .ledgerReadOnly, next: "give this user the right to write it and its folder")
        try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder + "/ledger")
        try files.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder)
        defer { try? files.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder) }
        Self.refused(folder + "/ledger", .ledgerReadOnly, next: "give this user the right")
        Self.refused(folder + "/other", .ledgerReadOnly, next: "give this user the right")
        Self.refused(folder + "/new/ledger", .ledgerReadOnly, next: "give this user the right")
    }

    @Test("a ledger that cannot be written any more says so, and goes on when it can")
    func writeRefused() async throws {
        let path = try Scratch.folder("refused") + "/ledger"
        try await ReferenceLedger.make(at: path)
        let before = try await ReferenceLedger.read(path)
        let ledger = try TestTime.ledger(path)
        try await ledger.pragma("query_only = 1")
        let refused = await #expect(throws: Failure.self) { try await ReferenceLedger.Writer(ledger, "prod", 50_000) }
        #expect(refused?.code == .ledgerReadOnly)
        try await ledger.pragma("query_only = 0")
        let writer = try await ReferenceLedger.Writer(ledger, "prod", 50_000)
        #expect(writer.run.epoch == 6)
        #expect(try await ReferenceLedger.read(path).entries.dropLast().elementsEqual(before.entries))
    }

    @Test("a full disk takes no half of an entry, loses none, and is over when there is room")
    func full() async throws {
        let path = try Scratch.folder("refused") + "/ledger"
        try await ReferenceLedger.make(at: path)
        let ledger = try TestTime.ledger(path)
        let writer = try await ReferenceLedger.Writer(ledger, "prod", 50_000)
        // SQLite takes the number of pages that are there already as the least.
        try await ledger.pragma("max_page_count = 1")
        var taken = 0
        let failure = await #expect(throws: Failure.self) {
            for number in 0..<1_000 {
                try await writer.adopt(String(repeating: "\(number) ", count: 300))
                taken += 1
            }
        }
        #expect(failure?.code == .ledgerFull)
        #expect(failure?.hint.contains("make room") == true)
        #expect(try await ReferenceLedger.read(path).entries.count == 43 + taken)
        try await ledger.pragma("max_page_count = 100000")
        try await writer.adopt("there is room again")
        let after = try await ReferenceLedger.read(path)
        #expect(after.entries.count == 44 + taken)
        #expect(after.fact == "there is room again")
    }
}
