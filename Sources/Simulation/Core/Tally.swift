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
