/// What resources in their desired state hand to those that depend on them, such as a revision's ARN.
/// A value that is not there yet is nil: the resource above still has to change.
public struct Outputs: Sendable, Equatable {
    private var values: [ResourceID: [String: String]] = [:]

    public init() {}

    public subscript(resource: ResourceID, key: String) -> String? { values[resource]?[key] }

    /// Replaces all outputs of a resource; nil takes them away.
    public mutating func set(_ outputs: [String: String]?, of resource: ResourceID) {
        values[resource] = outputs
    }
}
