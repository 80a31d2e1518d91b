import Hashing

/// Sixteen bytes of SHA-256, as two numbers.
struct FactDigest: Hashable {
    var high: UInt64
    var low: UInt64

    static let zero = FactDigest(high: 0, low: 0)

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    init(of bytes: UnsafeRawBufferPointer) {
        let digest = SHA256.hash(bytes)
        (high, low) = digest.withUnsafeBytes {
            (
                $0.loadUnaligned(as: UInt64.self).bigEndian,
                $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self).bigEndian
            )
        }
    }
}
