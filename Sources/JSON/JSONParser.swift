/// Reads strict JSON (RFC 8259): no trailing commas, no comments, no text after the value, depth at most 512.
///
/// One grammar serves two kinds of tree: answers of AWS become ``JSON``, manifests become ``Node`` with places.
struct JSONParser<Builder: TreeBuilder> {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0
    private var depth = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func document() throws(SyntaxError) -> Builder.Tree {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
        skipSpace()
        guard index < bytes.count else { throw SyntaxError(at: index, "the text is empty") }
        let tree = try value()
        skipSpace()
        guard index == bytes.count else { throw SyntaxError(at: index, "text after the end of the value") }
        return tree
    }

    private mutating func value() throws(SyntaxError) -> Builder.Tree {
        guard index < bytes.count else { throw missing("a value") }
        let start = index
        switch bytes[index] {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return Builder.scalar(.string(try string()), at: start)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return Builder.scalar(try number(), at: start)
        default: return Builder.scalar(try word(), at: start)
        }
    }

    private mutating func object() throws(SyntaxError) -> Builder.Tree {
        let start = index
        try enter()
        var members: [(key: String, keyOffset: Int, value: Builder.Tree)] = []
        skipSpace()
        if !skip("}") {
            repeat {
                skipSpace()
                let keyOffset = index
                guard peek("\"") else { throw missing("a key in double quotes", isAfterComma: !members.isEmpty) }
                let key = try string()
                skipSpace()
                guard skip(":") else { throw missing("':' after the key") }
                skipSpace()
                members.append((key, keyOffset, try value()))
                skipSpace()
            } while skip(",")
            guard skip("}") else { throw missing("',' or '}'") }
        }
        depth -= 1
        return try Builder.object(members, at: start)
    }

    private mutating func array() throws(SyntaxError) -> Builder.Tree {
        let start = index
        try enter()
        var elements: [Builder.Tree] = []
        skipSpace()
        if !skip("]") {
            repeat {
                skipSpace()
                guard !peek("]") else { throw missing("a value", isAfterComma: !elements.isEmpty) }
                elements.append(try value())
                skipSpace()
            } while skip(",")
            guard skip("]") else { throw missing("',' or ']'") }
        }
        depth -= 1
        return Builder.array(elements, at: start)
    }

    private mutating func enter() throws(SyntaxError) {
        depth += 1
        guard depth <= 512 else { throw SyntaxError(at: index, "nested deeper than 512 levels") }
        index += 1
    }

    private mutating func word() throws(SyntaxError) -> JSON {
        for (text, value) in [("true", JSON.bool(true)), ("false", .bool(false)), ("null", .null)]
        where bytes[index...].starts(with: text.utf8) {
            index += text.utf8.count
            return value
        }
        throw missing("a value")
    }

    private mutating func number() throws(SyntaxError) -> JSON {
        let start = index
        _ = skip("-")
        let leading = index
        try digits()
        if bytes[leading] == UInt8(ascii: "0"), index > leading + 1 {
            throw SyntaxError(at: leading, "a number must not begin with 0: quote it if it is meant as text")
        }
        var isWhole = true
        if skip(".") {
            isWhole = false
            try digits()
        }
        if skip("e") || skip("E") {
            isWhole = false
            if !skip("+") { _ = skip("-") }
            try digits()
        }
        guard !Misplaced.continuesWord(bytes, at: index) else {
            throw SyntaxError(at: start, "this is not a JSON number: quote it if it is meant as text")
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isWhole, let integer = Int(text) { return .integer(integer) }
        guard let double = Double(text), double.isFinite else {
            throw SyntaxError(at: start, "the number \(text) is out of range")
        }
        return .double(double)
    }

    private mutating func digits() throws(SyntaxError) {
        let start = index
        while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) { index += 1 }
        guard index > start else { throw SyntaxError(at: index, "a digit is expected here") }
    }

    private mutating func string() throws(SyntaxError) -> String {
        index += 1
        let end = try JSONString.end(in: bytes, from: index)
        defer { index = end.quote + 1 }
        let raw = UnsafeBufferPointer(rebasing: bytes[index..<end.quote])
        guard end.isPlain else { return try JSONString.unescape(raw, at: index) }
        return try JSONString.validated(raw, at: index)
    }

    private func missing(_ what: String, isAfterComma: Bool = false) -> SyntaxError {
        SyntaxError(at: index, Misplaced.message(bytes, at: index, wanted: what, isAfterComma: isAfterComma))
    }

    private mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return
            }
        }
    }

    private func peek(_ character: Unicode.Scalar) -> Bool {
        index < bytes.count && bytes[index] == UInt8(ascii: character)
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard peek(character) else { return false }
        index += 1
        return true
    }
}

/// What the parser builds: the one grammar's two kinds of tree.
protocol TreeBuilder {
    associatedtype Tree
    static func scalar(_ value: JSON, at offset: Int) -> Tree
    static func array(_ elements: [Tree], at offset: Int) -> Tree
    static func object(
        _ members: [(key: String, keyOffset: Int, value: Tree)], at offset: Int
    ) throws(SyntaxError) -> Tree
}
