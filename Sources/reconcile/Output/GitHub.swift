import Glibc
import Hashing
import Reconciler

/// What GitHub Actions understands: annotations, groups, and the summary of a step.
/// (GitHub Docs, "Workflow commands for GitHub Actions".)
enum GitHub {
    static var isRunning: Bool { Machine.environment["GITHUB_ACTIONS"] == "true" }

    /// Between its two lines nothing is taken for a command. The word is random, so that a log cannot end it.
    struct Fence: Sendable {
        private let word = Hex.encode(Machine.randomBytes(16))
        var start: String { "::stop-commands::\(word)\n" }
        var end: String { "::\(word)::\n" }
    }

    /// A text that may quote a program's output, with nothing in it taken for a command.
    static func fenced(_ text: String) -> String {
        guard isRunning else { return text }
        let fence = Fence()
        return fence.start + text + fence.end
    }

    /// Marks the places of a failure in the sources, or the run as a whole.
    static func annotate(_ failure: Failure) {
        guard isRunning else { return }
        let title = "title=\(property(failure.code.rawValue))"
        for problem in failure.problems {
            var place = "file=\(property(problem.file))"
            if let position = problem.position { place += ",line=\(position.line),col=\(position.column)" }
            Terminal.write(
                "::error \(place),\(title)::\(data(problem.message + (problem.hint.map { " (\($0))" } ?? "")))\n",
                to: .error)
        }
        if failure.problems.isEmpty {
            let text = ([failure.summary] + failure.cause + ["next: \(failure.hint)"]).joined(separator: "\n")
            Terminal.write("::error \(title)::\(data(text))\n", to: .error)
        }
    }

    /// One warning for each difference, at its manifest.
    static func annotate(_ drift: Drift, manifest: String, environment: String) {
        guard isRunning else { return }
        for item in drift.items {
            let by = item.divergence.actor.map { " (\($0))" } ?? ""
            let text = "\(item.resource) moved by \(item.divergence.moved.rawValue): \(item.divergence.reason)\(by)"
            Terminal.write(
                "::warning file=\(property(manifest)),title=\(property("drift in \(environment)"))::\(data(text))\n",
                to: .error)
        }
    }

    /// Adds to the page of the step. That it cannot is no reason to fail.
    static func addToSummary(_ markdown: String) {
        guard let path = Machine.environment["GITHUB_STEP_SUMMARY"], !path.isEmpty else { return }
        let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { return }
        let bytes = Array((markdown + "\n").utf8)
        _ = write(file, bytes, bytes.count)
        close(file)
    }

    private static func data(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }

    private static func property(_ text: String) -> String {
        data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }
}
