import Reconciler

/// A field that differs, for people.
struct FieldText {
    let style: Style

    func render(_ field: FieldChange) -> String {
        let from = field.from ?? "unset"
        let to = field.to ?? "unset"
        // Two long values are compared more easily one above the other.
        if from.count + to.count <= 60 { return "      \(field.path): \(style.red(from)) -> \(style.green(to))\n" }
        return "      \(field.path)\n        \(style.red("- \(from)"))\n        \(style.green("+ \(to)"))\n"
    }
}
