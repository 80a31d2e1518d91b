import Foundation
import JSON
import SQLite
import Support
import Testing
import Time

@testable import Reconciler

/// A ledger that is longer than what an opening reads: what is not read again is either not asked for, or proves itself.
@Suite("A sealed ledger", .serialized)
struct LedgerSealTests {
    static let interval: Int64 = 8

    /// The 42 entries of the reference, of which the first 40 or so are sealed.
    static func sealed(_ sql: String...) async throws -> (path: String, content: ReferenceLedger.Content) {
        let path = try Scratch.folder("seal") + "/ledger"
        try await ReferenceLedger.fill(path, sealing: interval)
        let content = try await ReferenceLedger.read(path, sealing: interval)
        let connection = try Connection(path: path, create: false)
        #expect(try connection.query("SELECT count(*) FROM seal") { $0.integer(0) } == [1])
        for statement in sql { try connection.run(statement) }
        return (path, content)
    }

    @Test("says the same as one that is read in full")
    func same() async throws {
        let (path, content) = try await Self.sealed()
        #expect(content.entries.count == 42)
        #expect(try await ReferenceLedger.read(path).isSame(as: content))
        let report = try LedgerReader(path: path).verify()
        #expect(report.entries == 42)
        let run = try await TestTime.ledger(path, sealing: Self.interval).newestRun(environment: "staging")
        #expect(run?.epoch == 3)
        #expect(run?.seconds != nil && run?.exit == 0)
    }

    @Test("is not read before its seal at an opening, but whoever asks for a damaged entry is refused")
    func beforeTheSeal() async throws {
        let (path, content) = try await Self.sealed("UPDATE entry SET token = 'x' WHERE sequence = 5")
        let ledger = try TestTime.ledger(path, sealing: Self.interval)
        #expect(try await ledger.facts("schema", "version") == content.facts)
        #expect(try await ledger.openIntents(environment: "prod") == content.open)
        let read = await #expect(throws: Failure.self) { try await ledger.everything() }
        #expect(read?.cause.first?.hasPrefix("entry 5: ") == true)
        let verified = #expect(throws: Failure.self) { try LedgerReader(path: path).verify() }
        #expect(verified?.cause.first?.hasPrefix("entry 5: ") == true)
    }

    @Test(
        "facts, nodes and a seal that are not what was sealed are mended, not believed",
        arguments: [
            "UPDATE fact SET value = 'v9' WHERE sequence = (SELECT min(sequence) FROM fact)", "DELETE FROM fact",
            "UPDATE fact SET value = 'v9'", "DELETE FROM fact_node",
            "UPDATE fact_node SET content = zeroblob(length(content))",
            "UPDATE seal SET content = CAST(replace(content, 'prod', 'prud') AS BLOB)",
            "UPDATE seal SET content = zeroblob(length(content))", "UPDATE seal SET digest = zeroblob(32)",
            "UPDATE seal SET size = 1", "DELETE FROM seal", "DROP TABLE seal", "DROP TABLE fact_node",
            "INSERT INTO fact VALUES ('schema', 'version', 7, 3, 'v9')",
            "INSERT INTO fact VALUES ('schema', 'version', -7, -3, 'v9')",
        ])
    func views(sql: String) async throws {
        let (path, content) = try await Self.sealed(sql)
        #expect(try await ReferenceLedger.read(path, sealing: Self.interval).isSame(as: content))
        #expect(try LedgerReader(path: path).verify().entries == 42)
    }

    @Test("is refused when entries at its end are gone, which a chain alone does not show")
    func cutOff() async throws {
        let path = try await Self.sealed("DELETE FROM entry WHERE sequence > 20").path
        let failure = #expect(throws: Failure.self) { try TestTime.ledger(path, sealing: Self.interval) }
        #expect(failure?.cause.first == "entry 21: it is missing")
    }

    @Test("two processes that append and seal in turn read the same")
    func twoWriters() async throws {
        let path = try Scratch.folder("seal") + "/ledger"
        let left = try TestTime.ledger(path, sealing: 4)
        let right = try TestTime.ledger(path, sealing: 6)
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

    @Test("a tree of many groups proves each of them, and that there is no other")
    func tree() async throws {
        let connection = try Connection(path: ":memory:", create: true)
        try connection.script(LedgerSchema.seal)
        let tree = FactTree(connection: connection)
        let groups = (0..<3_000).map { number in
            var group = FactGroup(key: FactTree.key("subject", "\(number)"))
            group.take(Int64(number), 0, "value \(number)")
            return group
        }
        var root = FactTree.empty
        for start in stride(from: 0, to: 3_000, by: 100) {
            root = try tree.update(Array(groups[start..<start + 100]), root: root)
        }
        #expect(try groups.allSatisfy { try tree.group($0.key, root: root) == $0 })
        #expect(try tree.group(FactTree.key("subject", "3000"), root: root) == nil)
        #expect(try tree.update(groups, root: FactTree.empty) == root)
        #expect(try tree.groups(root: root) == Dictionary(uniqueKeysWithValues: groups.map { ($0.key, $0) }))
        func pragma(_ name: String) throws -> Int64 {
            try connection.query("PRAGMA \(name)") { $0.integer(0) }.first ?? -1
        }
        let nodes = try connection.query("SELECT count(*) FROM fact_node") { $0.integer(0) }.first ?? 0
        #expect(try pragma("freelist_count") == 0)
        // Two nodes to a page, where pages are as full as SQLite makes them.
        #expect(try pragma("page_count") < nodes)
    }

    @Test("a flipped bit anywhere in the file is either without effect or refused, and never believed")
    func flips() async throws {
        let (path, content) = try await Self.sealed()
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
        let ledger = try TestTime.ledger(path, sealing: interval)
        guard try await isRight(ledger) else { return false }
        if !grows { return true }
        for number in 0..<10 {
            let run = try await ledger.begin([:], environment: "after", time: .init(seconds: 1), awsTime: nil)
            guard run.epoch == 6 + number else { return false }
        }
        return try await isRight(try TestTime.ledger(path, sealing: interval))
    }
}
