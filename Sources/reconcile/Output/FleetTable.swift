import Base
import Reconciler

/// The status of many environments, one line for each.
struct FleetTable {
    /// Environment, state, what is needed, last run.
    private let rows: [(cells: [String], isInSync: Bool)]

    init(_ results: [(member: Fleet.Member, result: Result<EnvironmentStatus, Failure>)]) {
        rows = results.map { member, result in
            switch result {
            case .success(let status):
                let changes = status.plan.changes
                let count = PlanCount(status.plan).text { "\($0) to change" }
                let state = changes.isEmpty ? "in sync" : status.plan.blocker == nil ? count : "blocked"
                let needs = changes.map(Self.need).joined(separator: ", ")
                let cells = [status.manifest.environment, state, needs, status.lastRun?.short ?? "none"]
                return (cells, changes.isEmpty)
            case .failure(let failure):
                return ([member.environment ?? member.path, "unknown", failure.code.rawValue, ""], false)
            }
        }
    }

    private static func need(_ step: Plan.Step) -> String { "\(step.change.action.rawValue) \(step.resource)" }

    private static let head = ["environment", "state", "needs", "last run"]

    func text(_ style: Style) -> TerminalText {
        let cells = ([Self.head] + rows.map(\.cells)).map { $0.map { TerminalText($0) } }
        let widths = Self.head.indices.map { column in min(48, cells.map { $0[column].width }.max() ?? 0) }
        let lines = cells.enumerated().map { index, row -> TerminalText in
            let line = zip(row, widths).map { $0.clipped(to: $1).padded(to: $1) }.joined(separator: "  ").trimmed
            return index == 0 ? style.dim(line) : rows[index - 1].isInSync ? line : style.yellow(line)
        }
        let inSync = rows.count(where: \.isInSync)
        return "\(lines.joined(separator: "\n"))\n\n\(inSync) of \(rows.count) in sync\n"
    }

    var markdown: MarkdownText {
        let lines = rows.map { row -> MarkdownText in
            "| \(row.cells.map { MarkdownText($0) }.joined(separator: " | ")) |\n"
        }
        return "| \(Self.head.map { MarkdownText($0) }.joined(separator: " | ")) |\n| --- | --- | --- | --- |\n"
            + lines.joined()
    }
}
