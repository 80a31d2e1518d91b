import Reconciler

/// A failure for people: what, where, why, and the next step.
struct FailureText {
    let style: Style

    func render(_ failure: Failure) -> String {
        var text = ""
        for problem in failure.problems {
            text += "\(style.bold(problem.place)): \(style.red("error:")) \(problem.message)"
            text += problem.hint.map { " (\($0))\n" } ?? "\n"
        }
        let place = failure.resource.map { "\($0): " } ?? ""
        text += "\(style.red("error[\(failure.code.rawValue)]:")) \(style.bold(place + failure.summary))\n"
        for line in failure.cause { text += "  \(line)\n" }
        text += "  \(style.cyan("next:")) \(failure.hint)\n"
        return text
    }
}
