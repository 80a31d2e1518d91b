import JSON

/// A place in the source. It tells apart blanks, line breaks and the rest; a copy of it is a place to go back to.
struct Cursor {
    let bytes: [UInt8]
    private(set) var index: Int
    /// Where the line of ``index`` begins.
    private(set) var lineStart: Int

    /// - Parameter bytes: what ``check(_:)`` has found good.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        lineStart = index
    }

    /// How many bytes of the line stand before ``index``; where those are spaces only, the line's indentation.
    var column: Int { index - lineStart }

    var isAtEnd: Bool { index == bytes.count }
    var isAtBlank: Bool { Self.isBlank(peek()) }
    var isAtBreak: Bool { Self.isBreak(peek()) }

    /// Whether a line `---` or `...`, or one that begins so, is here.
    var isAtDocumentMarker: Bool {
        guard column == 0, let character = peek(), character == "-" || character == "." else { return false }
        return peek(1) == character && peek(2) == character && isSeparated(3)
    }

    /// The byte at `distance` as a character, nil past the end. A byte of a character beyond ASCII is taken for one of
    /// U+0080 to U+00FF, which no rule asked here knows.
    func peek(_ distance: Int = 0) -> Unicode.Scalar? {
        index + distance < bytes.count ? Unicode.Scalar(bytes[index + distance]) : nil
    }

    /// Whether a blank, a line break or the end, within flow brackets also one of their signs, is at `distance`.
    func isSeparated(_ distance: Int, inFlow: Bool = false) -> Bool {
        let character = peek(distance)
        return character == nil || Self.isBlank(character) || Self.isBreak(character)
            || inFlow && Self.isFlowSign(character)
    }

    /// Whether `character` is here apart from what follows: a `-` that begins an item, a `:` that ends a key.
    func isAt(indicator character: Unicode.Scalar) -> Bool { peek() == character && isSeparated(1) }

    /// Moves on within the line.
    mutating func advance(by count: Int = 1) { index += count }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard peek() == character else { return false }
        index += 1
        return true
    }

    mutating func skipBlanks() {
        while isAtBlank { index += 1 }
    }

    mutating func skipSpaces(atMost limit: Int = .max) {
        let start = index
        while index - start < limit, peek() == " " { index += 1 }
    }

    /// Moves to the end of the line.
    mutating func skipLine() {
        while !isAtEnd, !isAtBreak { index += 1 }
    }

    /// Moves over LF, CRLF or CR to the beginning of the next line, where one of them is here.
    mutating func skipBreak() -> Bool {
        guard isAtBreak else { return false }
        index += peek() == "\r" && peek(1) == "\n" ? 2 : 1
        lineStart = index
        return true
    }

    static func isBlank(_ character: Unicode.Scalar?) -> Bool { character == " " || character == "\t" }
    static func isBreak(_ character: Unicode.Scalar?) -> Bool { character == "\n" || character == "\r" }

    static func isFlowSign(_ character: Unicode.Scalar?) -> Bool {
        switch character {
        case ",", "[", "]", "{", "}": true
        default: false
        }
    }
}
