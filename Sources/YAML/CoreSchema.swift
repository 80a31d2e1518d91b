import JSON

/// What plain text means: YAML 1.2's core schema, without octal and hexadecimal numbers and leading zeros.
enum CoreSchema {
    /// - Throws: where the text means a number that JSON cannot express.
    static func content(of text: String, at offset: Int) throws(SyntaxError) -> Node.Content {
        switch text {
        case "null", "Null", "NULL", "~": return .scalar(.null)
        case "true", "True", "TRUE": return .scalar(.bool(true))
        case "false", "False", "FALSE": return .scalar(.bool(false))
        case ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF":
            throw SyntaxError(at: offset, "JSON has no number \(text): quote it if it is meant as text")
        default: break
        }
        switch notation(of: text) {
        case nil: return .string(text)
        case .integer:
            if let integer = Int(text) { return .scalar(.integer(integer)) }
            fallthrough
        case .fraction:
            // What Int cannot hold becomes a double, as in JSON.
            guard let double = Double(text), double.isFinite else {
                throw SyntaxError(at: offset, "this number is out of range: quote it if it is meant as text")
            }
            return .scalar(.double(double))
        }
    }

    private enum Notation { case integer, fraction }

    /// How the text writes a number; nil where it is none.
    private static func notation(of text: String) -> Notation? {
        var rest = text.utf8[...]
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        let whole = removeDigits(from: &rest)
        guard !whole.starts(with: "0".utf8) || whole.count == 1 else { return nil }
        if rest.isEmpty { return whole.isEmpty ? nil : .integer }
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            let fraction = removeDigits(from: &rest)
            guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        } else if whole.isEmpty {
            return nil
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest.removeFirst()
            if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
            guard !removeDigits(from: &rest).isEmpty else { return nil }
        }
        return rest.isEmpty ? .fraction : nil
    }

    private static func removeDigits(from rest: inout Substring.UTF8View) -> Substring.UTF8View {
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        rest = rest[digits.endIndex...]
        return digits
    }
}
