import Base
import Manifest
import Reconciler

/// What a person may decide of a manifest's resources.
extension Lowering {
    /// - Returns: the resource, and what is locked while something of it is decided.
    /// - Throws: ``Failure`` with code `nothing-open` where the manifest has no such resource.
    public func decidable(_ id: ResourceID) async throws(Failure) -> (resource: AnyDecidable, locks: [String]) {
        if id.kind == Kind.command { return try await command(id) }
        let lowered = try await rereading { (lowering) throws(Failure) in
            try await lowering.lowered(lowering.readers())
        }
        let resources = lowered.graph.resources.compactMap(\.decidable)
        guard let resource = resources.first(where: { $0.id == id }) else {
            throw Failure(
                .nothingOpen, "the manifest has no \(id)", of: id,
                hint: "it has: \(resources.map(\.id.description).joined(separator: ", "))")
        }
        return (resource, lowered.locks)
    }

    /// A command has no place in the manifest: what is known of it is the service that it ran for.
    private func command(_ id: ResourceID) async throws(Failure) -> (resource: AnyDecidable, locks: [String]) {
        let readers = readers()
        let clusterARN = try await readers.services.known(manifest.services[0].name).clusterARN
        let tasks = OneOffTasks(
            id: id, cluster: manifest.cluster, service: manifest.services[0].name, launch: .empty,
            taskRoleARN: nil, services: readers.services, definitions: readers.definitions, client: clients.ecs)
        let command = StartedCommand(subject: Subject.command(id.name, clusterARN), tasks: tasks)
        return (AnyDecidable(command), locks(clusterARN))
    }
}
