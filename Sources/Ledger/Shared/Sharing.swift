import Hashing

/// What is shared of a ledger beyond its entries.
struct Sharing: Sendable {
    let store: any ObjectStore
    let entropy: @Sendable (Int) -> [UInt8]

    /// 32 digits, new each time.
    var random: @Sendable () -> String { { Hex.encode(entropy(16)) } }
}
