/// Facts of one name of one subject, as far as they are sealed.
struct FactGroup: Equatable {
    let key: FactDigest
    var count: Int64 = 0
    /// The newest fact's place and a digest of its value.
    var sequence: Int64 = 0
    var position: Int64 = 0
    var latest = FactDigest.zero
    /// A digest of all of them, in their order.
    var chain = FactDigest.zero

    init(key: FactDigest) { self.key = key }

    /// Takes in the next fact.
    mutating func take(_ sequence: Int64, _ position: Int64, _ value: String) {
        latest = Self.digest([], value)
        // A damaged row may have any number.
        let place = [UInt64(bitPattern: sequence), UInt64(bitPattern: position)]
        chain = Self.digest([chain.high, chain.low] + place + [latest.high, latest.low], "")
        (self.sequence, self.position) = (sequence, position)
        count += 1
    }

    static func digest(_ numbers: [UInt64], _ text: String) -> FactDigest {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(numbers.count * 8 + text.utf8.count)
        for number in numbers { withUnsafeBytes(of: number.littleEndian) { bytes += $0 } }
        bytes += text.utf8
        return bytes.withUnsafeBytes { FactDigest(of: $0) }
    }

    /// How many numbers a group is stored as.
    static let width = 9

    var numbers: [UInt64] {
        [
            key.high, key.low, UInt64(count), UInt64(bitPattern: sequence), UInt64(bitPattern: position), latest.high,
            latest.low, chain.high, chain.low,
        ]
    }

    init(_ numbers: ArraySlice<UInt64>) {
        let first = numbers.startIndex
        key = FactDigest(high: numbers[first], low: numbers[first + 1])
        count = Int64(numbers[first + 2])
        sequence = Int64(numbers[first + 3])
        position = Int64(numbers[first + 4])
        latest = FactDigest(high: numbers[first + 5], low: numbers[first + 6])
        chain = FactDigest(high: numbers[first + 7], low: numbers[first + 8])
    }
}

/// A node of the tree, as the bytes in which it is stored.
enum FactNode {
    case leaf([FactGroup])
    /// The digests of its children; that of an empty tree where there is none.
    case inner([[UInt8]])

    static let capacity = 27
    /// Two to a page of SQLite.
    private static let size = 2_016

    init(_ bytes: [UInt8]) {
        let numbers = bytes.withUnsafeBytes { raw in
            stride(from: 0, to: raw.count, by: 8).map {
                raw.loadUnaligned(fromByteOffset: $0, as: UInt64.self).littleEndian
            }
        }
        guard numbers[0] == 0 else {
            self = .inner((0..<16).map { Array(bytes[8 + $0 * 32..<40 + $0 * 32]) })
            return
        }
        self = .leaf(
            (0..<Int(numbers[1])).map { place in
                let start = 2 + place * FactGroup.width
                return FactGroup(numbers[start..<start + FactGroup.width])
            })
    }

    /// Always as many.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        switch self {
        case .leaf(let groups):
            let numbers = [0, UInt64(groups.count)] + groups.flatMap(\.numbers)
            for number in numbers { withUnsafeBytes(of: number.littleEndian) { bytes += $0 } }
        case .inner(let children):
            withUnsafeBytes(of: UInt64(1).littleEndian) { bytes += $0 }
            bytes += children.joined()
        }
        return bytes + [UInt8](repeating: 0, count: Self.size - bytes.count)
    }
}
