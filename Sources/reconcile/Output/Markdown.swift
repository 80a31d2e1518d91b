import Reconciler

/// Results as Markdown, for summaries and comments.
enum Markdown {
    static func plan(_ plan: Plan, environment: String) -> String {
        if plan.isConverged { return "**\(escape(environment))** is in sync.\n" }
        let rows = plan.changes.map { step in
            "| `\(step.resource)` | \(step.change.action.rawValue) | \(escape(step.change.reason)) |\n"
        }
        return "**\(escape(environment))**\n\n| resource | action | reason |\n|---|---|---|\n" + rows.joined()
    }

    static func drift(_ drift: Drift, environment: String, isComplete: Bool = true) -> String {
        if drift.isInSync, !isComplete { return "**\(escape(environment))**: \(DriftText.incomplete).\n" }
        if drift.isInSync { return "**\(escape(environment))** is in sync.\n" }
        let rows = drift.items.map { item in
            let divergence = item.divergence
            let by = divergence.actor.map { " (\($0))" } ?? ""
            let fields = divergence.fields.map { "`\($0.path)`: \($0.from ?? "unset") -> \($0.to ?? "unset")" }
            let reason = escape(([divergence.reason + by] + fields).joined(separator: "; "))
            return "| `\(item.resource)` | \(divergence.moved.rawValue) | \(reason) |\n"
        }
        return "**\(escape(environment))** has drifted\n\n| resource | moved by | what |\n|---|---|---|\n"
            + rows.joined()
    }

    static func summary(_ end: RunEnd) -> String {
        var text = "### \(escape(end.headline))\n"
        if let plan = end.plan, !plan.isConverged {
            text += "\n" + Self.plan(plan, environment: end.environment ?? end.manifest)
        }
        if let failure = end.ownFailure {
            text += "\n**\(failure.code.rawValue)**: \(escape(failure.summary))\n"
            let lines = failure.problems.map { "\($0.place): \($0.message)" } + failure.cause
            if !lines.isEmpty {
                text += "\n```\n" + lines.map { $0.replacing("```", with: "'''") + "\n" }.joined() + "```\n"
            }
            text += "\nNext: \(escape(failure.hint))\n"
        }
        return text
    }

    static func history(
        _ runs: [HistoryRun], in ledger: String, older: Int, durations: [StepDurations] = []
    ) -> String {
        var text = runs.map { run in
            let head =
                "### Run \(run.epoch): \(escape(run.environment)), \(escape(run.command)), "
                + "\(escape(HistoryWords.end(of: run, in: ledger)))\n\n\(escape(HistoryWords.who(run)))\n"
            if run.steps.isEmpty { return head }
            return head + "\n| resource | action | result | took | |\n|---|---|---|---|---|\n"
                + run.steps.map { row($0, of: run) }.joined()
        }.joined(separator: "\n")
        if older > 0 { text += "\n\(HistoryWords.older(older))\n" }
        if !durations.isEmpty {
            text += "\n" + durations.map { "- \(escape(HistoryWords.durations($0)))\n" }.joined()
        }
        return text
    }

    private static func row(_ step: HistoryStep, of run: HistoryRun) -> String {
        let resource = step.resource.map { "`\($0)`" } ?? ""
        let took = escape(step.seconds.map(HistoryWords.duration) ?? "")
        let note = escape(HistoryWords.note(on: step, of: run))
        return "| \(resource) | \(escape(step.action)) | \(escape(step.result ?? "")) | \(took) | \(note) |\n"
    }

    static func escape(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 }).replacing("|", with: "\\|").replacing("<", with: "&lt;")
    }
}
