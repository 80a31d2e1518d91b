import Foundation
import SQLite
import Support
import Testing

@testable import Base
@testable import Ledger

/// Files that cannot be shared, or can only be read, or do not fit.
@Suite("Where a ledger is kept")
struct LedgerPlaceTests {
    @Test("a file with a second name is refused under both names, until it has one name again")
    func hardLink() async throws {
        let folder = try Scratch.folder("place")
        let (path, other) = (folder + "/ledger", folder + "/other")
        try await ReferenceLedger.make(at: path)
        try FileManager.default.linkItem(atPath: path, toPath: other)
        for name in [path, other] {
            let failure = LedgerRefusalTests.refused(name, .ledgerUnreadable, next: "cp -p \(name)")
            #expect(failure?.summary.contains("has 2 names (hard links)") == true)
            let read = #expect(throws: Failure.self) { try LedgerReader(path: name) }
            #expect(read?.code == .ledgerUnreadable)
        }
        try FileManager.default.removeItem(atPath: other)
        _ = try TestTime.ledger(path)
    }

    @Test("the name that a rebuild keeps a damaged file by is not a second name")
    func rebuild() async throws {
        let path = try Scratch.folder("place") + "/ledger"
        try await ReferenceLedger.make(at: path)
        try FileManager.default.linkItem(atPath: path, toPath: path + ".damaged-1")
        _ = try TestTime.ledger(path)
    }

    @Test("names that SQLite interprets are files like any other once they are taken for a path")
    func names() throws {
        let folder = try Scratch.folder("place")
        for name in [":memory:", "file:x?mode=memory"] {
            let ledger = try TestTime.ledger("\(folder)/\(name)")
            #expect(FileManager.default.fileExists(atPath: ledger.path))
        }
        #expect(LedgerLocation.file(":memory:").name == "./:memory:")
        #expect(LedgerLocation.memory.path.isEmpty)
    }

    @Test(
        "the system's reason decides what a failed write means",
        arguments: [
            (EFBIG, Failure.Code.ledgerFull, "ulimit -f"), (ENOSPC, .ledgerFull, "make room"),
            (EDQUOT, .ledgerFull, "make room"), (EMFILE, .ledgerUnreadable, "ulimit -n"),
            (ENAMETOOLONG, .ledgerUnreadable, "shorter path"), (EIO, .ledgerUnreadable, "check the path"),
        ])
    func reasons(reason: Int32, code: Failure.Code, hint: String) {
        let failure = LedgerFailure.from(
            SQLiteError(code: 778, message: "disk I/O error", systemCode: reason), path: "l")
        #expect(failure.code == code)
        #expect(failure.hint.contains(hint), "\(failure.hint)")
        if reason != EIO { #expect(failure.summary.contains(String(cString: strerror(reason)))) }
        #expect(SystemReason.failure("x", reason).hint.contains(hint), "\(reason)")
    }

    /// As root every file may be written, so a read-only ledger is shown to a program of another user.
    @Test("a ledger that may only be read is read and verified, and takes nothing")
    func readOnly() async throws {
        let path = try Scratch.folder("place") + "/ledger"
        try await ReferenceLedger.make(at: path)
        let before = try await ReferenceLedger.read(path)
        let connection = try Connection(path: path, create: false)
        try connection.script("PRAGMA wal_checkpoint(TRUNCATE)")
        let file = try LedgerFile(
            try Connection(path: path, .readUnlocked), .file(path), isReadOnly: true
        ) { () throws(Failure) in throw LedgerFailure.missing(path) }
        #expect(try SQLiteLog(file).open().0.count == Int64(before.entries.count))
    }
}
