import Foundation
import JSON
import SQLite
import Support
import Testing
import Time

@testable import Ledger

/// What use does to a ledger's file and its checkpoints: it stays of the kind of which only the end need be read.
@Suite("A ledger that grows")
struct LedgerGrowthTests {
    static func free(_ path: String) throws -> Int64 {
        try Connection(path: path, create: false).query("PRAGMA freelist_count") { $0.integer(0) }.first ?? -1
    }

    @Test("use leaves no page without use, however many intents and environments come and go", arguments: [20, 60])
    func pages(count: Int) async throws {
        let path = try Scratch.folder("growth") + "/ledger"
        let ledger = try TestTime.ledger(path, checkpointing: 64)
        for round in 0..<3 {
            var open: [(ReferenceLedger.Writer, Entry)] = []
            for number in 0..<count {
                let writer = try await ReferenceLedger.Writer(ledger, "checkout-\(number)", 10)
                open.append((writer, try await writer.intend("service/web", "update", "token-\(round)-\(number)")))
                #expect(try Self.free(path) == 0)
            }
            for (writer, intent) in open { try await writer.accept(intent, String(repeating: "a", count: 300)) }
            #expect(try Self.free(path) == 0)
            for (writer, intent) in open {
                try await writer.settle(intent, "succeeded", fact: "x-\(round)")
                #expect(try Self.free(path) == 0)
            }
        }
        #expect(try LedgerReader(path: path).verify().entries >= Int64(count * 12))
    }

    @Test("what only an opening asks of a file does not have a running process check all of it")
    func refresh() async throws {
        let (path, content) = try await LedgerCheckpointTests.long()
        let ledger = try TestTime.ledger(path, checkpointing: LedgerCheckpointTests.interval)
        let other = try TestTime.ledger(path, checkpointing: LedgerCheckpointTests.interval)
        // A page without use, and an entry that a check of everything would refuse.
        let connection = try Connection(path: path, create: false)
        try connection.run(
            "INSERT INTO page (subject, size, facts) VALUES ('big', 1, hex(zeroblob(6000)))")
        try connection.run("DELETE FROM page WHERE subject = 'big'")
        try connection.run("UPDATE entry SET token = 'x' WHERE sequence = 5")
        let left = try await ReferenceLedger.Writer(ledger, "prod", 10)
        let right = try await ReferenceLedger.Writer(other, "staging", 10)
        for number in 0..<20 {
            try await left.adopt("left-\(number)")
            try await right.adopt("right-\(number)")
        }
        #expect(try await ledger.facts("schema", "version").count == content.facts.count + 40)
    }

    @Test(
        "names that differ only in how a letter is composed are two names, in checkpoints as elsewhere",
        arguments: [1, 2, 1_024])
    func composed(interval: Int64) async throws {
        let path = try Scratch.folder("growth") + "/ledger"
        let (one, two) = ("e\u{301}", "\u{e9}")
        let ledger = try TestTime.ledger(path, checkpointing: interval)
        let run = try await ledger.begin([:], environment: "e", time: .init(seconds: 1), awsTime: nil)
        for (number, name) in [one, two, two, one].enumerated() {
            for fact in [("s", name), (name, "n")] {
                let facts: JSON = [["subject": .string(fact.0), "name": .string(fact.1), "value": .integer(number)]]
                try await ledger.append(
                    Draft(.adopted, token: "", payload: ["facts": Self.texts(facts)]), of: run, time: .init(seconds: 1),
                    awsTime: nil)
            }
        }
        for often in [interval, 1, 1_024] {
            let again = try TestTime.ledger(path, checkpointing: often)
            for (name, values) in [(one, ["0", "3"]), (two, ["1", "2"])] {
                #expect(try await again.facts("s", name) == values)
                #expect(try await again.facts(name, "n") == values)
                #expect(try await again.fact("s", name) == values.last)
                #expect(try await again.fact(name, "n") == values.last)
            }
        }
    }

    /// With numbers as texts, which is what values are.
    private static func texts(_ facts: JSON) -> JSON {
        .array(
            facts.elements.map { fact in
                [
                    "subject": fact["subject"] ?? .null, "name": fact["name"] ?? .null,
                    "value": .string("\(fact["value"]?.integer ?? 0)"),
                ]
            })
    }
}
