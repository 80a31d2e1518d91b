import Foundation
import JSON
import SQLite
import Support
import Testing
import Time

@testable import Base
@testable import Ledger

@Suite("The ledger")
struct LedgerTests {
    /// A folder of its own for each test.
    static func scratch() throws -> String { try Scratch.folder("ledger") + "/deep/ledger.sqlite" }

    static func filled(_ path: String) async throws -> Ledger {
        let ledger = try TestTime.ledger(path)
        let run = try await ledger.begin(["command": "test"], environment: "e", time: .init(seconds: 5), awsTime: nil)
        for number in 1...3 {
            try await ledger.append(
                Draft(
                    .adopted, ResourceID("thing", "a"), token: "t\(number)",
                    payload: ["facts": [["subject": "s", "name": "n", "value": .string("v\(number)")]]]),
                of: run, time: .init(seconds: 6), awsTime: .init(seconds: 7))
        }
        return ledger
    }

    @Test("what was appended is there when the file is opened again")
    func persistence() async throws {
        let path = try Self.scratch()
        let lineage = try await Self.filled(path).lineage
        let again = try TestTime.ledger(path)
        #expect(again.lineage == lineage)
        #expect(try await again.newest(10, environment: "e").map(\.token) == ["t3", "t2", "t1", ""])
        #expect(try await again.facts("s", "n") == ["v1", "v2", "v3"])
        #expect(try await again.fact("s", "n") == "v3")
        #expect(try await again.newest(1, environment: "e").first?.awsTime == .init(seconds: 7))
    }

    @Test("nobody else may read it, and a mode that was loosened is tightened")
    func mode() async throws {
        let path = try Self.scratch()
        _ = try await Self.filled(path)
        func mode() throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(try mode() == 0o600)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        _ = try TestTime.ledger(path)
        #expect(try mode() == 0o600)
    }

    @Test("commits are durable: WAL with synchronous FULL, read back from the file")
    func durability() async throws {
        let path = try Self.scratch()
        _ = try await Self.filled(path)
        let connection = try Connection(path: path, create: false)
        #expect(try connection.query("PRAGMA journal_mode") { $0.text(0) } == ["wal"])
    }

    @Test(
        "an entry that was changed, removed or moved is noticed, and named",
        arguments: [
            ("UPDATE entry SET payload = replace(payload, 'v2', 'v9')", "entry 3"),
            ("UPDATE entry SET token = 'x' WHERE sequence = 2", "entry 2"),
            ("UPDATE entry SET epoch = 9 WHERE sequence = 4", "entry 4"),
            ("DELETE FROM entry WHERE sequence = 2", "entry 2"),
            ("UPDATE entry SET digest = x'00' WHERE sequence = 1", "entry 1"),
            ("UPDATE entry SET payload = '{' WHERE sequence = 3", "entry 3"),
            ("UPDATE meta SET lineage = 'other'", "entry 1"),
            ("UPDATE entry SET environment = 'f' WHERE sequence = 4", "entry 4"),
        ])
    func tampering(sql: String, place: String) async throws {
        let path = try Self.scratch()
        _ = try await Self.filled(path)
        try Connection(path: path, create: false).run(sql)
        let failure = #expect(throws: Failure.self) { try TestTime.ledger(path) }
        #expect(failure?.code == .ledgerDamaged)
        #expect(failure?.cause.first?.hasPrefix(place + ":") == true)
        #expect(failure?.exit == .ledger)
    }

    @Test("a new ledger has its tables where an opening expects them")
    func layout() async throws {
        let path = try Self.scratch()
        _ = try await Self.filled(path)
        let file = try LedgerFile(existing: path)
        let layout = try file.layout()
        #expect(layout == LedgerSchema.layout)
        #expect(try file.isPlain())
        let copy = try LedgerFile(copy: try Self.scratch(), lineage: file.lineage, key: file.key, base: nil)
        let layoutOfCopy = try copy.layout()
        #expect(layoutOfCopy == LedgerSchema.layoutOfCopies)
        #expect(try copy.isPlain() && copy.isCopy && !file.isCopy)
    }

    @Test("a file of another kind, a newer format and a folder are each refused by name")
    func foreign() async throws {
        let text = try Self.scratch()
        try FileManager.default.createDirectory(
            atPath: (text as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try String(repeating: "not a database", count: 100).write(toFile: text, atomically: true, encoding: .utf8)
        #expect(#expect(throws: Failure.self) { try TestTime.ledger(text) }?.code == .ledgerForeign)

        let other = try Self.scratch()
        try FileManager.default.createDirectory(
            atPath: (other as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Connection(path: other, create: true).run("CREATE TABLE mine (x)")
        #expect(#expect(throws: Failure.self) { try TestTime.ledger(other) }?.code == .ledgerForeign)

        let newer = try Self.scratch()
        _ = try await Self.filled(newer)
        try Connection(path: newer, create: false).run("UPDATE meta SET format = 3")
        #expect(#expect(throws: Failure.self) { try TestTime.ledger(newer) }?.code == .ledgerNewer)

        let folder = NSTemporaryDirectory()
        #expect(#expect(throws: Failure.self) { try TestTime.ledger(folder) }?.exit == .ledger)
    }

    @Test(
        "an intent goes its legal steps and no others",
        arguments: [
            ([.accepted, .outcome], true), ([.outcome], true), ([.accepted], true), ([.accepted, .accepted], false),
            ([.outcome, .outcome], false), ([.outcome, .accepted], false), ([.accepted, .outcome, .outcome], false),
        ] as [([Entry.Kind], Bool)])
    func transitions(kinds: [Entry.Kind], isLegal: Bool) async throws {
        let ledger = try TestTime.ledger()
        let time = Timestamp(seconds: 1)
        let run = try await ledger.begin([:], environment: "e", time: time, awsTime: nil)
        let id = ResourceID("thing", "a")
        let intent = try await ledger.append(
            Draft(.intent, id, token: "t", payload: ["action": "update"]), of: run, time: time, awsTime: nil)
        var failure: Failure?
        for kind in kinds {
            do {
                let payload: JSON = ["intent": .integer(Int(intent.sequence)), "acceptance": [:]]
                try await ledger.append(
                    Draft(kind, id, token: "t", payload: payload), of: run, time: time, awsTime: nil)
            } catch {
                failure = error
            }
        }
        #expect(failure?.code == (isLegal ? nil : .invariantBroken))
    }

    @Test("every step that an entry can make is either legal or refused")
    func steps() {
        func after(_ state: IntentState) -> [String] {
            Entry.Kind.allCases.map { "\($0) -> \(state.after($0).map(\.rawValue) ?? "refused")" }
        }
        #expect(
            after(.open) == [
                "run -> open", "intent -> refused", "accepted -> accepted", "unanswered -> open", "outcome -> ended",
                "adopted -> open", "end -> open", "checkpoint -> open",
            ])
        #expect(
            after(.accepted) == [
                "run -> accepted", "intent -> refused", "accepted -> refused", "unanswered -> refused",
                "outcome -> ended",
                "adopted -> accepted", "end -> accepted", "checkpoint -> accepted",
            ])
        #expect(
            after(.ended) == [
                "run -> ended", "intent -> refused", "accepted -> refused", "unanswered -> refused",
                "outcome -> refused",
                "adopted -> ended", "end -> ended", "checkpoint -> ended",
            ])
    }

    @Test("epochs grow with each run, also across openings")
    func epochs() async throws {
        let path = try Self.scratch()
        let first = try await Self.filled(path)
        let second = try await first.begin([:], environment: "f", time: .init(seconds: 1), awsTime: nil)
        let third = try await TestTime.ledger(path).begin([:], environment: "e", time: .init(seconds: 1), awsTime: nil)
        #expect([second.epoch, third.epoch] == [2, 3])
    }

    @Test("two processes that append in turn make one chain, each with epochs of its own")
    func twoWriters() async throws {
        let path = try Self.scratch()
        let time = Timestamp(seconds: 1)
        let left = try TestTime.ledger(path)
        let right = try TestTime.ledger(path)
        let one = try await left.begin([:], environment: "left", time: time, awsTime: nil)
        let two = try await right.begin([:], environment: "right", time: time, awsTime: nil)
        for number in 0..<5 {
            try await left.append(Draft(.adopted, token: "l\(number)", payload: [:]), of: one, time: time, awsTime: nil)
            try await right.append(
                Draft(.adopted, token: "r\(number)", payload: [:]), of: two, time: time, awsTime: nil)
        }
        #expect([one.epoch, two.epoch] == [1, 2])
        let again = try TestTime.ledger(path)
        #expect(try await again.newest(20, environment: "left").count == 6)
        #expect(try await again.newest(20, environment: "right").map(\.sequence) == [12, 10, 8, 6, 4, 2])
    }

    @Test("fingerprints agree within a ledger and differ between ledgers")
    func fingerprints() throws {
        let one = try Ledger(path: try Self.scratch()) { Array(repeating: 1, count: $0) }
        let other = try Ledger(path: try Self.scratch()) { Array(repeating: 2, count: $0) }
        #expect(one.fingerprint("secret") == one.fingerprint("secret"))
        #expect(one.fingerprint("secret") != other.fingerprint("secret"))
        #expect(!one.fingerprint("secret").contains("secret"))
    }
}
