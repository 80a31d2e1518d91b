import Foundation
import JSON
import SQLite
import Support
import Synchronization
import Testing
import Time

@testable import Base
@testable import Ledger

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
        // Damage before the newest checkpoint, which keeps no one from opening it.
        try await ReferenceLedger.fill(path, checkpointing: 8)
        try Connection(path: path, create: false).run("UPDATE entry SET token = 'x' WHERE sequence = 20")
        _ = try TestTime.ledger(path, checkpointing: 8)
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
            try LedgerFile(connection, .file(path)) { () throws(Failure) in throw LedgerFailure.missing(path) }
        }
        #expect(sentBack?.code == .ledgerMoved)
        late = nil
        try await writer.adopt("after")
        #expect(try LedgerReader(path: path).verify().entries == 21)
        #expect(try await TestTime.ledger(path).fact("schema", "version") == "after")
    }

    @Test("nobody else may read it or what SQLite keeps beside it, also where the mode was loosened")
    func modes() async throws {
        let path = try Self.path()
        try await ReferenceLedger.make(at: path)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        let ledger = try TestTime.ledger(path)
        _ = try await ReferenceLedger.Writer(ledger, "prod", 10)
        for end in ["", "-wal", "-shm"] { #expect(try Self.mode(path + end) == 0o600, "\(end)") }
        withExtendedLifetime(ledger) {}
    }

    @Test("processes that make a ledger at once make one, and all open it")
    func madeAtOnce() throws {
        let folder = try Scratch.folder("file")
        for number in 0..<40 {
            let made = Mutex<(lineages: Set<String>, failures: [String])>(([], []))
            let (ready, begin, done) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchGroup())
            for seed in 0..<4 {
                done.enter()
                Thread.detachNewThread {
                    ready.signal()
                    begin.wait()
                    do {
                        let ledger = try Ledger(path: "\(folder)/\(number)/ledger") { count in
                            (0..<count).map { UInt8(truncatingIfNeeded: $0 + seed) }
                        }
                        made.withLock { _ = $0.lineages.insert(ledger.lineage) }
                    } catch {
                        made.withLock { $0.failures.append("\(error)") }
                    }
                    done.leave()
                }
            }
            for _ in 0..<4 { ready.wait() }
            for _ in 0..<4 { begin.signal() }
            done.wait()
            #expect(made.withLock { $0.lineages.count } == 1)
            #expect(made.withLock { $0.failures } == [])
        }
    }

    @Test("an opening waits for no writer")
    func besideWriter() async throws {
        let path = try Self.path()
        try await ReferenceLedger.make(at: path)
        let content = try await ReferenceLedger.read(path)
        let writer = try Connection(path: path, create: false)
        try writer.run("BEGIN IMMEDIATE")
        #expect(try await ReferenceLedger.read(path) == content)
        try writer.run("COMMIT")
        // Neither does a long one that is checked in full, because it has pages without use.
        let sealed = try await LedgerCheckpointTests.long(
            "INSERT INTO page (subject, size, facts) VALUES ('big', 1, hex(zeroblob(6000)))",
            "DELETE FROM page WHERE subject = 'big'")
        let other = try Connection(path: sealed.path, create: false)
        try other.run("BEGIN IMMEDIATE")
        #expect(try await ReferenceLedger.read(sealed.path, checkpointing: 8) == sealed.content)
    }

    @Test(
        "entries that are gone at the end are missed, and a rebuild keeps all others", arguments: [8, 1_024],
        [12, 30, 41])
    func cutOff(interval: Int64, last: Int64) async throws {
        let path = try Self.path()
        try await ReferenceLedger.fill(path, checkpointing: interval)
        let entries = try await ReferenceLedger.read(path).entries
        try Connection(path: path, create: false).run("DELETE FROM entry WHERE sequence > \(last)")
        let failure = #expect(throws: Failure.self) { try TestTime.ledger(path, checkpointing: interval) }
        #expect(failure?.code == .ledgerDamaged)
        #expect(failure?.cause.first == "entry \(last + 1): it is missing")
        #expect(#expect(throws: Failure.self) { try LedgerReader(path: path).verify() }?.cause == failure?.cause)
        guard case .replaced(let replacement) = try LedgerRebuild(path: path).run() else {
            Issue.record("it was not replaced")
            return
        }
        #expect(replacement.kept == last)
        #expect(replacement.lost == Int64(entries.count) - last)
        #expect(try await ReferenceLedger.read(path).entries.elementsEqual(entries.prefix(Int(last))))
    }

    @Test("a ledger that does not say which entry is its last one is refused, and a rebuild keeps all of it")
    func withoutLast() async throws {
        let path = try Self.path()
        for sql in [
            "DELETE FROM last_entry", "DROP TABLE last_entry", "UPDATE last_entry SET sequence = 41",
            "UPDATE last_entry SET sequence = 0",
        ] {
            try? FileManager.default.removeItem(atPath: path)
            try await ReferenceLedger.make(at: path)
            let content = try await ReferenceLedger.read(path)
            try Connection(path: path, create: false).run(sql)
            let failure = #expect(throws: Failure.self) { try TestTime.ledger(path) }
            #expect(failure?.code == .ledgerDamaged)
            #expect(failure?.hint.contains("ledger rebuild") == true)
            guard case .replaced(let replacement) = try LedgerRebuild(path: path).run() else {
                Issue.record("it was not replaced")
                return
            }
            #expect((replacement.kept, replacement.lost) == (42, 0))
            #expect(try await ReferenceLedger.read(path) == content)
        }
    }
}
