import Base
import JSON

/// What a command has found out about one environment, in each form in which it can be shown.
protocol Report: Sendable {
    var exit: ExitCode { get }
    /// The form that is documented and does not change.
    var json: JSON { get }
    var markdown: MarkdownText { get }
    func text(_ style: Style) -> TerminalText
    /// Whether it quotes what programs or other users wrote.
    var isQuoting: Bool { get }
    /// Whether it is left out where only what is wrong is wanted (`--quiet`).
    var isQuiet: Bool { get }
}

extension Report {
    var isQuoting: Bool { false }
    var isQuiet: Bool { false }
}

/// Where results are shown, and in which form.
struct Console: Sendable {
    let options: CommonOptions

    func show(_ report: some Report) {
        switch options.output {
        case .json: Terminal.write(TerminalText(json: report.json), to: .out)
        case .markdown: write(Terminal.gap + TerminalText(report.markdown), report)
        case .text: write(report.text(Style(.out, noColor: options.noColor)), report)
        }
    }

    private func write(_ text: TerminalText, _ report: some Report) {
        if options.quiet, report.isQuiet { return }
        if report.isQuoting { Terminal.writeFenced(text, to: .out) } else { Terminal.write(text, to: .out) }
    }
}
