import Foundation
import JSON
import SQLite
import Support
import Testing
import Time

@testable import Base
@testable import Ledger

/// Nothing that a disk does to a ledger's file changes unnoticed what is read from it.
@Suite("The ledger under damage", .serialized)
struct LedgerDamageTests {
    /// How reading a damaged copy ended.
    enum End: Hashable, Sendable {
        case same
        case refused(Failure.Code)
        /// What must never be.
        case silent(String)
    }

    /// A ledger in one file, its bytes, and what is read from it.
    struct Reference: Sendable {
        let folder: String
        let bytes: Data
        let content: ReferenceLedger.Content

        init() async throws {
            folder = try Scratch.folder("damage")
            let path = folder + "/reference"
            try await ReferenceLedger.make(at: path)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["reference"])
            bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            content = try await ReferenceLedger.read(path)
        }

        /// How each of many damaged copies is read, and how often each end came.
        func ends(
            _ count: Int, damage: (Int, inout Data) -> Void
        ) async throws -> [End: Int] {
            var ends: [End: Int] = [:]
            for number in 0..<count {
                var copy = bytes
                damage(number, &copy)
                ends[try await end(of: copy, number), default: 0] += 1
                // SQLite blocks its thread, and other tests want one, too.
                await Task.yield()
            }
            return ends
        }

        private func end(of copy: Data, _ number: Int) async throws -> End {
            let path = "\(folder)/\(number)"
            defer { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) } }
            try copy.write(to: URL(fileURLWithPath: path))
            do {
                guard try await ReferenceLedger.read(path) == content else { return .silent("read") }
                // What is read is not all: damage must not come out by what is written later, either.
                return try await number % 8 > 0 ? .same : grown(path)
            } catch let failure as Failure {
                return failure.exit == .ledger && !failure.hint.isEmpty ? .refused(failure.code) : .silent("\(failure)")
            }
        }

        private func grown(_ path: String) async throws -> End {
            let ledger = try TestTime.ledger(path)
            let run = try await ledger.begin([:], environment: "after", time: .init(seconds: 99_000), awsTime: nil)
            var grown = try await ReferenceLedger.read(path)
            let last = grown.entries.popLast()
            return last?.epoch == run.epoch && grown == content ? .same : .silent("after an append")
        }
    }

    static func count(_ ends: [End: Int]) -> (same: Int, loud: Int, silent: [End: Int]) {
        var (same, loud, silent) = (0, 0, [End: Int]())
        for (end, count) in ends {
            switch end {
            case .same: same += count
            case .refused: loud += count
            case .silent: silent[end] = count
            }
        }
        return (same, loud, silent)
    }

    @Test("the reference holds entries of all kinds, facts, open intents and pages that are free")
    func reference() async throws {
        let reference = try await Reference()
        #expect(reference.content.entries.count == 42)
        #expect(Set(reference.content.entries.map(\.kind)) == Set(Entry.Kind.allCases).subtracting([.checkpoint]))
        #expect(reference.content.facts.count == 12)
        #expect(reference.content.open.map { $0.acceptance != nil } == [true, false])
        let connection = try Connection(path: reference.folder + "/reference", create: false)
        #expect((try connection.query("PRAGMA freelist_count") { $0.integer(0) }.first ?? 0) > 0)
    }

    @Test("a flipped bit in any byte of the first page is either without effect or refused, and never believed")
    func firstPage() async throws {
        let reference = try await Reference()
        let ends = try await reference.ends(4_096) { number, copy in
            copy[number] ^= 1 << UInt8(number * 5 % 8)
        }
        let (same, loud, silent) = Self.count(ends)
        #expect(silent.isEmpty)
        #expect(same + loud == 4_096)
        #expect(ends[.refused(.ledgerForeign)] == nil)
        #expect(loud >= 800)
    }

    @Test("a ledger whose header was overwritten is a damaged one, and not somebody else's file", arguments: 0..<4)
    func header(number: Int) async throws {
        let reference = try await Reference()
        let ends = try await reference.ends(1) { _, copy in
            let text = Array(Data(String(repeating: "no ledger ", count: 410).utf8).prefix(4_096))
            switch number {
            case 0: copy.replaceSubrange(0..<16, with: text.prefix(16))
            case 1: copy.replaceSubrange(0..<100, with: text.prefix(100))
            case 2: copy.replaceSubrange(0..<4_096, with: text)
            default: copy.replaceSubrange(0..<copy.count, with: Data(count: copy.count))
            }
        }
        #expect(ends == [.refused(.ledgerDamaged): 1])
    }

    @Test("a flipped bit anywhere in the file is either without effect or refused, and never believed")
    func anywhere() async throws {
        let reference = try await Reference()
        var random = Seeded(state: 2_026)
        let flips = (0..<2_400).map { _ in
            (
                offset: Int.random(in: 0..<reference.bytes.count, using: &random),
                bit: UInt8.random(in: 0..<8, using: &random)
            )
        }
        let ends = try await reference.ends(flips.count) { number, copy in
            copy[flips[number].offset] ^= 1 << flips[number].bit
        }
        let (same, loud, silent) = Self.count(ends)
        #expect(silent.isEmpty)
        #expect(same + loud == 2_400)
        #expect(loud >= 500)
    }

    @Test("an entry that no legal step leads to is damage, by its number, although its digest is right")
    func illegal() async throws {
        let path = try Scratch.folder("illegal") + "/ledger"
        try await ReferenceLedger.make(at: path)
        var place = LogPlace(head: [], count: 0)
        do {
            let file = try LedgerFile(existing: path)
            place = try LedgerChain(file: file).walk()
            let entry = Entry(
                sequence: place.count + 1, epoch: 5, time: Timestamp(seconds: 9_100), awsTime: nil, environment: "prod",
                resource: ResourceID("schema", "main"), kind: .outcome, token: "t",
                payload: ["intent": 1, "result": "succeeded"])
            var stored = LogEntry(entry)
            var digest = EntryDigest()
            stored.digest = digest.of(stored, after: place.head)
            try file.store(stored)
        }
        let failure = LedgerRefusalTests.refused(path, .ledgerDamaged, next: "reconcile ledger rebuild")
        #expect(
            failure?.cause == ["entry \(place.count + 1): it says \"outcome\" of intent 1, which is ended"],
            "\(failure?.cause ?? [])")
        guard case .replaced(let kept) = try LedgerRebuild(path: path).run() else {
            Issue.record("it was not rebuilt")
            return
        }
        #expect(kept.kept == place.count && kept.lost == 1)
        #expect(try LedgerReader(path: path).verify().entries == place.count)
    }

    @Test("a file that was cut off is refused, wherever it was cut, but for nothing at all, which is a new ledger")
    func truncation() async throws {
        let reference = try await Reference()
        let count = reference.bytes.count / 512
        let ends = try await reference.ends(count - 1) { number, copy in
            copy = copy.prefix((number + 1) * 512)
        }
        let (same, loud, silent) = Self.count(ends)
        #expect(silent.isEmpty)
        // The last page holds nothing: a part of it is as good as the whole.
        #expect((same, loud) == (7, count - 8))
        let empty = reference.folder + "/empty"
        try Data().write(to: URL(fileURLWithPath: empty))
        #expect(try await ReferenceLedger.read(empty).entries.isEmpty)
    }

    @Test("a log without its file is refused, and left as it is", arguments: [true, false])
    func orphan(isThere: Bool) async throws {
        let path = try Scratch.folder("damage") + "/ledger"
        if isThere { try Data().write(to: URL(fileURLWithPath: path)) }
        try Data(repeating: 7, count: 8_000).write(to: URL(fileURLWithPath: path + "-wal"))
        let failure = #expect(throws: Failure.self) { try TestTime.ledger(path) }
        #expect(failure?.code == .ledgerDamaged)
        #expect(failure?.hint.contains("move the log away") == true)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path + "-wal")).count == 8_000)
    }

    @Test("a file that was cut within its first page is not taken for an empty one", arguments: [1, 100, 511])
    func cut(size: Int) async throws {
        let path = try Scratch.folder("damage") + "/ledger"
        try await ReferenceLedger.make(at: path)
        let start = try Data(contentsOf: URL(fileURLWithPath: path)).prefix(size)
        try start.write(to: URL(fileURLWithPath: path))
        let failure = #expect(throws: Failure.self) { try TestTime.ledger(path) }
        #expect(failure?.code == .ledgerDamaged)
        #expect(failure?.cause == ["it was cut: \(size) bytes are left of it"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == start)
    }

    /// A ledger with a log that no one has taken over yet, as a killed process leaves it.
    static func killed() async throws -> (folder: String, checkpointed: ReferenceLedger.Content, log: Data) {
        let reference = try await Reference()
        let path = reference.folder + "/reference"
        let ledger = try TestTime.ledger(path)
        let writer = try await ReferenceLedger.Writer(ledger, "staging", 20_000)
        for number in 1...3 {
            let intent = try await writer.intend("service/web", "update", "token-\(number)")
            try await writer.accept(intent, "\(number)")
            try await writer.settle(intent, "succeeded", fact: "late-\(number)")
        }
        let log = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
        try FileManager.default.copyItem(atPath: path, toPath: reference.folder + "/killed")
        #expect(try Data(contentsOf: URL(fileURLWithPath: reference.folder + "/killed")) == reference.bytes)
        withExtendedLifetime(ledger) {}
        return (reference.folder, reference.content, log)
    }

    @Test("what a killed process had committed is there, although it never came into the file")
    func hotLog() async throws {
        let (folder, checkpointed, log) = try await Self.killed()
        try log.write(to: URL(fileURLWithPath: folder + "/killed-wal"))
        let content = try await ReferenceLedger.read(folder + "/killed")
        #expect(content.entries.count == checkpointed.entries.count + 10)
        #expect(content.fact == "late-3")
        #expect(content.open == checkpointed.open)
    }

    @Test("of a torn log all whole commits are kept, and nothing of what came into the file before is lost")
    func tornLog() async throws {
        let (folder, checkpointed, log) = try await Self.killed()
        try log.write(to: URL(fileURLWithPath: folder + "/killed-wal"))
        let file = try Data(contentsOf: URL(fileURLWithPath: folder + "/killed"))
        let all = try await ReferenceLedger.read(folder + "/killed").entries
        var counts: [Int] = []
        for length in Array(stride(from: 0, to: log.count, by: 256)) + [log.count] {
            let path = folder + "/torn-\(length)"
            try file.write(to: URL(fileURLWithPath: path))
            try log.prefix(length).write(to: URL(fileURLWithPath: path + "-wal"))
            let content = try await ReferenceLedger.read(path)
            #expect(content.entries.elementsEqual(all.prefix(content.entries.count)))
            #expect(content.facts.starts(with: checkpointed.facts))
            counts.append(content.entries.count)
            try FileManager.default.removeItem(atPath: path)
            await Task.yield()
        }
        #expect(counts == counts.sorted())
        #expect(Set(counts) == Set(checkpointed.entries.count...all.count))
    }

    @Test("an old copy that was put back opens, and its chain goes on from there")
    func oldCopy() async throws {
        let (folder, checkpointed, _) = try await Self.killed()
        let path = folder + "/killed"
        let before = try await ReferenceLedger.read(path)
        #expect(before == checkpointed)
        let writer = try await ReferenceLedger.Writer(try TestTime.ledger(path), "prod", 30_000)
        try await writer.adopt("from the old copy")
        let after = try await ReferenceLedger.read(path)
        #expect(after.entries.dropLast(2).elementsEqual(before.entries))
        #expect(after.fact == "from the old copy")
    }
}
