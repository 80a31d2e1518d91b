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
            if let failure = ServiceSupport.failure(current, count: nil, of: resource.id) { throw failure }
            guard !current.isAbsent, current.primary != nil else {
                throw Failure(
                    .serviceMissing, "\(spec.name) runs nothing that could be restarted", of: resource.id,
                    hint: "apply it first: reconcile apply MANIFEST")
            }
            // One after another: what fails in the first one is not done to the next.
            resources.append(ServiceRestart(resource, after: resources.last?.id))
        }
        return try Graph(resources)
    }
}
