import Base
import JSON
import Ledger
import Reconciler
import Resources
import Time

/// What the page of `report` shows.
struct Page: Sendable {
    let asOf: Timestamp
    let environments: [PageEnvironment]
    /// How many runs of each environment are shown at most.
    let limit: Int
}

/// One environment of the page.
struct PageEnvironment: Sendable {
    /// What AWS shows of it.
    enum Look: Sendable {
        /// AWS was not asked.
        case none
        case failed(Failure)
        case seen(EnvironmentStatus, DriftReport)
    }

    let name: String
    /// nil where it is known from the ledger alone.
    let manifest: String?
    let look: Look
    let past: PagePast

    var runs: [HistoryRun] { past.runs }

    /// The newest release that converged.
    var release: HistoryRun? { runs.first { $0.exit == 0 && $0.release != nil } }

    /// The newest run that failed.
    var failed: HistoryRun? { runs.first { $0.exit != nil && $0.exit != 0 } }

    /// What was done last to each resource, housekeeping aside.
    var lastSteps: [(run: HistoryRun, step: HistoryStep)] {
        var seen: Set<ResourceID> = []
        var last: [(run: HistoryRun, step: HistoryStep)] = []
        for run in runs {
            for step in run.steps.reversed() where !Self.housekeeping.contains(Action(step.action)) {
                guard let resource = step.resource, seen.insert(resource).inserted else { continue }
                last.append((run, step))
            }
        }
        return last.sorted { $0.step.resource ?? Self.none < $1.step.resource ?? Self.none }
    }

    private static let none = ResourceID("", "")
    /// Steps that keep no one waiting.
    static let housekeeping: Set<Action> = [.mark, .tag]
}

/// What a ledger has of an environment.
struct PagePast: Sendable {
    /// Where the ledger is; nil where that is not known.
    var ledger: String?
    /// Newest first.
    var runs: [HistoryRun] = []
    /// Why the ledger could not be read.
    var failure: Failure?
}

/// A failure as the ledger and JSON output have it.
struct PageFailure: Sendable {
    let code: String
    let summary: String
    /// Why, and where in the sources.
    let cause: [String]
    /// The sentence, then each command to choose from.
    let hint: [String]

    /// - Parameter hints: makes the commands in the hint such that they can be copied.
    init(_ json: JSON, _ hints: CommandHint) {
        let resource = json["resource"]?.string.map { "\($0): " } ?? ""
        code = json["code"]?.string ?? "failed"
        summary = resource + (json["summary"]?.string ?? "")
        let problems = (json["problems"]?.elements ?? []).map { problem in
            let place = [problem["file"]?.string, problem["line"]?.integer.map(String.init)].compactMap(\.self)
            return "\(place.joined(separator: ":")): \(problem["message"]?.string ?? "")"
        }
        cause = problems + (json["cause"]?.elements ?? []).compactMap(\.string)
        hint = json["hint"]?.string.map { hints.fill($0).split(separator: "\n").map(String.init) } ?? []
    }
}
