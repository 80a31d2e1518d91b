import Foundation
import Support
import Testing
import Time

@testable import Ledger

/// Processes that use one ledger at the same time, and make checkpoints while others read.
@Suite("A ledger that several use at once")
struct LedgerRaceTests {
    @Test("what is asked of several subjects is there, whatever others append meanwhile")
    func facts() async throws {
        let path = try Scratch.folder("race") + "/ledger"
        let names = (0..<6).map { "subject/\($0)" }
        let first = try await ReferenceLedger.Writer(
            try TestTime.ledger(path, checkpointing: 2), "prod", 10)
        try await first.adopt("v0", others: names)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<3 {
                group.addTask {
                    let ledger = try TestTime.ledger(path, checkpointing: 2)
                    let writer = try await ReferenceLedger.Writer(ledger, "environment-\(number)", 10)
                    for round in 0..<400 {
                        try await writer.adopt("v\(number)-\(round)", others: names)
                        let found = try await ledger.facts(of: names[0], names[3], names[5]) { facts in
                            try [0, 3, 5].map { try facts.latest(names[$0], FactKey<String>("rollout", keep: 9)) }
                        }
                        #expect(found == [0, 3, 5].map { "completed \(names[$0])" })
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await TestTime.ledger(path).facts("schema", "version").count == SubjectFacts.usual)
        #expect(try LedgerReader(path: path).verify().epochs == 4)
    }

    @Test("an old ledger that several open at the same moment is brought over once, and all of them go on")
    func takenOver() async throws {
        for _ in 0..<10 {
            let (folder, path, _) = try LedgerUpgradeTests.old()
            let lineages = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<4 { group.addTask { try TestTime.ledger(path).lineage } }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(lineages.count == 1)
            let files = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(
                files.filter { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }.sorted() == [
                    "ledger", "ledger.format-1-1",
                ])
        }
    }
}
