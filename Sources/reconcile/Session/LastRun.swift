import JSON
import Reconciler
import Time

/// How the latest run of an environment that changed something went, as the ledger has it.
struct LastRun {
    let began: Timestamp
    let command: String
    let user: String
    let host: String
    /// nil where no end was recorded.
    let exit: Int?
    let failure: String?
    let seconds: Int64?
    let isUnderWay: Bool

    static func read(_ context: Context) async throws(Failure) -> LastRun? {
        guard let run = try await context.ledger.newestRun(environment: context.environment) else { return nil }
        return LastRun(
            began: run.began, command: run.record.command, user: run.record.user, host: run.record.host,
            exit: run.exit, failure: run.failure, seconds: run.ended.map { $0.since(run.began) },
            isUnderWay: run.ended == nil && isUnderWay(run.record, context))
    }

    private static func isUnderWay(_ record: RunRecord, _ context: Context) -> Bool {
        guard let process = record.process else { return false }
        return LockHolder.isProcess(
            process, of: record.host, holding: RunLocks.name(ofEnvironment: context.environment),
            beside: context.ledger.path)
    }

    var json: JSON {
        .object(dropping: [
            "began": .string(began.iso8601), "user": .string(user), "host": .string(host),
            "exit": exit.map(JSON.integer) ?? .null, "failure": failure.map(JSON.string),
            "seconds": seconds.map { .integer(Int($0)) }, "underWay": isUnderWay ? true : nil,
        ])
    }

    /// For a line of a table.
    var short: String {
        let took = seconds.map { " in \(HistoryWords.duration($0))" } ?? ""
        let result =
            switch exit {
            case 0?: "\(HistoryWords.success(of: command))\(took)"
            case let exit?: "exit \(exit)\(took)"
            case nil: isUnderWay ? HistoryWords.underWay : "no end recorded"
            }
        return "\(began.iso8601) \(result)"
    }

    var text: String {
        let result =
            switch exit {
            case 0?: HistoryWords.success(of: command)
            case let exit?: "ended with exit code \(exit)" + (failure.map { ": \($0)" } ?? "")
            case nil:
                isUnderWay ? HistoryWords.underWay : "\(HistoryWords.noEnd); the next apply goes on from there"
            }
        return "\(began.iso8601) by \(user) on \(host), \(result)"
    }
}
