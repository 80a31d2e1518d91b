import AWS
import Reconciler

/// What the manifests of one cluster share when several are looked at in one invocation.
public struct Pools: Sendable {
    let services: ServicePool
    let images: SharedReading<ImageSpec, ImageResource.Resolved>
    let scaling: ScalingPool

    /// - Parameters:
    ///   - other: those of another cluster with the same clients: images are the same everywhere.
    ///   - pause: returns after the moment in which readings of several manifests are gathered.
    public init(
        _ clients: Clients, cluster: String, sharingWith other: Pools?,
        pause: @escaping @Sendable () async throws -> Void
    ) {
        services = ServicePool(clients.ecs, cluster: cluster, pause: pause)
        images = other?.images ?? SharedReading()
        scaling = ScalingPool(clients.autoScaling, cluster: cluster)
    }

    /// Reads the services of many manifests, ten to a call. What cannot be read is told where it is needed.
    ///
    /// - Parameter inspects: whether it is also read who scales those whose count is not as declared.
    public func readAhead(_ manifests: [Manifest], inspects: Bool) async {
        let specs = manifests.flatMap(\.services)
        await services.readAhead(specs.map(\.name))
        guard inspects else { return }
        var scaled: [String] = []
        for spec in specs where spec.desiredCount != nil {
            if await services.desiredCount(ahead: spec.name) != spec.desiredCount { scaled.append(spec.name) }
        }
        await scaling.readAhead(scaled)
    }
}
