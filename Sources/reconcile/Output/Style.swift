/// Colours, where there are any.
struct Style: Sendable {
    let isOn: Bool

    /// For what is written to standard output.
    static func out(_ options: CommonOptions) -> Style {
        Style(isOn: Terminal(.out, environment: Machine.environment, noColor: options.noColor).hasColour)
    }

    func bold(_ text: String) -> String { wrap(text, 1) }
    func dim(_ text: String) -> String { wrap(text, 2) }
    func red(_ text: String) -> String { wrap(text, 31) }
    func green(_ text: String) -> String { wrap(text, 32) }
    func yellow(_ text: String) -> String { wrap(text, 33) }
    func cyan(_ text: String) -> String { wrap(text, 36) }

    private func wrap(_ text: String, _ code: Int) -> String { isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}

extension String {
    /// Filled with spaces up to a width.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

    /// Cut to a width, with a mark where something is missing.
    func clipped(to width: Int) -> String { count <= width ? self : prefix(max(0, width - 1)) + "…" }
}
