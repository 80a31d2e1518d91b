/// Colours, where there are any.
struct Style: Sendable {
    let isOn: Bool

    /// For what is written to a stream.
    init(_ stream: Terminal.Stream, noColor: Bool) {
        isOn = Terminal(stream, environment: Machine.environment, noColor: noColor).hasColour
    }

    func bold(_ text: TerminalText) -> TerminalText { wrap(text, 1) }
    func dim(_ text: TerminalText) -> TerminalText { wrap(text, 2) }
    func red(_ text: TerminalText) -> TerminalText { wrap(text, 31) }
    func green(_ text: TerminalText) -> TerminalText { wrap(text, 32) }
    func yellow(_ text: TerminalText) -> TerminalText { wrap(text, 33) }
    func cyan(_ text: TerminalText) -> TerminalText { wrap(text, 36) }

    private func wrap(_ text: TerminalText, _ code: Int) -> TerminalText { isOn ? text.styled(code) : text }
}
