import SQLite

/// What a set of facts comes to, whatever their order: the sum of their digests. Two sets that differ have different sums.
struct FactTally: Equatable {
    private(set) var count = 0
    private var sum = FactDigest.zero
    private var bytes: [UInt8] = []

    static func == (left: FactTally, right: FactTally) -> Bool { left.count == right.count && left.sum == right.sum }

    mutating func add(_ placed: LedgerTail.Placed) {
        begin(placed.sequence, placed.position)
        for var text in [placed.fact.subject, placed.fact.name, placed.fact.value] {
            text.withUTF8 { take(UnsafeRawBufferPointer($0)) }
        }
        end()
    }

    /// - Parameter row: subject, name, value, sequence, position.
    mutating func add(_ row: Statement) {
        begin(row.integer(3), row.integer(4))
        for column in Int32(0)..<3 { row.withBytes(column) { take($0) } }
        end()
    }

    private mutating func begin(_ numbers: Int64...) {
        bytes.removeAll(keepingCapacity: true)
        for number in numbers { withUnsafeBytes(of: number.littleEndian) { bytes += $0 } }
    }

    /// With its length before it, so that no two facts have the same bytes.
    private mutating func take(_ text: UnsafeRawBufferPointer) {
        withUnsafeBytes(of: Int64(text.count).littleEndian) { bytes += $0 }
        bytes += text
    }

    private mutating func end() {
        let digest = bytes.withUnsafeBytes { FactDigest(of: $0) }
        sum.low &+= digest.low
        sum.high &+= digest.high
        count += 1
    }
}
