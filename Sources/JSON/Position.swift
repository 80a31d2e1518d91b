/// A line and a column, both counted from 1; columns count characters as Unicode scalars.
public struct Position: Sendable, Hashable, CustomStringConvertible {
    public let line: Int
    public let column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// The position of the byte at `offset` of `source`; past the end counts as the end.
    public init(of offset: Int, in source: [UInt8]) {
        var finder = PositionFinder(source)
        self = finder.position(of: offset)
    }

    public var description: String { "\(line):\(column)" }
}

/// Finds the positions of many bytes of one source. Asked in the order of the source, it goes through it once.
public struct PositionFinder: Sendable {
    private let source: [UInt8]
    private let start: Int
    private var offset: Int
    private var line = 1
    private var column = 1

    public init(_ source: [UInt8]) {
        self.source = source
        // No editor shows a byte order mark, so it is not counted.
        start = source.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        offset = start
    }

    public mutating func position(of wanted: Int) -> Position {
        if wanted < offset { (offset, line, column) = (start, 1, 1) }
        let end = min(wanted, source.count)
        source.withUnsafeBufferPointer { source in
            while offset < end {
                let byte = source[offset]
                if byte == UInt8(ascii: "\n") {
                    line += 1
                    column = 1
                } else if byte & 0xC0 != 0x80 {
                    column += 1
                }
                offset += 1
            }
        }
        return Position(line: line, column: column)
    }
}
