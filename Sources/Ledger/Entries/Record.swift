import JSON

/// What the ledger keeps of a step of one kind: an order before the call, a receipt after it. Decoded once, where it enters.
public protocol Record: Sendable, Equatable {
    /// nil for what this release cannot read: nothing is concluded from that.
    init?(_ json: JSON)
    var json: JSON { get }
}

extension JSON: Record {
    public init?(_ json: JSON) { self = json }
    public var json: JSON { self }
}

/// Of a kind that keeps nothing there.
public struct NoRecord: Record {
    public init() {}
    public init?(_ json: JSON) {}
    public var json: JSON { [:] }
}
