import Base
import JSON
import Resources

/// What was found before a release of an environment.
struct VerifyReport: Report {
    let environment: String
    let findings: [Finding]
    /// Fills in the manifest's name.
    let hints: CommandHint

    private var failures: Int { findings.count { $0.verdict == .failure } }
    private var warnings: Int { findings.count { $0.verdict == .warning } }
    private var unchecked: Int { findings.count { $0.verdict == .unchecked } }

    var exit: ExitCode { failures > 0 ? .failed : .converged }
    /// AWS and other users have written parts of it.
    var isQuoting: Bool { true }
    var isQuiet: Bool { failures + warnings == 0 }

    var json: JSON {
        .members([
            "environment": environment, "checks": findings.map { shown($0).json }, "exit": Int(exit.rawValue),
        ])
    }

    var markdown: MarkdownText {
        let rows = findings.map { finding -> MarkdownText in
            let remedy: MarkdownText = hint(finding).map { " (\($0))" } ?? ""
            return "| \(finding.verdict.rawValue) | \(code: finding.subject) | \(finding.text)\(remedy) |\n"
        }
        return "**\(environment)**: \(sum)\n\n| | check | what |\n|---|---|---|\n" + rows.joined()
    }

    func text(_ style: Style) -> TerminalText {
        let width = findings.map { TerminalText($0.subject).width }.max() ?? 0
        let lines = findings.map { finding -> TerminalText in
            let verdict = Self.verdict(finding.verdict, style)
            let line: TerminalText =
                "  \(verdict)  \(TerminalText(finding.subject).padded(to: width))  \(finding.text)\n"
            let hint: TerminalText = hint(finding).map { "             \(style.dim("next:")) \($0)\n" } ?? ""
            return line + hint
        }
        return "\(style.bold("\(environment)"))\n\n\(lines.joined())\n\(sum)\n"
    }

    private var sum: String {
        let parts = [(failures, "failure"), (warnings, "warning")].filter { $0.0 > 0 }
            .map { $0.0 == 1 ? "1 \($0.1)" : "\($0.0) \($0.1)s" }
        let left = unchecked > 0 ? ["\(unchecked) unchecked"] : []
        return ((parts.isEmpty ? ["nothing is wrong"] : parts) + left).joined(separator: ", ")
    }

    private func hint(_ finding: Finding) -> String? { finding.remedy.map(hints.fill(advice:)) }

    private func shown(_ finding: Finding) -> Finding { finding.with(remedy: hint(finding)) }

    private static func verdict(_ verdict: Finding.Verdict, _ style: Style) -> TerminalText {
        let word = TerminalText(verdict.rawValue).padded(to: 9)
        return switch verdict {
        case .good: style.green(word)
        case .warning: style.yellow(word)
        case .failure: style.red(word)
        case .unchecked: style.dim(word)
        }
    }
}
