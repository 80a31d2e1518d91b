extension Unicode.Scalar {
    /// Whether a terminal, a log viewer or a page obeys or hides this character instead of showing it: control characters
    /// (C0, DEL, C1), line and paragraph separators, bidirectional and other format characters, and what is ignored where
    /// it cannot be shown. Variation selectors only choose between two shapes of a visible character.
    public var isObeyedOrHidden: Bool {
        if isASCII { return value < 0x20 || value == 0x7F }
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: return true
        default: return properties.isDefaultIgnorableCodePoint && !(0xFE00...0xFE0F).contains(value)
        }
    }
}

extension String {
    /// Whether each of its characters is one of the printable characters of ASCII, or a space.
    public var isPlainASCII: Bool { utf8.allSatisfy { (0x20..<0x7F).contains($0) } }

    /// The text with each character that is obeyed or hidden as a visible `\u{…}`, a tab excepted.
    public var visible: String {
        if isPlainASCII { return self }
        var out = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            if scalar.isObeyedOrHidden, scalar != "\t" {
                out.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            } else {
                out.append(scalar)
            }
        }
        return String(out)
    }
}

extension JSON {
    /// The compact text for a terminal or a log: the same value, with what is obeyed or hidden as `\uXXXX`. GitHub's runner
    /// looks for `##[` anywhere in a line, so that is not left either.
    public var printable: String {
        let text = compact
        if text.isPlainASCII, !text.utf8.contains(UInt8(ascii: "#")) { return text }
        var out = String.UnicodeScalarView()
        var before: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            // Outside of strings a compact text is plain ASCII.
            if scalar.isObeyedOrHidden || (scalar == "#" && before == "#") {
                for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
                    let digits = String(unit, radix: 16)
                    out.append(
                        contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".unicodeScalars)
                }
            } else {
                out.append(scalar)
            }
            before = scalar
        }
        return String(out)
    }
}
