import Foundation
import JSON
import SQLite
import Support
import Testing
import Time

@testable import Base
@testable import Ledger

/// A ledger that is longer than what an opening reads: the newest checkpoint replaces all entries before it.
@Suite("A ledger with checkpoints", .serialized)
struct LedgerCheckpointTests {
    static let interval: Int64 = 8

    /// The 42 entries of the reference, and the checkpoints among them.
    static func long(_ sql: String...) async throws -> (path: String, content: ReferenceLedger.Content) {
        let path = try Scratch.folder("checkpoint") + "/ledger"
        try await ReferenceLedger.fill(path, checkpointing: interval)
        let content = try await ReferenceLedger.read(path, checkpointing: interval)
        let connection = try Connection(path: path, create: false)
        for statement in sql { try connection.run(statement) }
        return (path, content)
    }

    static func last(_ content: ReferenceLedger.Content) -> Int64 {
        content.entries.last { $0.kind == .checkpoint }?.sequence ?? 0
    }

    @Test("says the same as one that is read in full")
    func same() async throws {
        let (path, content) = try await Self.long()
        #expect(content.entries.count { $0.kind != .checkpoint } == 42)
        #expect(content.entries.count { $0.kind == .checkpoint } >= 2)
        let plain = try Scratch.folder("checkpoint") + "/ledger"
        try await ReferenceLedger.fill(plain)
        let other = try await ReferenceLedger.read(plain)
        #expect(content.facts == other.facts && content.others == other.others)
        #expect(content.open.map(\.token) == other.open.map(\.token))
        #expect(content.open.map(\.acceptance) == other.open.map(\.acceptance))
        let report = try LedgerReader(path: path).verify()
        #expect(report.entries == Int64(content.entries.count))
        let run = try await TestTime.ledger(path, checkpointing: Self.interval).newestRun(environment: "staging")
        #expect(run?.epoch == 3)
        #expect(run?.seconds != nil && run?.exit == 0)
    }

    @Test("is not read before its newest checkpoint at an opening, and a verification finds damage there")
    func beforeTheCheckpoint() async throws {
        let (path, content) = try await Self.long("UPDATE entry SET token = 'x' WHERE sequence = 5")
        let ledger = try TestTime.ledger(path, checkpointing: Self.interval)
        #expect(try await ledger.facts("schema", "version") == content.facts)
        #expect(try await ledger.openIntents(environment: "prod") == content.open)
        let read = await #expect(throws: Failure.self) { try await ledger.everything() }
        #expect(read?.cause.first?.hasPrefix("entry 5: ") == true)
        let verified = #expect(throws: Failure.self) { try LedgerReader(path: path).verify() }
        #expect(verified?.cause.first?.hasPrefix("entry 5: ") == true)
    }

    @Test("a checkpoint that is not what was appended is not believed: everything is read, and it is named")
    func damaged() async throws {
        let (path, content) = try await Self.long()
        let last = Self.last(content)
        try Connection(path: path, create: false).run(
            "UPDATE entry SET payload = replace(payload, 'prod', 'prud') WHERE sequence = \(last)")
        let failure = #expect(throws: Failure.self) { try TestTime.ledger(path, checkpointing: Self.interval) }
        #expect(failure?.cause.first?.hasPrefix("entry \(last): its digest does not match") == true)
    }

    @Test("a checkpoint that says something else than the entries before it is damage, although its digest is right")
    func other() async throws {
        let (path, _) = try await Self.long()
        let file = try LedgerFile(existing: path)
        let place = try LedgerChain(file: file).walk()
        var state = try LedgerAudit(file: file).run().state
        state.open = [:]
        let entry = Entry(
            sequence: place.count + 1, epoch: 5, time: Timestamp(seconds: 9_100), awsTime: nil, environment: "",
            resource: nil, kind: .checkpoint, token: "", payload: state.checkpoint)
        var stored = LogEntry(entry)
        var digest = EntryDigest()
        stored.digest = digest.of(stored, after: place.head)
        try file.store(stored)
        let failure = #expect(throws: Failure.self) { try LedgerReader(path: path).verify() }
        #expect(
            failure?.cause == ["entry \(place.count + 1): it is not what follows from the entries before it"],
            "\(failure?.cause ?? [])")
    }

    @Test(
        "facts that are not what the newest checkpoint names are derived again, not believed",
        arguments: [
            "UPDATE page SET facts = replace(facts, 'migrate-4', 'migrate-5')", "DELETE FROM page",
            "UPDATE page SET facts = 'x'", "UPDATE page SET subject = 'x' WHERE subject = 'schema'",
            "INSERT INTO page (subject, size, facts) VALUES ('schema', 99999, '[]')",
        ])
    func pages(sql: String) async throws {
        let (path, content) = try await Self.long()
        do {
            let ledger = try TestTime.ledger(path, checkpointing: Self.interval)
            try Connection(path: path, create: false).run(sql)
            #expect(try await ledger.facts("schema", "version") == content.facts)
        }
        #expect(try await ReferenceLedger.read(path, checkpointing: Self.interval) == content)
        let failure = #expect(throws: Failure.self) { try LedgerReader(path: path).verify() }
        #expect(failure?.summary.hasSuffix("keeps facts that do not follow from its entries") == true)
        guard case .mended = try LedgerRebuild(path: path).run() else {
            Issue.record("nothing was derived again")
            return
        }
        #expect(try LedgerRebuild(path: path).run() == .intact(entries: Int64(content.entries.count)))
        #expect(try await ReferenceLedger.read(path, checkpointing: Self.interval) == content)
    }

    @Test("all checkpoints but the newest are together not longer than all other entries")
    func length() async throws {
        let path = try Scratch.folder("checkpoint") + "/ledger"
        let ledger = try TestTime.ledger(path, checkpointing: 4)
        let writer = try await ReferenceLedger.Writer(ledger, "prod", 10)
        for number in 0..<300 { try await writer.adopt("version-\(number)", others: ["service/\(number)"]) }
        var (checkpoints, newest, others) = (0, 0, 0)
        for entry in try await ledger.everything() {
            let length = entry.payload.canonical.utf8.count
            if entry.kind == .checkpoint {
                checkpoints += newest
                newest = length
            } else {
                others += length
            }
        }
        #expect(checkpoints > 0 && checkpoints <= others)
        #expect(try LedgerReader(path: path).verify().epochs == 1)
    }

    @Test("an entry that another process was faster with is not overwritten: the writer looks again")
    func race() async throws {
        let (path, _) = try await Self.long()
        let log = SQLiteLog(try LedgerFile(existing: path))
        let (place, _) = try log.open()
        let writer = try await ReferenceLedger.Writer(try TestTime.ledger(path), "prod", 10)
        try await writer.adopt("first")
        let before = try LedgerReader(path: path).verify()
        let entry = Entry(
            sequence: place.count + 1, epoch: 6, time: Timestamp(seconds: 1), awsTime: nil, environment: "prod",
            resource: nil, kind: .end, token: "", payload: ["exit": 0])
        #expect(try await !log.append([LogEntry(entry)], pages: [], at: place))
        #expect(try LedgerReader(path: path).verify() == before)
    }

    @Test("is refused when entries at its end are gone, which a chain alone does not show")
    func cutOff() async throws {
        let path = try await Self.long("DELETE FROM entry WHERE sequence > 20").path
        let failure = #expect(throws: Failure.self) { try TestTime.ledger(path, checkpointing: Self.interval) }
        #expect(failure?.cause.first == "entry 21: it is missing")
    }

    @Test("two processes that append and make checkpoints in turn read the same")
    func twoWriters() async throws {
        let path = try Scratch.folder("checkpoint") + "/ledger"
        let left = try TestTime.ledger(path, checkpointing: 4)
        let right = try TestTime.ledger(path, checkpointing: 6)
        for number in 0..<12 {
            try await ReferenceLedger.Writer(left, "prod", 10).adopt("left-\(number)")
            try await ReferenceLedger.Writer(right, "staging", 10).adopt("right-\(number)")
            #expect(try await left.fact("schema", "version") == "right-\(number)")
            let values = try await right.facts("schema", "version")
            #expect(values.count == 2 * number + 2)
            #expect(try await left.facts("schema", "version") == values)
        }
        #expect(try LedgerReader(path: path).verify().epochs == 24)
    }

    @Test("a flipped bit anywhere in the file is either without effect or refused, and never believed")
    func flips() async throws {
        let (path, content) = try await Self.long()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        var generator = Seeded(state: 7)
        var (same, loud) = (0, 0)
        for number in 0..<3_000 {
            var copy = bytes
            // The first page more often than others: what the file says of itself is there.
            let offset = Int.random(in: 0..<(number % 3 == 0 ? 4_096 : bytes.count), using: &generator)
            copy[offset] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            let damaged = path + "-\(number)"
            try copy.write(to: URL(fileURLWithPath: damaged))
            do {
                let read = try await Self.read(damaged, content, grows: number % 4 == 0)
                #expect(read, "a bit of byte \(offset)")
                same += 1
            } catch let failure as Failure {
                #expect(failure.exit == .ledger, "\(failure) by a bit of byte \(offset)")
                loud += 1
            }
            for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: damaged + end) }
            await Task.yield()
        }
        #expect(same + loud == 3_000)
        #expect(loud >= 300)
    }

    /// Whether what a plan asks for is what it was, and, where something is appended, still is afterwards.
    private static func read(
        _ path: String, _ content: ReferenceLedger.Content, grows: Bool
    ) async throws -> Bool {
        func isRight(_ ledger: Ledger) async throws -> Bool {
            var open: [Intent] = []
            for environment in ReferenceLedger.environments {
                open += try await ledger.openIntents(environment: environment)
            }
            let facts = try await ledger.facts("schema", "version")
            let fact = try await ledger.fact("schema", "version")
            let other = try await ledger.fact("schema", "other")
            let run = try await ledger.newestRun(environment: "prod")
            for subject in ReferenceLedger.others.prefix(20) {
                guard try await ledger.fact(subject, "rollout") == "completed \(subject)" else { return false }
            }
            return open == content.open && facts == content.facts && fact == content.fact && other == nil
                && run?.epoch == 5
        }
        let ledger = try TestTime.ledger(path, checkpointing: interval)
        guard try await isRight(ledger) else { return false }
        if !grows { return true }
        for number in 0..<10 {
            let run = try await ledger.begin([:], environment: "after", time: .init(seconds: 1), awsTime: nil)
            guard run.epoch == 6 + number else { return false }
        }
        return try await isRight(try TestTime.ledger(path, checkpointing: interval))
    }
}
