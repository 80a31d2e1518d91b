/// What happened, line by line, and a hash of it: the same seed must give the same trace in every process.
public struct Trace: Sendable {
    /// FNV-1a, 64 bits.
    public private(set) var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    public private(set) var lines: [String] = []
    private let keepsLines: Bool

    init(keepsLines: Bool) { self.keepsLines = keepsLines }

    mutating func note(_ line: @autoclosure () -> String) {
        let line = line()
        for byte in line.utf8 {
            hash ^= UInt64(byte)
            hash &*= 0x0000_0100_0000_01b3
        }
        if keepsLines { lines.append(line) }
    }
}

/// How often something happened: a fault that never struck and a branch that was never taken prove nothing.
public struct Tally: Sendable, Equatable {
    public private(set) var counts: [String: Int] = [:]

    public init() {}

    public subscript(name: String) -> Int { counts[name] ?? 0 }

    mutating func count(_ name: String, _ number: Int = 1) { counts[name, default: 0] += number }

    public mutating func add(_ other: Tally) {
        for (name, number) in other.counts { count(name, number) }
    }
}
