/// Says what is wrong with what is where something else is expected: most mistakes are another language's habits.
enum Misplaced {
    static func message(
        _ bytes: UnsafeBufferPointer<UInt8>, at index: Int, wanted: String, isAfterComma: Bool
    ) -> String {
        guard index < bytes.count else { return "the text ends where \(wanted) is expected" }
        let rest = bytes[index...].prefix(16)
        let closing = rest.first == UInt8(ascii: "}") || rest.first == UInt8(ascii: "]")
        let remark: String? =
            switch rest.first {
            case _ where closing && isAfterComma: "a ',' must not come before '\(Unicode.Scalar(bytes[index]))'"
            case UInt8(ascii: "/"), UInt8(ascii: "#"): "JSON has no comments"
            case UInt8(ascii: "'"): "JSON has double quotes only"
            case UInt8(ascii: "+"): "a number must not begin with '+'"
            case UInt8(ascii: "."): "a number must begin with a digit"
            case UInt8(ascii: "="): "write ':' instead of '='"
            case _ where rest.starts(with: [0xE2, 0x80]): "a plain double quote is \""
            case _ where rest.starts(with: [0xC2, 0xA0]): "this is a no-break space: write a plain one"
            default: wanted == "a value" ? word(rest) : nil
            }
        return "\(wanted) is expected here" + (remark.map { ": \($0)" } ?? "")
    }

    /// Whether a letter, a digit or a `_` goes on what has just been read.
    static func continuesWord(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        index < bytes.count && isOfWord(bytes[index])
    }

    private static func word(_ rest: Slice<UnsafeBufferPointer<UInt8>>) -> String? {
        let word = rest.prefix(while: isOfWord)
        guard !word.isEmpty else { return nil }
        let text = String(decoding: word, as: UTF8.self)
        switch text.lowercased() {
        case "true", "false", "null": return "write \(text.lowercased())"
        case "none", "nil", "undefined": return "write null"
        default: return "a text is in double quotes"
        }
    }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        let character = Character(Unicode.Scalar(byte))
        return byte < 0x80 && (character.isLetter || character.isNumber || character == "_")
    }
}
