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
        var string = string
        string.withUTF8 { quote(UnsafeRawBufferPointer($0), to: &out) }
    }

    /// Writes a string whose UTF-8 bytes are at hand as it stands in a canonical text, with its quotes.
    public static func quote(_ text: UnsafeRawBufferPointer, to out: inout [UInt8]) {
        // Each byte has room for its longest escape: chains of thousands of entries are digested through this.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: text.count * 6 + 2) { room in
            var end = 0
            func put(_ byte: UInt8) {
                room[end] = byte
                end += 1
            }
            put(UInt8(ascii: "\""))
            for byte in text {
                guard byte < 0x20 || byte == 0x22 || byte == 0x5C || byte == 0x7F else {
                    put(byte)
                    continue
                }
                put(UInt8(ascii: "\\"))
                escape(byte, put)
            }
            put(UInt8(ascii: "\""))
            out += UnsafeBufferPointer(rebasing: room[..<end])
        }
    }

    /// What follows the backslash.
    private static func escape(_ byte: UInt8, _ put: (UInt8) -> Void) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): put(byte)
        case 0x0A: put(UInt8(ascii: "n"))
        case 0x0D: put(UInt8(ascii: "r"))
        case 0x09: put(UInt8(ascii: "t"))
        default:
            "u00".utf8.forEach(put)
            for digit in [byte >> 4, byte & 15] { put(digit + (digit < 10 ? 0x30 : 0x57)) }
        }
    }
}

extension String {
    /// The order of UTF-8 bytes: the same on every machine, and for every pair of unequal byte sequences decided.
    public func precedes(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }
}
