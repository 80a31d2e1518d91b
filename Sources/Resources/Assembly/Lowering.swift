import AWS
import Base
import JSON
import Ledger
import Manifest
import Reconciler

/// Turns a manifest into a graph of resources. It reads the services once: which families their definitions have is not
/// in the manifest.
public struct Lowering: Sendable {
    var manifest: Manifest
    let clients: Clients
    let processes: any ProcessHost
    let retriesFailed: Bool
    let context: Context
    let pools: Pools?
    let driftScope: DriftScope?
    let scaling: ScalingPool
    /// Whether what earlier runs have remembered of revisions is believed.
    private(set) var usesCache = true

    /// - Parameters:
    ///   - processes: this machine, for migrations that run on it.
    ///   - pools: where other manifests are looked at beside this one.
    ///   - retriesFailed: whether a digest that ECS rolled back may be deployed again.
    ///   - driftScope: what is looked at beyond what an apply needs.
    public init(
        _ manifest: Manifest, clients: Clients, processes: any ProcessHost, pools: Pools? = nil, retriesFailed: Bool,
        driftScope: DriftScope? = nil,
        in context: Context
    ) {
        self.driftScope = driftScope
        self.pools = pools
        scaling =
            pools?.scaling
            ?? ScalingPool(
                clients.autoScaling, cluster: manifest.cluster,
                names: manifest.services.filter { $0.desiredCount != nil }.map(\.name))
        self.manifest = manifest
        self.clients = clients
        self.processes = processes
        self.retriesFailed = retriesFailed
        self.context = context
        // Those that are sent to ECS are learned on their way; a function's are not.
        for environment in [manifest.schema?.migrate.environment, manifest.schema?.after?.environment] {
            clients.secrets.learn(environment ?? [:])
        }
    }

    /// A manifest as resources, and what must be locked before any of them is changed.
    public struct Lowered: Sendable {
        public let graph: Graph
        public let locks: [String]
        /// What counts in place of what the manifest says.
        public var comparison = Comparison()
    }

    /// - Throws: ``Failure`` for a cluster or service that is missing, or with code `definition-unfit` for a definition whose
    ///   containers do not allow what the manifest wants.
    public func lower() async throws(Failure) -> Lowered {
        try await rereading { (lowering) throws(Failure) in
            let readers = lowering.readers()
            let (lowering, comparison) = try await lowering.asApplied(readers)
            var lowered = try await lowering.lowered(readers)
            lowered.comparison = comparison
            return lowered
        }
    }

    /// What does not fit may have been remembered wrong: it is read once more from AWS before that ends the run.
    func rereading(_ lower: (Lowering) async throws(Failure) -> Lowered) async throws(Failure) -> Lowered {
        do { return try await lower(self) } catch let error where error.code == .definitionUnfit {
            var fresh = self
            fresh.usesCache = false
            return try await lower(fresh)
        }
    }

    func lowered(_ readers: Readers) async throws(Failure) -> Lowered {
        let (services, definitions) = (readers.services, readers.definitions)
        let bases = try await bases(readers)
        let clusterARN = try await services.known(manifest.services[0].name).clusterARN
        let image = ImageResource(manifest.image, resolver: ImageResolver(clients.ecr, shared: pools?.images))
        let owners = Self.owners(of: bases)
        let past = manifest.schema.map { self.history($0, clusterARN, owners, readers) }
        var resources = [AnyResource(image)]
        for owner in owners {
            resources.append(AnyResource(definition(owner, image: image.dependency, clusterARN, past, readers)))
        }
        var schema: SchemaResource?
        if let spec = manifest.schema {
            schema = try self.schema(spec, clusterARN, image: image.dependency, owners, readers, after: nil)
        }
        if let schema { resources.append(AnyResource(schema)) }
        for spec in manifest.services {
            resources.append(
                AnyResource(
                    ServiceResource(
                        id: ResourceID(Kind.service, spec.name), spec: spec,
                        definition: Dependency(Self.owner(of: spec.name, owners).id), schema: schema?.id,
                        cluster: manifest.cluster, clusterARN: clusterARN, retriesFailed: retriesFailed,
                        services: services, definitions: definitions, client: clients.ecs,
                        losses: RolloutLosses(
                            RolloutDiagnosis(
                                cluster: manifest.cluster, definitions: definitions, client: clients.ecs,
                                logs: clients.logs, clock: context.clock)),
                        scaling: scaling,
                        release: manifest.release,
                        inspector: driftScope.map { _ in
                            inspector(Self.owner(of: spec.name, owners).base.released, readers.cache)
                        })))
        }
        if let spec = manifest.schema?.afterwards, let first = schema?.id {
            resources.append(
                AnyResource(try self.schema(spec, clusterARN, image: image.dependency, owners, readers, after: first)))
        }
        return Lowered(graph: try Graph(resources), locks: locks(clusterARN))
    }

    /// What a run on this manifest has for itself.
    func locks(_ clusterARN: String) -> [String] {
        [RunLocks.name(ofEnvironment: manifest.environment)]
            + (manifest.schema.map { ["database/\(clusterARN)/\($0.database)"] } ?? [])
    }

    private func inspector(_ containers: [String], _ cache: RevisionCache) -> ServiceInspector {
        ServiceInspector(
            client: clients.ecs, image: manifest.image, containers: containers,
            resolver: ImageResolver(clients.ecr, shared: pools?.images), cache: cache)
    }
}
