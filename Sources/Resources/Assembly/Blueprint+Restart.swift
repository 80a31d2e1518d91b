import Base
import Ledger
import Manifest
import Reconciler

/// Restarts of services as resources.
extension Blueprint {
    /// - Parameter names: the services; all of the manifest if none is named.
    /// - Throws: ``Failure`` with code `settings-missing` for a name that the manifest does not have, `service-missing` for a
    ///   service that does not exist.
    func restarts(of names: [String]) async throws(Failure) -> Graph {
        if let other = names.first(where: { !access.serviceNames.contains($0) }) {
            throw Failure(
                .settingsMissing, "the manifest has no service \(other)", of: ResourceID(Kind.service, other),
                hint: "it has: \(access.serviceNames.joined(separator: ", "))")
        }
        var resources: [any Resource] = []
        for spec in manifest.services where names.isEmpty || names.contains(spec.name) {
            let resource = service(spec, after: nil)
            let current = try await access.services.known(spec.name)
            guard !current.isAbsent, let primary = current.primary else {
                throw Failure(
                    .serviceMissing, "\(spec.name) runs nothing that could be restarted", of: resource.id,
                    hint: "apply it first: reconcile apply MANIFEST")
            }
            // A restart of an earlier command is watched to its end and not sent again.
            let steps = try await access.ledger.openIntents(of: [resource.id], environment: manifest.environment)
            let open = steps.last { $0.subject == resource.subject && $0.action == .restart }
            let before = open.flatMap { UpdateOrder($0.order)?.instead } ?? primary.id
            resources.append(ServiceRestart(service: resource, before: before))
        }
        return try Graph(resources)
    }
}
