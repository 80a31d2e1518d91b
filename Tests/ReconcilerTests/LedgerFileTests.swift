import Foundation
import JSON
import SQLite
import Support
import Testing
import Time

@testable import Reconciler

/// What becomes of a ledger when its file is moved, made or read by several at once.
@Suite("The file of a ledger")
struct LedgerFileTests {
    static func path() throws -> String { try Scratch.folder("file") + "/ledger" }

    static func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test(
        "a process whose file is not at its path any more appends nothing",
        arguments: ["moved away", "replaced by a copy", "deleted"])
    func moved(what: String) async throws {
        let path = try Self.path()
        try await ReferenceLedger.make(at: path)
        let files = FileManager.default
        try files.copyItem(atPath: path, toPath: path + ".copy")
        let ledger = try TestTime.ledger(path)
        let writer = try await ReferenceLedger.Writer(ledger, "prod", 10)
        switch what {
        case "deleted": try files.removeItem(atPath: path)
        case "moved away": try files.moveItem(atPath: path, toPath: path + ".old")
        default: #expect(rename(path + ".copy", path) == 0)
        }
        let failure = await #expect(throws: Failure.self) { try await writer.intend("service/web", "update", "t") }
        #expect(failure?.code.rawValue == "ledger-moved")
        #expect(failure?.exit == .ledger)
        #expect(failure?.hint.contains("run the same command again") == true)
        let begun = await #expect(throws: Failure.self) {
            try await ledger.begin([:], environment: "e", time: .init(seconds: 1), awsTime: nil)
        }
        #expect(begun?.code.rawValue == "ledger-moved")
    }

    @Test("while a rebuild works nobody opens the old file, and who has it in hand afterwards is sent back")
    func duringRebuild() async throws {
        let path = try Self.path()
        // Damage before the seal, which keeps nobody from opening it.
        try await ReferenceLedger.fill(path, sealing: 8)
        try Connection(path: path, create: false).run("UPDATE entry SET token = 'x' WHERE sequence = 20")
        _ = try TestTime.ledger(path, sealing: 8)
        var failures: [Failure?] = []
        var late: Connection?
        _ = try LedgerRebuild(path: path).run {
            failures.append(#expect(throws: Failure.self) { try LedgerFile(existing: path, patience: 0) })
            late = try? Connection(path: path, create: false)
        }
        #expect(failures.map(\.?.code) == [.ledgerBusy])
        let connection = try #require(late)
        let ledger = try TestTime.ledger(path)
        let writer = try await ReferenceLedger.Writer(ledger, "prod", 10)
        let sentBack = #expect(throws: Failure.self) {
            try LedgerFile(connection, path: path) { () throws(Failure) in throw LedgerFailure.missing(path) }
        }
        #expect(sentBack?.code == .ledgerMoved)
        late = nil
        try await writer.adopt("after")
        #expect(try LedgerReader(path: path).verify().entries == 21)
        #expect(try await TestTime.ledger(path).fact("schema", "version") == "after")
    }
}
