import Foundation
import JSON
import SQLite
import Testing
import Time

@testable import Base
@testable import Ledger

/// A ledger of 42 entries of all kinds, the same to the byte whenever it is made, and everything that can be read of one.
enum ReferenceLedger {
    /// Those that it has, and one for what is appended later.
    static let environments = ["prod", "staging", "after"]

    /// Subjects of further facts.
    static let others = (0..<80).map { "service/\($0)" }

    /// Makes it, and closes it: one file, without a log next to it.
    static func make(at path: String) async throws {
        try await fill(path)
        // Pages that hold nothing any more: damage may be there, too.
        let connection = try Connection(path: path, create: false)
        try connection.run(
            "INSERT INTO page (subject, size, facts) VALUES ('big', 1, hex(zeroblob(6000)))")
        try connection.run("DELETE FROM page WHERE subject = 'big'")
    }

    static func fill(_ path: String, checkpointing: Int64 = Ledger.checkpointing) async throws {
        try await fill(try TestTime.ledger(path, checkpointing: checkpointing))
    }

    static func fill(_ ledger: Ledger) async throws {
        for number in 1...4 {
            try await release(number, in: number == 3 ? "staging" : "prod", ledger)
        }
        try await unfinished(ledger)
    }

    private static func release(_ number: Int, in environment: String, _ ledger: Ledger) async throws {
        let writer = try await Writer(ledger, environment, Int64(number) * 1_000)
        try await writer.adopt("seen-\(number)", others: number == 1 ? others : [])
        for (resource, action) in [("task-definition/app", "register"), ("schema/main", "migrate")] {
            let intent = try await writer.intend(resource, action, "token-\(number)-\(action)")
            try await writer.accept(intent, "arn:aws:ecs:\(number)/\(action)")
            try await writer.settle(intent, number == 2 ? "failed" : "succeeded", fact: "\(action)-\(number)")
        }
        try await writer.append(Draft(.end, token: "", payload: ["exit": number == 2 ? 3 : 0]))
    }

    /// A run that was cut off with one intent accepted, and one whose answer never came.
    private static func unfinished(_ ledger: Ledger) async throws {
        let writer = try await Writer(ledger, "prod", 9_000)
        let first = try await writer.intend("schema/main", "migrate", "token-9-migrate")
        try await writer.accept(first, "arn:aws:ecs:9/task – ünïcode")
        try await writer.append(
            Draft(
                .adopted, ResourceID("schema", "main"), token: "",
                payload: ["note": .string(String(repeating: "long enough for a page of its own ", count: 200))]))
        let last = try await writer.intend("service/web", "update", "token-9-update")
        try await writer.append(
            Draft(
                .unanswered, last.resource, token: last.token,
                payload: ["intent": .integer(Int(last.sequence)), "failure": ["code": "aws-unreachable"]]))
    }

    /// Appends entries of one run.
    struct Writer {
        let ledger: Ledger
        let run: Run
        let time: Timestamp

        init(_ ledger: Ledger, _ environment: String, _ seconds: Int64) async throws {
            self.ledger = ledger
            time = Timestamp(seconds: seconds)
            run = try await ledger.begin(
                ["command": "apply", "user": "user", "host": "host"], environment: environment, time: time,
                awsTime: nil)
        }

        @discardableResult
        func append(_ draft: Draft) async throws -> Entry {
            try await ledger.append(draft, of: run, time: time, awsTime: time.advanced(by: 1))
        }

        @discardableResult
        func intend(_ resource: String, _ action: String, _ token: String) async throws -> Entry {
            try await append(
                Draft(.intent, ResourceID(resource), token: token, payload: ["action": .string(action), "reason": "r"]))
        }

        func accept(_ intent: Entry, _ acceptance: String) async throws {
            try await append(
                Draft(
                    .accepted, intent.resource, token: intent.token,
                    payload: ["intent": .integer(Int(intent.sequence)), "acceptance": .string(acceptance)]))
        }

        /// - Parameter others: subjects of further facts.
        func adopt(_ value: String, others: [String] = [], isFlushed: Bool = false) async throws {
            let facts = [Fact(subject: "schema", name: "version", value: value)]
            let further = others.map { Fact(subject: $0, name: "rollout", value: "completed \($0)") }
            try await append(
                Draft(
                    .adopted, ResourceID("schema", "main"), token: "",
                    payload: ["facts": .array((facts + further).map(\.json))]))
            if isFlushed { try await ledger.flush() }
        }

        func settle(_ intent: Entry, _ result: String, fact: String) async throws {
            try await append(
                Draft(
                    .outcome, intent.resource, token: intent.token,
                    payload: [
                        "intent": .integer(Int(intent.sequence)), "result": .string(result),
                        "facts": [["subject": "schema", "name": "version", "value": .string(fact)]],
                    ]))
        }
    }

    /// Everything that is read of a ledger.
    struct Content: Equatable, Sendable {
        var entries: [Entry] = []
        var facts: [String] = []
        var fact: String?
        /// Of all other subjects.
        var others: [String?] = []
        var open: [Intent] = []

        init(entries: [Entry] = []) { self.entries = entries }
    }

    static func read(_ path: String, checkpointing: Int64 = Ledger.checkpointing) async throws -> Content {
        try await read(try TestTime.ledger(path, checkpointing: checkpointing))
    }

    static func read(_ ledger: Ledger) async throws -> Content {
        var content = Content()
        content.entries = try await ledger.everything()
        for environment in environments { content.open += try await ledger.openIntents(environment: environment) }
        content.facts = try await ledger.facts("schema", "version")
        content.fact = try await ledger.fact("schema", "version")
        for subject in others { content.others.append(try await ledger.fact(subject, "rollout")) }
        return content
    }
}

extension Ledger {
    /// The file under it.
    private var file: LedgerFile? { (log as? SQLiteLog)?.file }

    /// All entries, read again and verified.
    func everything() throws -> [Entry] {
        var entries: [Entry] = []
        try LedgerChain(file: try #require(file)).walk { if let entry = $0.entry { entries.append(entry) } }
        return entries
    }

    /// The newest entries of an environment, newest first.
    func newest(_ limit: Int, environment: String) throws -> [Entry] {
        Array(try everything().filter { $0.environment == environment }.suffix(limit).reversed())
    }

    /// What a pragma says.
    func setting(_ name: String) throws -> String? {
        try #require(file).connection.query("PRAGMA \(name)") { $0.text(0) }.first
    }

    /// For making the disk full, and the like.
    func pragma(_ text: String) throws { try #require(file).connection.script("PRAGMA \(text)") }
}

/// Numbers that are the same in each run.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        // SplitMix64 (Steele, Lea, Flood, 2014).
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
