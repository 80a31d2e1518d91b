import Base
import JSON
import Ledger
import Manifest
import Reconciler
import Resources

/// An environment at a glance.
struct EnvironmentStatus: Report {
    let manifest: Manifest
    let plan: Plan
    let comparison: Comparison
    let lastRun: LastRun?

    /// Status always succeeds: also a blocked plan is an answer.
    var exit: ExitCode { .converged }

    var json: JSON {
        .members([
            "environment": manifest.environment, "converged": plan.isConverged, "cluster": manifest.cluster,
            "comparedWith": comparison.json,
            "resources": plan.steps.map { step in
                JSON.members([
                    "resource": step.resource, "settled": step.change.isSettled, "action": action(step),
                    "reason": step.change.reason, "notes": step.change.notes.isEmpty ? nil : step.change.notes,
                ])
            },
            "lastRun": lastRun.orNull,
        ])
    }

    /// What it is compared with.
    var wanted: String {
        if let with = comparison.text { return "compared with \(with)" }
        let schema = manifest.release.schema.map { ", schema \($0)" } ?? ""
        return "compared with the manifest: image \(manifest.release.tag)\(schema)"
    }

    /// A mark is housekeeping, not a need.
    private func action(_ step: Plan.Step) -> String {
        step.change.isSettled ? Action.none.rawValue : step.change.action.rawValue
    }

    private var count: String { PlanCount(plan).text { "\($0) to change" } }

    var markdown: MarkdownText {
        let state = plan.isConverged ? "is in sync" : "has \(count)"
        let rows = plan.steps.map { step -> MarkdownText in
            let state = step.change.isSettled ? "in sync" : step.change.action.rawValue
            let reason = ([step.change.reason] + step.change.notes.map { "note: \($0)" }).joined(separator: "; ")
            return "| \(code: step.resource) | \(state) | \(reason) |\n"
        }
        return """
            **\(manifest.environment)** \(state), cluster \(manifest.cluster), \(wanted)

            | resource | state | reason |
            |---|---|---|
            \(rows.joined())
            Last run: \(lastRun?.text ?? "none in this ledger")

            """
    }

    func text(_ style: Style) -> TerminalText {
        let width = plan.steps.map { TerminalText($0.resource.description).width }.max() ?? 0
        let state = plan.isConverged ? style.green("in sync") : style.yellow("\(count)")
        var text: TerminalText =
            "\(style.bold("\(manifest.environment)"))  \(state)  \(style.dim("cluster \(manifest.cluster)"))\n\n"
        // Of what is left to ECS the reason says it.
        let left = Set(plan.left.map(\.resource))
        for step in plan.steps {
            let sign = step.change.isSettled ? style.green("✔") : style.yellow("~")
            let name = TerminalText(step.resource.description).padded(to: width)
            let state = TerminalText(step.change.isSettled ? "in sync" : step.change.action.rawValue)
            text += "  \(sign) \(name)  \(state.padded(to: 8))  \(step.change.reason)\n"
            for note in step.change.notes where !left.contains(step.resource) {
                text += "      \(style.dim("note:")) \(note)\n"
            }
        }
        return text + "\n  \(wanted)\n  last run: \(lastRun?.text ?? "none in this ledger")\n"
    }
}
