import Base

/// The resources of one manifest in an order in which each is after all that it depends on.
public struct Graph: Sendable {
    public let resources: [any Resource]

    /// - Parameter resources: any order; among independent ones that order is kept.
    /// - Throws: ``Failure`` with code `invariant-broken` for a dependency that is not there, a name that is listed twice, or a
    ///   circle: the assembly of a manifest never makes these.
    public init(_ resources: [any Resource]) throws(Failure) {
        var byID: [ResourceID: any Resource] = [:]
        for resource in resources where byID.updateValue(resource, forKey: resource.id) != nil {
            throw .broken("\(resource.id) is in the graph twice")
        }
        var done: Set<ResourceID> = []
        var ordered: [any Resource] = []
        var left = resources
        while !left.isEmpty {
            guard let index = left.firstIndex(where: { $0.dependencies.allSatisfy(done.contains) }) else {
                throw .broken("\(left[0].id) waits for something that is missing or waits for it")
            }
            let next = left.remove(at: index)
            done.insert(next.id)
            ordered.append(next)
        }
        self.resources = ordered
    }

    subscript(id: ResourceID) -> (any Resource)? { resources.first { $0.id == id } }
}
