import JSON

/// The name of one thing kept in its desired state: a kind and a name, written `service/web`.
public struct ResourceID: Sendable, Hashable, Comparable, CustomStringConvertible, JSONValue {
    public let kind: String
    public let name: String

    public init(_ kind: String, _ name: String) {
        self.kind = kind
        self.name = name
    }

    /// Reads `kind/name`; nil where either is missing.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        self.init(String(parts[0]), String(parts[1]))
    }

    public var description: String { "\(kind)/\(name)" }
    public var json: JSON { .string(description) }

    public static func < (left: ResourceID, right: ResourceID) -> Bool {
        left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }
}

/// The kinds of resources, as their names begin.
public enum Kind {
    public static let schema = "schema"
    public static let service = "service"
    public static let command = "command"
    /// What starts tasks besides services: compared, and never changed.
    public static let starters = "schedules"
    public static let schedule = "schedule"
}
