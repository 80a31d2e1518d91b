/// Cuts a stream of bytes into lines. Invalid UTF-8 is repaired; a line that is too long is cut, as log drivers do.
struct LineSplitter: Sendable {
    private var rest: [UInt8] = []

    /// The log driver of container engines cuts at 16 KiB.
    private static let longest = 16_384

    /// - Returns: the lines that have ended, without their ends.
    mutating func add(_ bytes: [UInt8]) -> [String] {
        var lines: [String] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                lines.append(take())
            } else {
                rest.append(byte)
                if rest.count >= Self.longest { lines.append(take()) }
            }
        }
        return lines
    }

    /// What is after the last line end.
    mutating func finish() -> [String] { rest.isEmpty ? [] : [take()] }

    private mutating func take() -> String {
        if rest.last == UInt8(ascii: "\r") { rest.removeLast() }
        defer { rest = [] }
        return String(decoding: rest, as: UTF8.self)
    }
}
