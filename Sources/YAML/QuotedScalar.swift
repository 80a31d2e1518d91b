import JSON

extension Cursor {
    /// Reads a scalar in single or double quotes, over as many lines as it has.
    mutating func quotedScalar(parent: Int) throws(SyntaxError) -> ScalarText {
        let start = index
        let quote = peek()
        advance()
        var text: [UInt8] = []
        // Blanks at the end of a line are dropped, unless they are escaped: how much of the text stays in any case.
        var kept = 0
        var spansLines = false
        while let character = peek() {
            switch character {
            case "\n", "\r":
                text.removeSubrange(kept...)
                text += foldLines()
                try requireContinuation(of: parent)
                spansLines = true
            case "\\" where quote == "\"":
                if Self.isBreak(peek(1)) { spansLines = true }
                text += try escape(parent: parent)
            case quote where quote == "'" && peek(1) == "'":
                text.append(bytes[index])
                advance(by: 2)
            case quote:
                advance()
                let text = String(decoding: text, as: UTF8.self)
                return ScalarText(text: text, offset: start, isPlain: false, spansLines: spansLines)
            default:
                text.append(bytes[index])
                advance()
                if Self.isBlank(character) { continue }
            }
            kept = text.count
        }
        throw SyntaxError(at: start, "the string has no closing quote")
    }

    /// Reads an escape within double quotes; one of a line break joins the lines without a space.
    private mutating func escape(parent: Int) throws(SyntaxError) -> [UInt8] {
        let start = index
        advance()
        guard let character = peek() else { throw SyntaxError(at: start, "the text ends within an escape") }
        if Self.isBreak(character) {
            let fold = foldLines()
            try requireContinuation(of: parent)
            return fold == [0x20] ? [] : fold
        }
        advance()
        let digits: Int
        switch character {
        case "x": digits = 2
        case "u": digits = 4
        case "U": digits = 8
        default:
            guard let scalar = Self.escapes[character] else {
                throw SyntaxError(at: start, "unknown escape in a string: a backslash itself is written \\\\")
            }
            return Array(String(scalar).utf8)
        }
        guard let scalar = hexadecimalScalar(digits: digits) else {
            throw SyntaxError(at: start, "the \\\(character) escape names no character")
        }
        return Array(String(scalar).utf8)
    }

    private static let escapes: [Unicode.Scalar: Unicode.Scalar] = [
        "0": "\0", "a": "\u{07}", "b": "\u{08}", "t": "\t", "\t": "\t", "n": "\n", "v": "\u{0B}", "f": "\u{0C}",
        "r": "\r", "e": "\u{1B}", " ": " ", "\"": "\"", "/": "/", "\\": "\\", "N": "\u{85}", "_": "\u{A0}",
        "L": "\u{2028}", "P": "\u{2029}",
    ]

    /// The character of the digits here, or of those of two `\u` escapes that form a surrogate pair, as JSON has them.
    private mutating func hexadecimalScalar(digits: Int) -> Unicode.Scalar? {
        guard let first = hexadecimal(digits: digits) else { return nil }
        guard digits == 4, (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
        guard skip("\\"), skip("u"), let second = hexadecimal(digits: 4), (0xDC00..<0xE000).contains(second) else {
            return nil
        }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private mutating func hexadecimal(digits: Int) -> UInt32? {
        guard index + digits <= bytes.count else { return nil }
        var number: UInt32 = 0
        for byte in bytes[index..<index + digits] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            number = number << 4 | UInt32(digit)
        }
        advance(by: digits)
        return number
    }
}
