import JSON

extension Cursor {
    /// Checks what the parsers rely on for every byte of a source.
    /// - Throws: at the first byte that is not UTF-8, or is a control character that YAML has no place for.
    static func check(_ bytes: [UInt8]) throws(SyntaxError) {
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            throw SyntaxError(at: error.byteOffsets.lowerBound, "the text is not valid UTF-8")
        }
        if let index = bytes.firstIndex(where: { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }) {
            throw SyntaxError(at: index, "a control character must be written as an escape in double quotes")
        }
    }

    /// The bytes of text without quotes, where YAML has no place for DEL, the C1 controls but NEL, byte order marks,
    /// U+FFFE and U+FFFF, nearly all of them invisible.
    func printable(_ range: Range<Int>) throws(SyntaxError) -> ArraySlice<UInt8> {
        let text = bytes[range]
        let unprintable = text.indices.first { index in
            switch text[index] {
            case 0x7F: true
            case 0xC2: text[index + 1] < 0xA0 && text[index + 1] != 0x85
            case 0xEF where text[index + 1] == 0xBB: text[index + 2] == 0xBF
            case 0xEF where text[index + 1] == 0xBF: text[index + 2] > 0xBD
            default: false
            }
        }
        if let unprintable {
            throw SyntaxError(at: unprintable, "an invisible character must be written as an escape in double quotes")
        }
        return text
    }
}
