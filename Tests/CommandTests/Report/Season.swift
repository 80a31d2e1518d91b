import Base
import JSON
import Ledger
import Support
import Time

/// Ledgers that `report` makes a page of, the same whenever they are made.
enum Season {
    /// Releases of two environments, with a failed migration and a rolled back service among them.
    static func make(runs: Int, at path: String) async throws {
        let ledger = try Ledger(path: path) { count in (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) } }
        var chance = SplitMix64(seed: 7)
        for number in 0..<runs {
            let environment = number % 3 == 2 ? "checkout-staging" : "checkout-prod"
            try await release(number, environment, ledger, &chance)
        }
    }

    private static func release(
        _ number: Int, _ environment: String, _ ledger: Ledger, _ chance: inout SplitMix64
    ) async throws {
        func between(_ least: Int64, _ most: Int64) -> Int64 { least + Int64(chance.next() % UInt64(most - least)) }
        let revision = "checkout:\(number + 40)"
        let run = try await Books.Writer(
            ledger, environment, at: Int64(number) * 40_000,
            release: ["image": .string("registry.example/\(revision)"), "schema": .string("\(number + 1)")])
        let register = try await run.intend(
            "register", "task-definition/checkout", token: "d\(number)", after: 1, why: "new image")
        try await run.settle(
            register, "register", "task-definition/checkout", token: "d\(number)", after: 2,
            said: done("registered \(revision)"))
        let migrated = 3 + between(20, 95)
        let migrate = try await run.intend(
            "migrate", "schema/checkout", token: "s\(number)", after: 3, why: "schema \(number) -> \(number + 1)")
        if number % 10 == 7 {
            let failure = failure("migration-failed", "the migration failed: app ended with exit code 1")
            try await run.settle(
                migrate, "migrate", "schema/checkout", token: "s\(number)", after: migrated,
                said: ["result": "failed", "failure": failure])
            return try await end(run, after: migrated + 1, exit: 3, failure)
        }
        try await run.settle(
            migrate, "migrate", "schema/checkout", token: "s\(number)", after: migrated,
            said: done("migrated to \(number + 1)"))
        var at = migrated + 1
        for service in ["service/web", "service/worker"] {
            let token = "\(service)\(number)"
            let update = try await run.intend("update", service, token: token, after: at, why: "to \(revision)")
            at += between(60, 240)
            if number % 10 == 4, service == "service/worker" {
                let failure = failure("rollout-rolled-back", "ECS rolled worker back from \(revision)")
                try await run.settle(
                    update, "update", service, token: token, after: at,
                    said: ["result": "failed", "failure": failure])
                return try await end(run, after: at + 1, exit: 4, failure)
            }
            try await run.settle(
                update, "update", service, token: token, after: at, said: done("\(revision), 2 of 2 running"))
        }
        try await end(run, after: at + 1, exit: 0, nil)
    }

    private static func end(_ run: Books.Writer, after seconds: Int64, exit: Int, _ failure: JSON?) async throws {
        try await run.add(.end, after: seconds, payload: .members(["exit": exit, "failure": failure]))
    }

    private static func done(_ summary: String) -> JSON {
        ["result": "succeeded", "evidence": ["summary": .string(summary)]]
    }

    private static func failure(_ code: String, _ summary: String) -> JSON {
        [
            "code": .string(code), "resource": "schema/checkout", "summary": .string(summary),
            "hint": "fix the migration, then run the same command again",
            "cause": ["last log lines of app:", "  ERROR: relation \"carts\" does not exist"],
        ]
    }

    /// A run in which everything that others can write is hostile.
    static func hostile(_ text: String, at path: String) async throws {
        let ledger = try Ledger(path: path) { _ in [] }
        let run = try await ledger.begin(
            [
                "command": .string(text), "user": .string(text), "host": .string(text),
                "release": ["image": .string(text), "schema": .string(text)],
            ], environment: text, time: .init(seconds: 1_790_000_000), awsTime: nil)
        let failure: JSON = [
            "code": .string(text), "resource": .string("schema/" + text), "summary": .string(text),
            "hint": .string(text), "cause": [.string(text), .string("  " + text)],
        ]
        for draft in [
            Draft(
                .intent, ResourceID("schema", text), token: text,
                payload: ["action": .string(text), "reason": .string(text)]),
            Draft(
                .outcome, ResourceID("schema", text), token: text,
                payload: ["intent": 2, "action": .string(text), "result": "failed", "failure": failure]),
            Draft(.end, nil, token: "", payload: ["exit": 3, "failure": failure]),
        ] {
            _ = try await ledger.append(draft, of: run, time: .init(seconds: 1_790_000_009), awsTime: nil)
        }
    }
}
