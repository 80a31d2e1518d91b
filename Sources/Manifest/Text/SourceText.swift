import Base
import JSON
import YAML

/// A source that was read, for telling places in it.
struct SourceText: Sendable {
    let path: String
    let bytes: [UInt8]

    private var isYAML: Bool {
        let name = path.lowercased()
        return name.hasSuffix(".yaml") || name.hasSuffix(".yml")
    }

    /// Reads the text as YAML where the file's name says so, else as JSON.
    func parse() throws(SyntaxError) -> Node {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw SyntaxError(at: 0, "the file is UTF-16: save it as UTF-8")
        }
        return isYAML ? try Node.parse(yaml: bytes) : try Node.parse(bytes)
    }

    func problem(_ error: SyntaxError) -> Problem {
        let isFirst = bytes.prefix(error.offset).allSatisfy { $0 <= 0x20 }
        let beginsLikeYAML = bytes.dropFirst(error.offset).first.map { Self.isOfWord($0) || $0 == UInt8(ascii: "#") }
        return Problem(
            file: path, position: Position(of: error.offset, in: bytes), message: error.message,
            hint: !isYAML && isFirst && beginsLikeYAML == true
                ? "YAML is read from files whose names end in .yaml or .yml" : nil)
    }

    /// `file:line:column`
    func place(of offset: Int) -> String { "\(path):\(Position(of: offset, in: bytes))" }

    /// The number or the word that begins here, as it is written.
    func word(at offset: Int) -> String {
        String(decoding: bytes.dropFirst(offset).prefix(64).prefix(while: Self.isOfWord), as: UTF8.self)
    }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: "+-._~".utf8.contains(byte)
        }
    }
}
