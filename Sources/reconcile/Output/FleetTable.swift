import Base
import Reconciler

/// The status of many environments, one line for each.
actor FleetTable {
    private struct Row {
        let environment: String
        let isInSync: Bool
        /// Environment, state, what is needed, last run.
        let cells: [String]
    }

    private var rows: [String: Row] = [:]

    func take(_ path: String, _ status: EnvironmentStatus) {
        let changes = status.plan.changes
        let state = changes.isEmpty ? "in sync" : status.plan.blocker == nil ? "\(changes.count) to change" : "blocked"
        rows[path] = Row(
            environment: status.manifest.environment, isInSync: changes.isEmpty,
            cells: [state, changes.map(Self.need).joined(separator: ", "), status.lastRun?.short ?? "none"])
    }

    func take(_ path: String, environment: String?, _ failure: Failure) {
        rows[path] = Row(
            environment: environment ?? path, isInSync: false, cells: ["unknown", failure.code.rawValue, ""])
    }

    private static func need(_ step: Plan.Step) -> String { "\(step.change.action.rawValue) \(step.resource)" }

    private static let head = ["environment", "state", "needs", "last run"]

    /// - Parameter paths: in order.
    func text(_ paths: [String], _ style: Style) -> TerminalText {
        let found = paths.compactMap { rows[$0] }
        let cells = ([Self.head] + found.map { [$0.environment] + $0.cells }).map { $0.map { TerminalText($0) } }
        let widths = Self.head.indices.map { column in min(48, cells.map { $0[column].width }.max() ?? 0) }
        let lines = cells.enumerated().map { index, row -> TerminalText in
            let line = zip(row, widths).map { $0.clipped(to: $1).padded(to: $1) }.joined(separator: "  ").trimmed
            return index == 0 ? style.dim(line) : found[index - 1].isInSync ? line : style.yellow(line)
        }
        let inSync = found.count(where: \.isInSync)
        return "\(lines.joined(separator: "\n"))\n\n\(inSync) of \(found.count) in sync\n"
    }

    func markdown(_ paths: [String]) -> MarkdownText {
        let found = paths.compactMap { rows[$0] }
        let lines = found.map { row -> MarkdownText in
            "| \(([row.environment] + row.cells).map { MarkdownText($0) }.joined(separator: " | ")) |\n"
        }
        return "| \(Self.head.map { MarkdownText($0) }.joined(separator: " | ")) |\n| --- | --- | --- | --- |\n"
            + lines.joined()
    }
}
