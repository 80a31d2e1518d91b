import JSON

/// Text at the door to a web page. What is written in the source is HTML; every value that is put into it is shown as it is:
/// no element, attribute or reference comes of it. Attributes have their values in quotes.
struct HTMLText: ExpressibleByStringInterpolation, Sendable, Equatable {
    private(set) var written: String

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) {}

        mutating func appendLiteral(_ literal: String) { text += literal }
        mutating func appendInterpolation(_ inner: HTMLText) { text += inner.written }
        mutating func appendInterpolation(_ value: some CustomStringConvertible) {
            text += HTMLText.escaped(value.description)
        }
    }

    init(stringLiteral value: String) { written = value }
    init(stringInterpolation: StringInterpolation) { written = stringInterpolation.text }
    init(_ value: String) { written = Self.escaped(value) }
    fileprivate init(written: String) { self.written = written }

    static func + (left: HTMLText, right: HTMLText) -> HTMLText { HTMLText(written: left.written + right.written) }

    static func += (left: inout HTMLText, right: HTMLText) { left.written += right.written }

    /// On one line, with what a page hides made visible.
    private static func escaped(_ text: String) -> String {
        text.replacingScalars { ["\n", "\r", "\t"].contains($0) ? " " : nil }.visible.replacingScalars { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case "'": "&#39;"
            default: nil
            }
        }
    }
}

extension Sequence<HTMLText> {
    func joined(separator: HTMLText = "") -> HTMLText {
        HTMLText(written: map(\.written).joined(separator: separator.written))
    }
}
