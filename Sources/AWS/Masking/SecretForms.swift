import Hashing
import JSON

/// The forms in which programs print a value: as it is, hexadecimal and Base64. What is escaped for JSON, a URL or a shell is read
/// without its escapes (``UnescapedText``), so only a second quoting for JSON is a form of its own.
enum SecretForms {
    /// Shorter values are too likely to be found in an encoded text by chance.
    private static let shortestEncoded = 6

    /// All forms of a value, or of one line of it.
    static func all(_ value: String) -> [[UInt8]] {
        let bytes = Array(value.utf8)
        guard !bytes.isEmpty else { return [] }
        let quoted = Array(JSON.string(value).compact.utf8.dropFirst().dropLast())
        return [bytes, quoted] + encoded(value)
    }

    /// The forms that hold it in an encoded text, line ends included.
    static func encoded(_ value: String) -> [[UInt8]] {
        let bytes = Array(value.utf8)
        guard bytes.count >= shortestEncoded else { return [] }
        let hex = Array(Hex.encode(bytes).utf8)
        var forms = [hex, hex.map(upper)]
        for alphabet in ["+/", "-_"] { forms += (0..<3).map { base64(bytes, after: $0, Array(alphabet.utf8)) } }
        return forms.filter { $0.count >= shortestEncoded }
    }

    /// What is the same in a Base64 text whatever is before the value, by a number of bytes, and after it. (RFC 4648.)
    private static func base64(_ bytes: [UInt8], after offset: Int, _ marks: [UInt8]) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8) + marks
        let padded = [UInt8](repeating: 0, count: offset) + bytes
        let first = (offset * 8 + 5) / 6
        let end = padded.count * 8 / 6
        return (first..<max(first, end)).map { index in
            let bit = index * 6
            let high = Int(padded[bit / 8]) << 8
            let low = bit / 8 + 1 < padded.count ? Int(padded[bit / 8 + 1]) : 0
            return alphabet[(high | low) >> (10 - bit % 8) & 63]
        }
    }

    private static func upper(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte) ? byte - 32 : byte
    }
}
