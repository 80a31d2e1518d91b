extension JSON {
    /// One line, members in their own order.
    public var compact: String { write(sorted: false) }

    /// One line, members sorted by their keys' UTF-8 bytes, whole numbers without a fraction: two values that mean the
    /// same have the same canonical text, whatever the order in which they were written. What is digested is this.
    public var canonical: String { write(sorted: true) }

    private func write(sorted: Bool) -> String {
        var out: [UInt8] = []
        append(to: &out, sorted: sorted)
        return String(decoding: out, as: UTF8.self)
    }

    private func append(to out: inout [UInt8], sorted: Bool) {
        switch self {
        case .null: out += "null".utf8
        case .bool(let bool): out += (bool ? "true" : "false").utf8
        case .integer(let integer): out += String(integer).utf8
        case .double(let double): out += Self.text(of: double).utf8
        case .string(let string): Self.append(string, to: &out)
        case .array(let elements):
            out.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                element.append(to: &out, sorted: sorted)
            }
            out.append(UInt8(ascii: "]"))
        case .object(let object):
            let members = sorted ? object.members.sorted { $0.key.precedes($1.key) } : object.members
            out.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                Self.append(member.key, to: &out)
                out.append(UInt8(ascii: ":"))
                member.value.append(to: &out, sorted: sorted)
            }
            out.append(UInt8(ascii: "}"))
        }
    }

    /// The shortest text that reads back as the same number; JSON has no infinities, so those become null.
    private static func text(of double: Double) -> String {
        guard double.isFinite else { return "null" }
        if let whole = Int(exactly: double), abs(double) < 9_007_199_254_740_992 { return String(whole) }
        return double.description
    }

    private static func append(_ string: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        defer { out.append(UInt8(ascii: "\"")) }
        // Most texts hold nothing that must be escaped, and go over in one piece.
        if string.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C && $0 != 0x7F }) {
            out += string.utf8
            return
        }
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""): out += #"\""#.utf8
            case UInt8(ascii: "\\"): out += #"\\"#.utf8
            case 0x0A: out += #"\n"#.utf8
            case 0x0D: out += #"\r"#.utf8
            case 0x09: out += #"\t"#.utf8
            case 0..<0x20, 0x7F:
                let digits = Array("0123456789abcdef".utf8)
                out += #"\u00"#.utf8
                out += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: out.append(byte)
            }
        }
    }
}

extension String {
    /// The order of UTF-8 bytes: the same on every machine, and for every pair of unequal byte sequences decided.
    public func precedes(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }
}
