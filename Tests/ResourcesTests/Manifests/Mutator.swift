import Support

/// Damages texts in the ways in which editors, merges, transfers and templates do, and in some that nothing does.
struct Mutator {
    private var random: SplitMix64
    /// What a text may take pieces of.
    let donors: [[UInt8]]

    init(seed: UInt64, donors: [[UInt8]]) {
        random = SplitMix64(seed: seed)
        self.donors = donors
    }

    static let kinds = 12

    /// What has a meaning in JSON, in YAML or in a variable.
    private static let structure =
        ["{", "}", "[", "]", ":", ",", "\"", "'", "\\", "\n", "\t", " ", "-", "#", "&a ", "*a"]
        + ["!", "|", ">", "%", "@", "`", "? ", "<<: ", "---\n", "...\n", "${", "}", "$${", "${env:", "/*", "//", "\r"]
    private static let characters = [
        "\u{FEFF}", "\u{2028}", "é", "e\u{301}", "😀", "\u{202E}", "\u{A0}", "\u{0}", "\u{7F}", "\u{85}",
    ]
    private static let values = [
        "null", "true", "no", "~", "0", "-1", "1.5", "1e999", "-0", "0o17", "0x1F", "1_000", "9223372036854775808",
        "\"\"",
        "[]", "{}", "\"${env:COUNT}\"", "\"${var:nope}\"", "\"0s\"", "\"\\ud83d\"", ".inf", "|", "[[[[[[[[", "{\"a\":",
    ]

    /// One to three mutations of a text, and the kinds that they were.
    mutating func mutate(_ original: [UInt8]) -> (bytes: [UInt8], kinds: [Int]) {
        var bytes = original
        let kinds = (0...random.below(3)).map { _ in random.below(Self.kinds) }
        for kind in kinds { mutate(&bytes, kind) }
        return (bytes, kinds)
    }

    private mutating func mutate(_ bytes: inout [UInt8], _ kind: Int) {
        let slice = slice(of: bytes)
        switch kind {
        case 0: if let at = index(in: bytes) { bytes[at] ^= 1 << UInt8(random.below(8)) }
        case 1: if let at = index(in: bytes) { bytes[at] = UInt8(random.below(256)) }
        case 2: bytes.removeSubrange(slice)
        case 3: if let at = index(in: bytes) { bytes.remove(at: at) }
        case 4: bytes.insert(contentsOf: pick(Self.structure).utf8, at: slice.lowerBound)
        case 5: bytes.insert(contentsOf: bytes[slice], at: slice.upperBound)
        case 6: bytes.removeSubrange(slice.upperBound...)
        case 7: swap(&bytes)
        case 8: bytes.insert(contentsOf: pick(Self.characters).utf8, at: slice.lowerBound)
        case 9:
            let donor = donors[random.below(donors.count)]
            bytes.replaceSubrange(slice, with: donor[self.slice(of: donor)])
        case 10: if let word = word(in: bytes) { bytes.replaceSubrange(word, with: pick(Self.values).utf8) }
        default:
            bytes.insert(
                contentsOf: [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF5, 0x80]][random.below(4)], at: slice.lowerBound)
        }
    }

    private mutating func pick(_ texts: [String]) -> String { texts[random.below(texts.count)] }

    private mutating func index(in bytes: [UInt8]) -> Int? { bytes.isEmpty ? nil : random.below(bytes.count) }

    private mutating func slice(of bytes: [UInt8]) -> Range<Int> {
        let start = random.below(bytes.count + 1)
        return start..<min(bytes.count, start + random.below(40))
    }

    /// Exchanges two values of a text.
    private mutating func swap(_ bytes: inout [UInt8]) {
        guard let one = word(in: bytes), let other = word(in: bytes), one.upperBound <= other.lowerBound else { return }
        let (first, second) = (bytes[one], bytes[other])
        bytes.replaceSubrange(other, with: first)
        bytes.replaceSubrange(one, with: second)
    }

    /// A word or a text in quotes.
    private mutating func word(in bytes: [UInt8]) -> Range<Int>? {
        let isOfWord: (UInt8) -> Bool = { byte in !"{}[]:, \n\"'".utf8.contains(byte) }
        guard var start = index(in: bytes), isOfWord(bytes[start]) else { return nil }
        var end = start + 1
        while start > 0, isOfWord(bytes[start - 1]) { start -= 1 }
        while end < bytes.count, isOfWord(bytes[end]) { end += 1 }
        let isQuoted =
            start > 0 && end < bytes.count && bytes[start - 1] == bytes[end] && bytes[end] == UInt8(ascii: "\"")
        return isQuoted ? (start - 1)..<(end + 1) : start..<end
    }
}
