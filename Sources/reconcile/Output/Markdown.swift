import Ledger
import Reconciler
import Resources

/// Results as Markdown, for summaries and comments.
enum Markdown {
    static func plan(_ plan: Plan, environment: String) -> MarkdownText {
        if plan.isConverged { return "**\(environment)** is in sync.\n" }
        let rows = plan.changes.map { step -> MarkdownText in
            "| \(code: step.resource) | \(step.change.action.rawValue) | \(step.change.reason) |\n"
        }
        return "**\(environment)**\n\n| resource | action | reason |\n|---|---|---|\n" + rows.joined()
    }

    static func summary(_ end: RunEnd) -> MarkdownText {
        var text: MarkdownText = "### \(end.headline)\n"
        if let plan = end.plan, !plan.isConverged {
            text += "\n" + Self.plan(plan, environment: end.environment ?? end.manifest)
        }
        if let failure = end.ownFailure {
            text += "\n**\(failure.code.rawValue)**: \(failure.summary)\n"
            let lines = failure.problems.map { "\($0.place): \($0.message)" } + failure.cause
            if !lines.isEmpty { text += "\n" + MarkdownText(block: lines) }
            let hint = failure.hint.split(separator: "\n").map(String.init)
            text += "\nNext: \(hint.first ?? "")\n"
            if hint.count > 1 { text += "\n" + MarkdownText(block: Array(hint.dropFirst())) }
        }
        return text
    }

    static func history(
        _ runs: [HistoryRun], in ledger: String, older: Int, durations: [StepDurations]
    ) -> MarkdownText {
        var text = runs.map { run -> MarkdownText in
            let head: MarkdownText =
                "### Run \(run.epoch): \(run.environment), \(run.command), "
                + "\(HistoryWords.end(of: run, in: ledger))\n\n\(HistoryWords.who(run))\n"
                + (run.release.map { "\n\(HistoryWords.release($0))\n" } ?? "")
            if run.steps.isEmpty { return head }
            return head + "\n| resource | action | result | took | |\n|---|---|---|---|---|\n"
                + run.steps.map { row($0, of: run) }.joined()
        }.joined(separator: "\n")
        if older > 0 { text += "\n\(HistoryWords.older(older))\n" }
        if !durations.isEmpty {
            text += "\n" + durations.map { "- \(HistoryWords.durations($0))\n" }.joined()
        }
        return text
    }

    private static func row(_ step: HistoryStep, of run: HistoryRun) -> MarkdownText {
        let resource: MarkdownText = step.resource.map { "\(code: $0)" } ?? ""
        let took = step.seconds.map(HistoryWords.duration) ?? ""
        let note = HistoryWords.note(on: step, of: run)
        return "| \(resource) | \(step.action) | \(step.result ?? "") | \(took) | \(note) |\n"
    }
}
