import JSON

/// Text at the door to a Markdown page: a summary, a comment. What is written in the source is Markdown; every value that
/// is put into it is shown as it is: no link, image, HTML, mention, table cell or heading comes of it.
struct MarkdownText: ExpressibleByStringInterpolation, Sendable, Equatable {
    private(set) var written: String

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) {}

        mutating func appendLiteral(_ literal: String) { text += literal }
        mutating func appendInterpolation(_ inner: MarkdownText) { text += inner.written }
        mutating func appendInterpolation(_ value: some CustomStringConvertible) {
            text += MarkdownText.escaped(value.description)
        }
        /// A name in a code span.
        mutating func appendInterpolation(code value: some CustomStringConvertible) {
            text += MarkdownText.span(value.description)
        }
    }

    init(stringLiteral value: String) { written = value }
    init(stringInterpolation: StringInterpolation) { written = stringInterpolation.text }
    init(_ value: String) { written = Self.escaped(value) }
    fileprivate init(written: String) { self.written = written }

    /// Lines as they are, in a fenced block that none of them can end.
    init(block lines: [String]) {
        let fence = String(repeating: "`", count: max(3, (lines.map(Self.longestRun).max() ?? 0) + 1))
        written = "\(fence)\n" + lines.map { $0.visible + "\n" }.joined() + "\(fence)\n"
    }

    static func + (left: MarkdownText, right: MarkdownText) -> MarkdownText {
        MarkdownText(written: left.written + right.written)
    }

    static func += (left: inout MarkdownText, right: MarkdownText) { left.written += right.written }

    /// On one line. Backslashes keep punctuation literal (CommonMark, "Backslash escapes"); GitHub looks for mentions,
    /// references and addresses after that, so these are parted by a space of no width.
    private static func escaped(_ text: String) -> String {
        let plain = oneLine(text).visible
        var out = ""
        let scalars = Array(plain.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            let next = index + 1 < scalars.count ? scalars[index + 1] : " "
            let isWord = next.properties.isAlphabetic || next.properties.numericType != nil
            switch scalar {
            case "<": out += "&lt;"
            case "&": out += "&amp;"
            case "@" where isWord && !isDigest(scalars, index): out += "@&#8203;"
            case "#" where isWord: out += "\\#&#8203;"
            case ":" where next == "/": out += "\\:"
            case "." where index > 2 && scalars[index - 3..<index].allSatisfy { $0 == "w" || $0 == "W" }: out += "\\."
            case "\\", "`", "*", "_", "[", "]", "|", "~", "#", "$", "!": out += "\\\(scalar)"
            case _ where out.isEmpty && "-+=>".unicodeScalars.contains(scalar): out += "\\\(scalar)"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }

    /// Whether an image's digest begins here, which is neither a mention nor an address.
    private static func isDigest(_ scalars: [Unicode.Scalar], _ index: Int) -> Bool {
        index > 0 && (scalars[index - 1].properties.isAlphabetic || scalars[index - 1].properties.numericType != nil)
            && scalars[(index + 1)...].starts(with: "sha256:".unicodeScalars)
    }

    private static func span(_ text: String) -> String {
        let plain = oneLine(text).visible.replacingScalars { $0 == "|" ? "\\|" : nil }
        if plain.isEmpty { return "" }
        let fence = String(repeating: "`", count: longestRun(plain) + 1)
        let space = plain.hasPrefix("`") || plain.hasSuffix("`") ? " " : ""
        return fence + space + plain + space + fence
    }

    private static func oneLine(_ text: String) -> String {
        text.replacingScalars { ["\n", "\r", "\t"].contains($0) ? " " : nil }
    }

    /// Of backticks.
    private static func longestRun(_ text: String) -> Int {
        text.utf8.split { $0 != UInt8(ascii: "`") }.map(\.count).max() ?? 0
    }
}

extension Sequence<MarkdownText> {
    func joined(separator: MarkdownText = "") -> MarkdownText {
        MarkdownText(written: map(\.written).joined(separator: separator.written))
    }
}
