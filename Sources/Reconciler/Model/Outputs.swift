import Base

/// What resources in their desired state hand to those that depend on them, such as a revision's ARN.
public struct Outputs: Sendable {
    private var values: [ResourceID: AnyOutput] = [:]
    private var expectations: [ResourceID: AnyOutput] = [:]

    /// nil while the resource still has to change.
    public subscript<Output>(dependency: Dependency<Output>) -> Output? { values[dependency.id]?.value as? Output }

    /// The same, or what is known of it before the resource has changed: enough to refuse by, nothing to act on.
    public func expected<Output>(_ dependency: Dependency<Output>) -> Output? {
        self[dependency] ?? expectations[dependency.id]?.value as? Output
    }

    /// Replaces the output of a resource; nil takes it away.
    mutating func set(_ output: AnyOutput?, of resource: ResourceID) { values[resource] = output }

    mutating func expect(_ output: AnyOutput?, of resource: ResourceID) { expectations[resource] = output }
}

/// A resource that another one depends on, and what it hands on.
public struct Dependency<Output: Sendable & Equatable>: Sendable, Hashable {
    public let id: ResourceID

    public init(_ id: ResourceID) { self.id = id }
}

/// An output whose kind is forgotten.
public struct AnyOutput: Sendable {
    let value: any Sendable

    public init(_ value: some Sendable) { self.value = value }
}
