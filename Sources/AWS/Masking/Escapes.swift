/// How a text is written within another one.
enum Escapes {
    /// In a string of JSON, with `\'`, and `\xHH` and `\ooo` for a byte, as in a shell's `$'…'`, too. (RFC 8259, section 7.)
    case json
    /// The same, where `\xHH` is a character: Python's `ascii`.
    case ascii
    /// In a URL. (RFC 3986, section 2.1.)
    case url
    /// The same, where `%HH` is a character of Latin-1.
    case latinURL
    /// In a form, where a plus is a space. (URL Standard, "application/x-www-form-urlencoded".)
    case form
    /// In a word of a shell.
    case shell
    /// In single quotes of a shell, where a backslash is one.
    case shellQuotes
    /// In single quotes of a shell that end for each part in `$'…'`, as GNU programs write them.
    case dollarQuotes
    /// After the character, as in PowerShell and in Windows' command line.
    case after(UInt8)
    /// Twice the character, as in quotes of SQL and CSV, in a format, and in a Compose file. (RFC 4180, section 2.)
    case doubled(UInt8)
    /// In XML and HTML. (XML 1.0, 4.6.)
    case markup
    /// With characters between that show nothing: of no width, or a terminal's colours, as `grep --color` puts them into a match.
    case unseen

    /// What stands for a character that is written by a name we do not know: no byte of UTF-8.
    static let unknown: UInt8 = 0xFF

    static let all: [Escapes] =
        [.json, .ascii, .url, .latinURL, .form, .shell, .shellQuotes, .dollarQuotes, .markup, .unseen]
        + "`^".utf8.map(Escapes.after) + "'\"$%]".utf8.map(Escapes.doubled)

    /// Those that a text may have: most lines have none.
    static func found(in text: [UInt8]) -> [Escapes] {
        var isThere = [Bool](repeating: false, count: 256)
        for byte in text { isThere[Int(byte)] = true }
        return all.filter { escapes in escapes.marks.contains { isThere[Int($0)] } }
    }

    /// A text without these has none of its escapes.
    private var marks: [UInt8] {
        switch self {
        case .json, .ascii: [UInt8(ascii: "\\")]
        case .url, .latinURL: [UInt8(ascii: "%")]
        case .form: [UInt8(ascii: "+")]
        case .shell: [UInt8(ascii: "\\"), UInt8(ascii: "'")]
        case .shellQuotes, .dollarQuotes: [UInt8(ascii: "'")]
        case .after(let character), .doubled(let character): [character]
        case .markup: [UInt8(ascii: "&")]
        case .unseen: Self.ofUnseen
        }
    }

    /// Control characters, and first bytes of characters that show nothing.
    private static let ofUnseen: [UInt8] =
        (0x00...0x1F).filter { $0 != 0x09 } + [0x7F, 0xC2, 0xCD, 0xD8, 0xDC, 0xE0, 0xE1, 0xE2, 0xE3, 0xEF, 0xF0, 0xF3]

    /// What an escape stands for, and its length; nil where there is none.
    func escape(in text: [UInt8], at index: Int) -> (plain: [UInt8], length: Int)? {
        switch self {
        case .json: return Self.json(in: text, at: index)
        case .ascii:
            guard let (plain, length) = Self.json(in: text, at: index) else { return nil }
            return (length == 4 ? Self.latin(plain) : plain, length)
        case .latinURL:
            return Escapes.url.escape(in: text, at: index).map { (Self.latin($0.plain), $0.length) }
        case .form where text[index] == UInt8(ascii: "+"): return ([0x20], 1)
        case .url, .form:
            guard text[index] == UInt8(ascii: "%") else { return nil }
            return Self.number(in: text, at: index + 1, digits: 2).map { ([UInt8($0)], 3) }
        case .shell:
            if let quote = Self.quote(in: text, at: index) { return quote }
            guard text[index] == UInt8(ascii: "\\"), index + 1 < text.count else { return nil }
            return ([text[index + 1]], 2)
        case .shellQuotes: return Self.quote(in: text, at: index)
        case .dollarQuotes: return Self.dollarQuotes(in: text, at: index)
        case .after(let character):
            guard text[index] == character, index + 1 < text.count else { return nil }
            return ([text[index + 1]], 2)
        case .doubled(let character):
            guard text[index] == character, index + 1 < text.count, text[index + 1] == character else { return nil }
            return ([character], 2)
        case .markup: return Self.entity(in: text, at: index)
        case .unseen: return Self.unseen(in: text, at: index).map { ([], $0) }
        }
    }

    /// The length of a character that shows nothing, or of a control sequence. (Unicode, "Default_Ignorable_Code_Point"; ECMA-48, 5.3,
    /// 5.4 and 8.3.)
    private static func unseen(in text: [UInt8], at index: Int) -> Int? {
        let byte = text[index]
        guard byte >= 0x80 || byte < 0x20 || byte == 0x7F else { return nil }
        if byte == 0x1B { return sequence(in: text, at: index) }
        if byte < 0x80 { return byte == 0x09 ? nil : 1 }
        guard let scalar = scalar(in: text, at: index) else { return nil }
        let length = String(scalar).utf8.count
        if scalar.value == 0x9B { return end(ofParameters: index + length, in: text).map { $0 - index } }
        let kind = scalar.properties.generalCategory
        return scalar.properties.isDefaultIgnorableCodePoint || kind == .format || kind == .control ? length : nil
    }

    private static func scalar(in text: [UInt8], at index: Int) -> Unicode.Scalar? {
        var decoder = Unicode.UTF8()
        var bytes = text[index..<min(index + 4, text.count)].makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&bytes) else { return nil }
        return scalar
    }

    /// A sequence that begins with ESC: `ESC [ … m`, `ESC ( B`, and strings up to BEL or `ESC \`, such as a link.
    private static func sequence(in text: [UInt8], at index: Int) -> Int? {
        guard index + 1 < text.count else { return 1 }
        switch text[index + 1] {
        case UInt8(ascii: "["): return end(ofParameters: index + 2, in: text).map { $0 - index }
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"):
            guard let end = text[(index + 2)...].firstIndex(where: { $0 == 0x07 || $0 == 0x1B }) else { return nil }
            return (text[end] == 0x1B ? end + 2 : end + 1) - index
        default:
            let end = text[(index + 1)...].firstIndex { !(0x20..<0x30).contains($0) }
            return end.map { $0 + 1 - index }
        }
    }

    private static func end(ofParameters start: Int, in text: [UInt8]) -> Int? {
        guard start <= text.count else { return nil }
        return text[start...].firstIndex { !(0x20..<0x40).contains($0) }.map { $0 + 1 }
    }

    /// A byte as a character of Latin-1.
    private static func latin(_ plain: [UInt8]) -> [UInt8] {
        plain.count == 1 ? Array(String(Unicode.Scalar(plain[0])).utf8) : plain
    }

    /// A single quote inside single quotes: the shell closes them, adds it, and opens them again.
    private static func quote(in text: [UInt8], at index: Int) -> (plain: [UInt8], length: Int)? {
        for quote in [#"'\''"#, #"'"'"'"#] where text[index...].starts(with: quote.utf8) {
            return ([UInt8(ascii: "'")], quote.utf8.count)
        }
        return nil
    }

    /// `'$'…''` inside single quotes: the shell closes them, adds the part in the middle, and opens them again.
    private static func dollarQuotes(in text: [UInt8], at index: Int) -> (plain: [UInt8], length: Int)? {
        guard text[index...].starts(with: "'$'".utf8) else {
            return text[index...].starts(with: #"'\''"#.utf8) ? ([UInt8(ascii: "'")], 4) : nil
        }
        var plain: [UInt8] = []
        var end = index + 3
        while end < text.count, text[end] != UInt8(ascii: "'") {
            let (part, length) = json(in: text, at: end) ?? ([text[end]], 1)
            plain += part
            end += length
        }
        guard end < text.count else { return (plain, text.count - index) }
        if let quote = quote(in: text, at: end) { return (plain + quote.plain, end + quote.length - index) }
        return (plain, end + (text[end...].starts(with: "''".utf8) ? 2 : 1) - index)
    }

    /// HTML's longest name of a character is `CounterClockwiseContourIntegral`.
    private static let longestEntity = 34

    private static func entity(in text: [UInt8], at index: Int) -> (plain: [UInt8], length: Int)? {
        guard text[index] == UInt8(ascii: "&"),
            let end = text[index...].prefix(longestEntity).firstIndex(of: UInt8(ascii: ";"))
        else { return nil }
        let name = String(decoding: text[index + 1..<end], as: UTF8.self)
        let length = end + 1 - index
        if let character = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"][name] {
            return (Array(character.utf8), length)
        }
        guard name.hasPrefix("#") else {
            let isName =
                !name.isEmpty
                && name.utf8.allSatisfy { Unicode.Scalar($0).properties.isAlphabetic || (0x30..<0x3A).contains($0) }
            return isName ? ([Escapes.unknown], length) : nil
        }
        let digits = name.dropFirst()
        let number = digits.lowercased().hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        guard let scalar = number.flatMap(Unicode.Scalar.init) else { return nil }
        return (Array(String(scalar).utf8), length)
    }

    private static func json(in text: [UInt8], at index: Int) -> (plain: [UInt8], length: Int)? {
        guard text[index] == UInt8(ascii: "\\"), index + 1 < text.count else { return nil }
        switch text[index + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "'"): return ([text[index + 1]], 2)
        case UInt8(ascii: "b"): return ([0x08], 2)
        case UInt8(ascii: "f"): return ([0x0C], 2)
        case UInt8(ascii: "n"): return ([0x0A], 2)
        case UInt8(ascii: "r"): return ([0x0D], 2)
        case UInt8(ascii: "t"): return ([0x09], 2)
        case UInt8(ascii: "e"), UInt8(ascii: "E"): return ([0x1B], 2)
        case UInt8(ascii: "0")...UInt8(ascii: "3"): return octal(in: text, at: index + 1)
        case UInt8(ascii: "x"): return number(in: text, at: index + 2, digits: 2).map { ([UInt8($0)], 4) }
        case UInt8(ascii: "u"): return unit(in: text, at: index).flatMap { character($0, in: text, at: index) }
        default: return nil
        }
    }

    /// A character by its number, or by the two halves that UTF-16 makes of it.
    private static func character(_ unit: UInt32, in text: [UInt8], at index: Int) -> (plain: [UInt8], length: Int)? {
        if let scalar = Unicode.Scalar(unit) { return (Array(String(scalar).utf8), 6) }
        guard (0xD800..<0xDC00).contains(unit), let low = Self.unit(in: text, at: index + 6),
            (0xDC00..<0xE000).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        else { return nil }
        return (Array(String(scalar).utf8), 12)
    }

    private static func unit(in text: [UInt8], at index: Int) -> UInt32? {
        guard index + 1 < text.count, text[index] == UInt8(ascii: "\\"), text[index + 1] == UInt8(ascii: "u") else {
            return nil
        }
        return number(in: text, at: index + 2, digits: 4)
    }

    private static func octal(in text: [UInt8], at index: Int) -> (plain: [UInt8], length: Int)? {
        let digits = String(decoding: text[index...].prefix(3), as: UTF8.self)
        guard digits.utf8.count == 3, let number = UInt8(digits, radix: 8) else { return nil }
        return ([number], 4)
    }

    private static func number(in text: [UInt8], at index: Int, digits count: Int) -> UInt32? {
        guard index + count <= text.count else { return nil }
        let digits = text[index..<index + count]
        guard digits.allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }) else { return nil }
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}
