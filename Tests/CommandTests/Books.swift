import Base
import JSON
import Ledger
import Time

/// A ledger of six runs at times of long ago, the same whenever it is made.
enum Books {
    static func make(at path: String) async throws {
        let ledger = try Ledger(path: path) { count in (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) } }
        let migrate = try await cutOff(ledger)
        try await failed(ledger, migrate)
        try await staging(ledger)
        try await undecided(ledger)
        try await unfinished(ledger)
    }

    /// Appends entries of one run.
    struct Writer {
        let ledger: Ledger
        let run: Run
        let began: Int64

        init(
            _ ledger: Ledger, _ environment: String, at seconds: Int64, command: String = "apply", release: JSON? = nil
        ) async throws {
            self.ledger = ledger
            began = 1_790_000_000 + seconds
            run = try await ledger.begin(
                .members(["command": command, "user": "user", "host": "host", "release": release]),
                environment: environment,
                time: .init(seconds: began), awsTime: nil)
        }

        @discardableResult
        func add(
            _ kind: Entry.Kind, _ resource: String? = nil, token: String = "", after seconds: Int64, payload: JSON
        ) async throws -> JSON {
            let entry = try await ledger.append(
                Draft(kind, resource.flatMap(ResourceID.init), token: token, payload: payload), of: run,
                time: .init(seconds: began + seconds), awsTime: .init(seconds: began + seconds))
            return .integer(Int(entry.sequence))
        }

        func intend(
            _ action: String, _ resource: String, token: String, after seconds: Int64, why: String
        ) async throws -> JSON {
            try await add(
                .intent, resource, token: token, after: seconds,
                payload: ["action": .string(action), "reason": .string(why)])
        }

        func settle(
            _ intent: JSON, _ action: String, _ resource: String, token: String, after seconds: Int64, said: JSON
        ) async throws {
            var payload: JSON = ["intent": intent, "action": .string(action)]
            for member in said.object?.members ?? [] { payload[member.key] = member.value }
            try await add(.outcome, resource, token: token, after: seconds, payload: payload)
        }
    }

    private static func done(_ summary: String) -> JSON {
        ["result": "succeeded", "evidence": ["summary": .string(summary)]]
    }

    private static func cutOff(_ ledger: Ledger) async throws -> JSON {
        let run = try await Writer(ledger, "prod", at: 0)
        let register = try await run.intend("register", "task-definition/app", token: "d1", after: 1, why: "new image")
        try await run.settle(
            register, "register", "task-definition/app", token: "d1", after: 1, said: done("registered app:2"))
        let migrate = try await run.intend("migrate", "schema/main", token: "s1", after: 2, why: "first migration: 1")
        try await run.add(
            .accepted, "schema/main", token: "s1", after: 3, payload: ["intent": migrate, "acceptance": "arn"])
        return migrate
    }

    private static func failed(_ ledger: Ledger, _ migrate: JSON) async throws {
        let run = try await Writer(ledger, "prod", at: 3_600)
        let failure: JSON = [
            "code": "migration-failed", "summary": "the migration failed: app ended with exit code 1",
            "hint": "mend the migration",
        ]
        try await run.settle(
            migrate, "migrate", "schema/main", token: "s1", after: 4, said: ["result": "failed", "failure": failure])
        try await run.add(.end, after: 5, payload: ["exit": 3, "failure": failure])
    }

    private static func staging(_ ledger: Ledger) async throws {
        let run = try await Writer(ledger, "staging", at: 7_200)
        try await run.add(
            .adopted, "schema/main", after: 0,
            payload: ["facts": [["subject": "schema/arn/main", "name": "version", "value": "1"]]])
        let update = try await run.intend("update", "service/web", token: "u1", after: 1, why: "app:1 -> app:2")
        try await run.settle(
            update, "update", "service/web", token: "u1", after: 130, said: done("app:2, 2 of 2 running"))
        try await run.add(.end, after: 131, payload: ["exit": 0])
    }

    /// A migration whose end a person had to tell.
    private static func undecided(_ ledger: Ledger) async throws {
        let run = try await Writer(ledger, "prod", at: 10_000)
        let migrate = try await run.intend("migrate", "schema/main", token: "s2", after: 2, why: "first migration: 1")
        try await run.add(
            .end, after: 60,
            payload: [
                "exit": 6, "failure": ["code": "schema-undecided", "summary": "its task was stopped | by whom?"],
            ])
        let person = try await Writer(ledger, "prod", at: 11_000, command: "resolve")
        try await person.settle(
            migrate, "migrate", "schema/main", token: "s2", after: 0,
            said: ["result": "succeeded", "decidedByHand": true, "reason": "the table is there,\n::error::I looked"])
        try await person.add(.end, after: 0, payload: ["exit": 0])
    }

    /// Rollouts of one service in a row, of so many seconds each.
    static func rollouts(_ durations: [Int64], at path: String) async throws {
        let ledger = try Ledger(path: path) { _ in [] }
        for (number, seconds) in durations.enumerated() {
            let run = try await Writer(ledger, "prod", at: 20_000 + 1_000 * Int64(number))
            let update = try await run.intend("update", "service/web", token: "r", after: 0, why: "app:1 -> app:2")
            try await run.settle(
                update, "update", "service/web", token: "r", after: seconds, said: done("app:2, 2 of 2 running"))
            try await run.add(.end, after: seconds, payload: ["exit": 0])
        }
    }

    private static func unfinished(_ ledger: Ledger) async throws {
        let run = try await Writer(ledger, "prod", at: 12_000)
        _ = try await run.intend("update", "service/web", token: "u2", after: 1, why: "app:1 -> app:2")
    }
}
