import Ledger
import Reconciler

/// A plan for people.
struct PlanText {
    let style: Style

    /// - Parameter isBeginning: whether it is about to be carried out.
    func render(_ plan: Plan, environment: String, isBeginning: Bool = false) -> TerminalText {
        let notes = plan.steps.flatMap { step -> [TerminalText] in
            step.change.isSettled ? step.change.notes.map { "  note: \($0)\n" } : []
        }
        if plan.isConverged {
            return "\(style.bold("\(environment)")): in sync, nothing to do\n" + notes.joined()
        }
        let width = plan.changes.map { TerminalText($0.resource.description).width }.max() ?? 0
        let steps = plan.changes.map { step($0, width: width) }.joined()
        let count = PlanCount(plan)
        let end =
            isBeginning ? count.text { "\(PlanCount.changes($0)) to make" } : "\(count.text()). Nothing was done."
        return "\(style.bold("\(environment)"))\n\n\(steps)\(notes.joined())\n\(end)\n"
    }

    private func step(_ step: Plan.Step, width: Int) -> TerminalText {
        let change = step.change
        let name = TerminalText(step.resource.description).padded(to: width)
        let action = TerminalText(change.action.rawValue).padded(to: 8)
        var text: TerminalText = "  \(sign(change.action)) \(name)  \(action)  \(change.reason)\n"
        for field in change.fields { text += FieldText(style: style).render(field) }
        for note in change.notes { text += "      \(style.dim("note:")) \(note)\n" }
        if let failure = change.failure { text += "      \(style.dim("hint:")) \(FailureText.hint(failure.hint))\n" }
        return text
    }

    private func sign(_ action: Action) -> TerminalText {
        switch action {
        case .register, .create: style.green("+")
        case .migrate, .run: style.cyan(">")
        case .probe: style.cyan("?")
        case .update, .restart: style.yellow("~")
        case .blocked: style.red("!")
        case .wait: style.dim("…")
        default: " "
        }
    }
}

/// A field that differs, for people.
struct FieldText {
    let style: Style

    func render(_ field: FieldChange) -> TerminalText {
        let from = TerminalText(field.from ?? "unset")
        let to = TerminalText(field.to ?? "unset")
        // Two long values are compared more easily one above the other.
        if from.width + to.width <= 60 { return "      \(field.path): \(style.red(from)) -> \(style.green(to))\n" }
        return "      \(field.path)\n        \(style.red("- \(from)"))\n        \(style.green("+ \(to)"))\n"
    }
}
