import AWS
import Base
import Reconciler

/// The desired count, as far as it is the manifest's to decide.
extension ServiceResource {
    /// Asks AWS only if the count is not as declared, and if the service can be moved at all.
    func owner(of service: ECSService, in context: Context) async throws(Failure) -> CountOwner {
        guard let declared = spec.desiredCount, declared != service.desiredCount,
            ServiceSupport.failure(service, count: declared, of: id) == nil
        else { return .manifest(nil) }
        return CountOwner(service.desiredCount, try await access.scaling.finding(of: spec.name, for: id, in: context))
    }

    /// The count that an update sets; nil if it is as declared already, or not the manifest's to decide.
    func count(for state: State) -> Int? {
        guard let declared = spec.desiredCount, declared != state.service.desiredCount, state.owner.isManifest else {
            return nil
        }
        return declared
    }
}
