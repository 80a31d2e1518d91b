/// A value bound to a statement, in one of SQLite's storage classes.
public enum Value: Sendable, Equatable {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByNilLiteral {
    public init(stringLiteral value: String) { self = .text(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(nilLiteral: ()) { self = .null }

    /// NULL for nil, so that an optional column needs no branch at the call.
    public init(_ text: String?) { self = text.map(Value.text) ?? .null }
    public init(_ integer: Int64?) { self = integer.map(Value.integer) ?? .null }
}
