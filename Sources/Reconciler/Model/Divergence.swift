import Base

/// Who made the difference between what is and what is wanted.
public enum Mover: String, Sendable {
    /// What is wanted changed since the last apply.
    case manifest
    /// Someone changed AWS, the registry or the database since the last apply.
    case world
    case both

    /// Three ways: what was applied last, what is, what is wanted.
    ///
    /// Without a last apply no one can have moved away from it: what is wanted is new then.
    public static func of<State: Equatable>(applied: State?, observed: State, desired: State) -> Mover {
        guard let applied, observed != applied else { return .manifest }
        return desired == applied ? .world : .both
    }
}

/// One way in which a resource differs from what is wanted.
public struct Divergence: Sendable, Equatable {
    public var moved: Mover
    public var reason: String
    public var fields: [FieldChange]
    /// Who moved the world, where AWS tells.
    public var actor: String?

    public init(_ moved: Mover, _ reason: String, fields: [FieldChange] = [], actor: String? = nil) {
        self.moved = moved
        self.reason = reason
        self.fields = fields
        self.actor = actor
    }
}

/// All differences of one environment, in the order of its resources.
public struct Drift: Sendable, Equatable {
    public struct Item: Sendable, Equatable {
        public let resource: ResourceID
        public let divergence: Divergence
    }

    public let items: [Item]

    public var isInSync: Bool { items.isEmpty }
}
