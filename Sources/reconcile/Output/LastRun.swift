import Base
import JSON
import Ledger
import Reconciler

/// How the latest run of an environment that changed something went, as the ledger has it.
struct LastRun: JSONValue {
    let run: HistoryRun
    let isUnderWay: Bool

    static func read(_ context: Context) async throws(Failure) -> LastRun? {
        try await context.ledger.newestRun(environment: context.environment).map {
            LastRun(run: $0, isUnderWay: $0.isUnderWay(beside: context.ledger.path))
        }
    }

    var json: JSON {
        .members([
            "began": run.began.iso8601, "user": run.user, "host": run.host, "exit": run.exit.orNull, "failure": failure,
            "seconds": run.seconds, "underWay": isUnderWay ? true : nil,
        ])
    }

    /// For a line of a table.
    var short: String {
        let took = run.seconds.map { " in \(HistoryWords.duration($0))" } ?? ""
        let result =
            switch run.exit {
            case 0?: "\(HistoryWords.success(of: run.command))\(took)"
            case let exit?: "exit \(exit)\(took)"
            case nil: isUnderWay ? HistoryWords.underWay : "no end recorded"
            }
        return "\(run.began.iso8601) \(result)"
    }

    var text: String {
        let result =
            switch run.exit {
            case 0?: HistoryWords.success(of: run.command)
            case let exit?: "ended with exit code \(exit)" + (failure.map { ": \($0)" } ?? "")
            case nil:
                isUnderWay ? HistoryWords.underWay : "\(HistoryWords.noEnd); the next apply resumes from there"
            }
        return "\(run.began.iso8601) by \(run.user) on \(run.host), \(result)"
    }

    /// In a sentence.
    private var failure: String? { run.failure?["summary"]?.string }
}
