import Base
import Reconciler

extension SchemaHistory {
    /// A database of the same name in another cluster.
    struct Namesake: Sendable, Equatable {
        let cluster: String
        let version: String
    }

    /// The one that the ledger knows best; nil if it knows none.
    ///
    /// A cluster that was renamed or replaced looks like a new one, and its database like one that was never migrated.
    func namesake(in context: Context) async throws(Failure) -> Namesake? {
        var found: Namesake?
        for other in try await context.ledger.subjects(beginningWith: "\(Kind.schema)/") where other != subject {
            let parts = other.split(separator: "/")
            guard parts.count > 2, parts[parts.count - 1] == spec.database else { continue }
            let versions = try await context.ledger.facts(of: other) { facts in
                Versions.without(try facts.all(other, FactName.undone), in: try facts.all(other, FactName.version))
            }
            guard let last = versions.last else { continue }
            found = Namesake(cluster: String(parts[parts.count - 2]), version: last)
        }
        return found
    }
}
