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
