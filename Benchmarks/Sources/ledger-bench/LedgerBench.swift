import JSON
import Base
import Ledger
import SQLite
import Time

/// Times a ledger from inside a process: `ledger-bench append PATH ROUNDS` and `ledger-bench open PATH ROUNDS`.
///
/// One line of JSON comes out, in microseconds: a list for each thing that was timed, one element for each round.
@main
struct LedgerBench {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let rounds = Int(arguments[3]) else { fatalError("append|open PATH ROUNDS") }
        let bench = LedgerBench(path: arguments[2], rounds: rounds)
        print(try await arguments[1] == "append" ? bench.append() : bench.open())
    }

    let path: String
    let rounds: Int
    let clock = ContinuousClock()

    private func microseconds(_ body: () async throws -> Void) async rethrows -> Double {
        let time = try await clock.measure(body)
        return Double(time.components.attoseconds) / 1e12 + Double(time.components.seconds) * 1e6
    }

    private func ledger() throws -> Ledger { try Ledger(path: path) { [UInt8](repeating: 7, count: $0) } }

    /// Opens it, and asks what a plan asks of an environment with one database and one service.
    private func open() async throws -> String {
        var times: [Double] = []
        var reads: [Double] = []
        for _ in 0..<rounds {
            var opened: Ledger?
            times.append(try await microseconds { opened = try ledger() })
            guard let ledger = opened else { continue }
            reads.append(try await microseconds { try await ask(ledger) })
        }
        return "{\"open\": \(times), \"read\": \(reads)}"
    }

    private func ask(_ ledger: Ledger) async throws {
        _ = try await ledger.openIntents(environment: "bench-0")
        _ = try await ledger.facts("schema/bench-0/main", "version")
        _ = try await ledger.fact("schema/bench-0/main", "migrated-from")
        _ = try await ledger.fact("task-definition/bench-0/app", "revision")
        _ = try await ledger.facts("service/bench-0/web", "rollout")
    }

    /// Appends to it, and in turn to a table of the same shape in a file beside it, with the same settings.
    ///
    /// In turn, because the disk is not the same from second to second. The first rounds do not count: until SQLite's log
    /// has its full length of a thousand pages, a commit makes the file longer, which takes the disk twice the time, and
    /// the one that writes fewer pages is at it for longer.
    private func append() async throws -> String {
        let ledger = try ledger()
        let bare = try bareConnection()
        let time = Timestamp(seconds: 1)
        let run = try await ledger.begin(["command": "bench"], environment: "bench-0", time: time, awsTime: nil)
        var (ours, theirs): ([Double], [Double]) = ([], [])
        var intent: Int64 = 0
        let growing = 1_000
        for round in 0..<growing + rounds {
            let draft = Self.draft(round, intent)
            let payload = draft.payload.canonical
            func one() async throws {
                ours.append(
                    try await microseconds {
                        let entry = try await ledger.append(draft, of: run, time: time, awsTime: time)
                        if entry.kind == .intent { intent = entry.sequence }
                    })
            }
            func other() async throws {
                theirs.append(try await microseconds { try Self.commit(draft, payload, to: bare) })
            }
            // Whoever comes second may find the disk busy with the first.
            if round.isMultiple(of: 2) { try await one() }
            try await other()
            if !round.isMultiple(of: 2) { try await one() }
        }
        return "{\"ledger\": \(ours[growing...].map(\.self)), \"bare\": \(theirs[growing...].map(\.self))}"
    }

    private static func commit(_ draft: Draft, _ payload: String, to bare: Connection) throws {
        try bare.transaction {
            try bare.run(
                "INSERT INTO entry VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)", .integer(1), .integer(1), .integer(1),
                "bench-0", "service/web", .text(draft.kind.rawValue), .text(draft.token), .text(payload),
                .blob([UInt8](repeating: 7, count: 32)))
        }
    }

    private func bareConnection() throws -> Connection {
        let bare = try Connection(path: path + ".bare", create: true)
        try bare.script(
            """
            PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
            CREATE TABLE IF NOT EXISTS entry (
                sequence INTEGER PRIMARY KEY, epoch INTEGER, time INTEGER, aws_time INTEGER, environment TEXT,
                resource TEXT, kind TEXT, token TEXT, payload TEXT, digest BLOB) STRICT
            """)
        return bare
    }

    /// What a run appends for each change: an intent, its acceptance, its outcome with a fact.
    private static func draft(_ round: Int, _ intent: Int64) -> Draft {
        let resource = ResourceID("service", "web")
        let token = "bench-\(round / 3)"
        let number = JSON.integer(Int(intent))
        switch round % 3 {
        case 0:
            return Draft(.intent, resource, token: token, payload: ["action": "update", "reason": "a new revision"])
        case 1: return Draft(.accepted, resource, token: token, payload: ["intent": number, "acceptance": "ecs-svc/1"])
        default:
            let fact: JSON = [
                "subject": "service/bench-0/web", "name": "rollout", "value": .string("completed \(round)"),
            ]
            return Draft(
                .outcome, resource, token: token,
                payload: ["intent": number, "result": "succeeded", "evidence": ["count": 2], "facts": [fact]])
        }
    }
}
