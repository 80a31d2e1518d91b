import AWS
import Manifest
import Reconciler

/// What the manifests of one cluster share when several are looked at in one invocation.
public struct Pools: Sendable {
    let services: ServicePool
    let images: SharedReading<ImageSpec, ImageResource.Resolved>
    let scaling: ScalingPool
    let starters: SharedReading<String, StarterSurvey>

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
        starters = SharedReading()
    }

    /// Reads the services of many manifests, ten to a call. What cannot be read fails where it is needed.
    ///
    /// Who scales them is read with the first one whose count is not as declared, those like it first.
    public func readAhead(_ manifests: [Manifest]) async {
        let specs = manifests.flatMap(\.services)
        await services.readAhead(specs.map(\.name))
        var (moved, others): ([String], [String]) = ([], [])
        for spec in specs where spec.desiredCount != nil {
            let isMoved = await services.desiredCount(ahead: spec.name) != spec.desiredCount
            if isMoved { moved.append(spec.name) } else { others.append(spec.name) }
        }
        await scaling.expect(moved + others)
    }
}

/// What a person, or CI, has said of a release besides the manifest.
public struct ReleaseTerms: Sendable, Equatable {
    /// Whether content that ECS rolled back may be deployed again.
    public let retriesFailed: Bool
    /// nil where the order of releases does not matter.
    public let sequence: ReleaseSequence?

    public init(retriesFailed: Bool = false, sequence: ReleaseSequence? = nil) {
        self.retriesFailed = retriesFailed
        self.sequence = sequence
    }
}

/// What a manifest is assembled in: the same for all manifests of an invocation, and unknown to the manifest.
struct Surroundings: Sendable {
    let clients: Clients
    /// This machine, for migrations that run on it.
    let processes: any ProcessHost
    let pools: Pools?
    let scaling: ScalingPool
    let images: ImageResolver
    /// What is looked at beyond what an apply needs; nil for an apply.
    let driftScope: DriftScope?
    let terms: ReleaseTerms
    let context: Context
}
