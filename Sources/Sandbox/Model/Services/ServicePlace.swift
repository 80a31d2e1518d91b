import JSON

/// Where a service is.
struct ServicePlace: Sendable, Hashable, Comparable {
    let cluster: String
    let name: String

    static func < (left: ServicePlace, right: ServicePlace) -> Bool {
        left.cluster == right.cluster ? left.name.precedes(right.name) : left.cluster.precedes(right.cluster)
    }
}
