import Reconciler

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
