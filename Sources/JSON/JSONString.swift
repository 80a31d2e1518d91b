/// The inside of JSON strings: where they end and what their escapes mean.
enum JSONString {
    /// The closing quote's index, and whether the string has no escapes.
    static func end(
        in bytes: UnsafeBufferPointer<UInt8>, from start: Int
    ) throws(SyntaxError) -> (quote: Int, isPlain: Bool) {
        var index = start
        var isPlain = true
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""): return (index, isPlain)
            case UInt8(ascii: "\\"):
                isPlain = false
                index += 2
            case 0x0A, 0x0D:
                throw SyntaxError(at: index, "the string has no closing quote on its line; a line break in it is \\n")
            case 0x09: throw SyntaxError(at: index, "a tab in a string must be written \\t")
            case 0..<0x20:
                throw SyntaxError(
                    at: index, "a control character in a string must be written \\u00\(Self.hex(bytes[index]))")
            default: index += 1
            }
        }
        throw SyntaxError(at: start - 1, "the string has no closing quote")
    }

    /// - Parameter offset: where `raw` begins in the source, for errors.
    static func unescape(_ raw: UnsafeBufferPointer<UInt8>, at offset: Int) throws(SyntaxError) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(raw.count)
        var index = 0
        while index < raw.count {
            guard raw[index] == UInt8(ascii: "\\") else {
                out.append(raw[index])
                index += 1
                continue
            }
            let escape = index
            index += 2
            switch raw[escape + 1] {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(raw[escape + 1])
            case UInt8(ascii: "b"): out.append(0x08)
            case UInt8(ascii: "f"): out.append(0x0C)
            case UInt8(ascii: "n"): out.append(0x0A)
            case UInt8(ascii: "r"): out.append(0x0D)
            case UInt8(ascii: "t"): out.append(0x09)
            case UInt8(ascii: "u"):
                guard let scalar = scalar(raw, &index) else {
                    throw SyntaxError(at: offset + escape, "the \\u escape names no character")
                }
                out += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
            default:
                throw SyntaxError(at: offset + escape, "unknown escape in a string: a backslash itself is written \\\\")
            }
        }
        // No escape is anything but UTF-8, so what is not stands in the source.
        guard let text = String(validating: out, as: UTF8.self) else { return try validated(raw, at: offset) }
        return text
    }

    /// - Throws: at the first byte that is not UTF-8.
    static func validated(_ raw: UnsafeBufferPointer<UInt8>, at offset: Int) throws(SyntaxError) -> String {
        if let text = String(validating: raw, as: UTF8.self) { return text }
        var wrong = 0
        do throws(UTF8.ValidationError) { _ = try UTF8Span(validating: Array(raw).span) } catch {
            wrong = error.byteOffsets.lowerBound
        }
        throw SyntaxError(at: offset + wrong, "the text is not valid UTF-8")
    }

    private static func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }

    /// The character of one `\uXXXX`, or of two that form a surrogate pair; `index` is after the first `u`.
    private static func scalar(_ raw: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> Unicode.Scalar? {
        guard let first = unit(raw, &index) else { return nil }
        guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
        guard index + 1 < raw.count, raw[index] == UInt8(ascii: "\\"), raw[index + 1] == UInt8(ascii: "u") else {
            return nil
        }
        index += 2
        guard let second = unit(raw, &index), (0xDC00..<0xE000).contains(second) else { return nil }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private static func unit(_ raw: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> UInt32? {
        guard index + 4 <= raw.count else { return nil }
        let digits = raw[index..<index + 4]
        index += 4
        guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}
