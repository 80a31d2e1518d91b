import JSON

/// Text at the door to a terminal or a log. What is written in the source is trusted; every value that is put into it has
/// what a terminal would obey or hide made visible. So text of others cannot move a cursor, forge a line or colour one.
struct TerminalText: ExpressibleByStringInterpolation, Sendable, Equatable {
    /// As it is written: without control characters but line ends and tabs, and the colours of ``Style``.
    private(set) var written: String

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) {}

        mutating func appendLiteral(_ literal: String) { text += literal }
        mutating func appendInterpolation(_ inner: TerminalText) { text += inner.written }
        mutating func appendInterpolation(_ value: some CustomStringConvertible) { text += value.description.visible }
    }

    init(stringLiteral value: String) { written = value }
    init(stringInterpolation: StringInterpolation) { written = stringInterpolation.text }

    /// One value, on one line.
    init(_ value: String) { written = value.visible }

    /// Text of several lines, which stay lines.
    init(lines: String) {
        written = lines.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
            .map { String($0).visible }.joined(separator: "\n")
    }

    /// A JSON value as a line for programs.
    init(json: JSON) { written = json.printable + "\n" }

    /// Markdown, in which nothing is left that a terminal obeys.
    init(_ markdown: MarkdownText) { self.init(lines: markdown.written) }

    fileprivate init(written: String) { self.written = written }

    static func + (left: TerminalText, right: TerminalText) -> TerminalText {
        TerminalText(written: left.written + right.written)
    }

    static func += (left: inout TerminalText, right: TerminalText) { left.written += right.written }

    var isEmpty: Bool { written.isEmpty }

    /// Without spaces at its end.
    var trimmed: TerminalText {
        var text = written
        while text.last == " " { text.removeLast() }
        return TerminalText(written: text)
    }
}

extension TerminalText {
    /// A colour or a weight (ECMA-48, SGR), by its number.
    func styled(_ code: Int) -> TerminalText { TerminalText(written: "\u{1B}[\(code)m\(written)\u{1B}[0m") }
}

// MARK: - Columns

extension TerminalText {
    /// How many columns it takes: wide characters two, combining ones and colours none.
    var width: Int { written.isPlainASCII ? written.utf8.count : walk { _, _, _ in true } }

    /// Filled with spaces up to a width.
    func padded(to width: Int) -> TerminalText {
        TerminalText(written: written + String(repeating: " ", count: max(0, width - self.width)))
    }

    /// Cut to a width, with a mark where something is missing.
    func clipped(to room: Int) -> TerminalText {
        guard width > room else { return self }
        guard room > 0 else { return "" }
        var out = String.UnicodeScalarView()
        _ = walk { scalar, isStyle, width in
            guard isStyle || width <= room - 1 else { return false }
            out.append(scalar)
            return true
        }
        return TerminalText(written: String(out) + "…" + (written.utf8.contains(0x1B) ? "\u{1B}[0m" : ""))
    }

    /// Goes through the characters until one is refused.
    ///
    /// - Parameter take: a character, whether it is a part of a colour, and the width with it.
    /// - Returns: the width.
    private func walk(_ take: (Unicode.Scalar, _ isStyle: Bool, _ width: Int) -> Bool) -> Int {
        var width = 0
        var isStyle = false
        for scalar in written.unicodeScalars {
            if scalar == "\u{1B}" { isStyle = true }
            if !isStyle { width += scalar.columns }
            guard take(scalar, isStyle, width) else { return width }
            if isStyle, scalar == "m" { isStyle = false }
        }
        return width
    }
}

extension Unicode.Scalar {
    /// The columns that it takes at most. (Unicode Standard Annex 11, "East Asian Width".)
    fileprivate var columns: Int {
        switch value {
        case 0x09: return 8
        case 0..<0x20: return 0
        case 0x20..<0x300: return 1
        case 0xFE0F: return 1
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF,
            0x1F1E6...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF, 0x20000...0x3FFFD:
            return [.nonspacingMark, .enclosingMark].contains(properties.generalCategory) ? 0 : 2
        default:
            if [.nonspacingMark, .enclosingMark].contains(properties.generalCategory) { return 0 }
            return properties.isEmojiPresentation ? 2 : 1
        }
    }
}

extension Sequence<TerminalText> {
    func joined(separator: TerminalText = "") -> TerminalText {
        TerminalText(written: map(\.written).joined(separator: separator.written))
    }
}

extension DefaultStringInterpolation {
    /// A text at its door is not taken apart into a plain one again.
    @available(*, unavailable)
    mutating func appendInterpolation(_: TerminalText) {}

    @available(*, unavailable)
    mutating func appendInterpolation(_: MarkdownText) {}
}
