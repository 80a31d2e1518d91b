/// Hands out loopback addresses `127.77.x.y`, one per task, round robin, so that an address rests before it is used again.
struct AddressPool: Sendable, Equatable {
    /// x and y from 1 to 254.
    static let size = 254 * 254

    /// The next one to try.
    private var next: Int
    var position: Int { next }

    /// - Parameter start: where to begin, so that two sandboxes on one machine rarely meet.
    init(start: Int) { next = start % Self.size }

    /// An address that is not `inUse`; nil when all are.
    mutating func take(inUse: Set<String>) -> String? {
        for _ in 0..<Self.size {
            let address = "127.77.\(next / 254 + 1).\(next % 254 + 1)"
            next = (next + 1) % Self.size
            if !inUse.contains(address) { return address }
        }
        return nil
    }
}
