import Base

/// A failure for people: what, where, why, and the next step.
struct FailureText {
    let style: Style

    /// A hint, in which each command to choose from has a line of its own.
    static func hint(_ hint: String) -> TerminalText {
        hint.split(separator: "\n").map { TerminalText(String($0)) }.joined(separator: "\n    ")
    }

    func render(_ failure: Failure) -> TerminalText {
        var text: TerminalText = ""
        for problem in failure.problems {
            let hint = problem.hint.map { " (\($0))" } ?? ""
            text += "\(style.bold("\(problem.place)")): \(style.red("error:")) \(problem.message)\(hint)\n"
        }
        let place = failure.resource.map { "\($0): " } ?? ""
        text += "\(style.red("error[\(failure.code.rawValue)]:")) \(style.bold("\(place)\(failure.summary)"))\n"
        for line in failure.cause { text += "  \(line)\n" }
        return text + "  \(style.cyan("next:")) \(Self.hint(failure.hint))\n"
    }
}
