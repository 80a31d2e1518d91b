import AWS
import Base
import JSON
import Ledger
import Manifest
import Reconciler

/// Makes the graph of resources that a manifest describes.
///
/// First it reads the services once and makes a ``Blueprint``, because the manifest does not say which families their task
/// definitions have. All resources are made from the blueprint.
public struct Assembly: Sendable {
    let manifest: Manifest
    let surroundings: Surroundings
    private let asksAhead: @Sendable () async -> Void
    /// Whether what earlier runs have remembered of revisions is believed.
    private var usesCache = true

    /// - Parameters:
    ///   - processes: this machine, for migrations that run on it.
    ///   - pools: what is shared if other manifests are looked at in the same invocation.
    ///   - driftScope: what is looked at beyond what an apply needs.
    ///   - asksAhead: asks for what the ledger says of a run that changes something.
    public init(
        _ manifest: Manifest, clients: Clients, processes: any ProcessHost, pools: Pools? = nil,
        terms: ReleaseTerms = ReleaseTerms(),
        driftScope: DriftScope? = nil, asksAhead: @escaping @Sendable () async -> Void = {},
        in context: Context
    ) {
        self.manifest = manifest
        let scaling =
            pools?.scaling
            ?? ScalingPool(
                clients.autoScaling, cluster: manifest.cluster,
                names: manifest.services.filter { $0.desiredCount != nil }.map(\.name))
        surroundings = Surroundings(
            clients: clients, processes: processes, pools: pools, scaling: scaling,
            images: ImageResolver(clients.ecr, shared: pools?.images), driftScope: driftScope,
            terms: terms, context: context)
        self.asksAhead = asksAhead
        // Those that are sent to ECS are learned on their way; a function's are not.
        for environment in [manifest.schema?.migrate.environment, manifest.schema?.after?.environment] {
            clients.secrets.learn(environment ?? [:])
        }
    }

    /// A manifest as resources, and what must be locked before any of them is changed.
    public struct Assembled: Sendable {
        public let graph: Graph
        public let locks: [String]
        /// What counts in place of what the manifest says.
        public var comparison = Comparison()
    }

    /// - Throws: ``Failure`` for a cluster or service that is missing, or with code `definition-unfit` for a definition whose
    ///   containers do not allow what the manifest wants.
    public func assemble() async throws(Failure) -> Assembled {
        try await rereading { (assembly) throws(Failure) in
            let (blueprint, comparison) = try await assembly.blueprint(
                ahead: surroundings.driftScope == nil
                    ? ReadAhead(manifest: manifest, surroundings: surroundings, asksAhead: asksAhead) : nil
            ).asApplied()
            return Assembled(graph: try blueprint.graph(), locks: blueprint.locks, comparison: comparison)
        }
    }

    /// - Parameters:
    ///   - spec: a one-off command.
    ///   - ofManifest: whether it runs from the manifest's image, which is registered where it is not yet; else from what the
    ///     service runs now.
    /// - Throws: ``Failure`` for a cluster or service that is missing, or with code `definition-unfit` for a definition from
    ///   whose containers nothing can be run once.
    public func assemble(_ spec: CommandSpec, ofManifest: Bool) async throws(Failure) -> Assembled {
        try await rereading { (assembly) throws(Failure) in
            let blueprint = try await assembly.blueprint()
            let graph = try await blueprint.graph(of: spec, ofManifest: ofManifest)
            return Assembled(graph: graph, locks: spec.isExclusive ? blueprint.locks : [])
        }
    }

    /// - Parameter services: those whose tasks are to be replaced; all of the manifest if none is named.
    /// - Throws: what ``assemble()`` throws, and what is wrong with the names.
    public func assemble(restartsOf services: [String]) async throws(Failure) -> Assembled {
        try await rereading { (assembly) throws(Failure) in
            let blueprint = try await assembly.blueprint()
            return Assembled(
                graph: try await blueprint.restarts(of: services),
                locks: [RunLocks.name(ofEnvironment: manifest.environment)])
        }
    }

    /// What a person may decide of a resource.
    ///
    /// - Returns: the resource, and what is locked while something of it is decided.
    /// - Throws: ``Failure`` with code `nothing-open` where the manifest has no such resource.
    public func decidable(_ id: ResourceID) async throws(Failure) -> (resource: any Decidable, locks: [String]) {
        if id.kind == Kind.command { return try await command(id) }
        let assembled = try await rereading { (assembly) throws(Failure) in
            let blueprint = try await assembly.blueprint()
            return Assembled(graph: try blueprint.graph(), locks: blueprint.locks)
        }
        let resources = assembled.graph.resources.compactMap { $0 as? any Decidable }
        guard let resource = resources.first(where: { $0.id == id }) else {
            throw Failure(
                .nothingOpen, "the manifest has no \(id)", of: id,
                hint: "it has: \(resources.map(\.id.description).joined(separator: ", "))")
        }
        return (resource, assembled.locks)
    }

    /// What a run of the manifest takes before it changes anything.
    public func locks() async throws(Failure) -> [String] { Blueprint.locks(manifest, in: try await access().cluster) }

    /// A command has no place in the manifest: what is known of it is the service that it ran for.
    private func command(_ id: ResourceID) async throws(Failure) -> (resource: any Decidable, locks: [String]) {
        let access = try await access()
        let tasks = OneOffTasks(
            id: id, service: access.serviceNames[0], launch: .empty, taskRoleARN: nil, access: access)
        let command = StartedCommand(subject: Subject.command(id.name, access.cluster.arn), tasks: tasks)
        return (command, Blueprint.locks(manifest, in: access.cluster))
    }

    /// What does not fit may have been remembered wrong: it is read once more from AWS before that ends the run.
    private func rereading(
        _ assemble: (Assembly) async throws(Failure) -> Assembled
    ) async throws(Failure) -> Assembled {
        do { return try await assemble(self) } catch let error where error.code == .definitionUnfit {
            var fresh = self
            fresh.usesCache = false
            return try await assemble(fresh)
        }
    }

    private func blueprint(ahead: ReadAhead? = nil) async throws(Failure) -> Blueprint {
        let access = try await access(ahead: ahead)
        await ahead?.definitions(access)
        let bases = try await BaseReader(manifest: manifest, access: access).read()
        return Blueprint(
            surroundings: surroundings, manifest: manifest, access: access,
            definitions: SharedDefinition.all(of: bases),
            migration: try await MigrationDefinitionReader(manifest: manifest, access: access)
                .read(besides: bases.map(\.family)))
    }

    /// - Parameter toAnyService: whether it is enough that one of the services is there.
    func access(toAnyService: Bool = false, ahead: ReadAhead? = nil) async throws(Failure) -> EnvironmentAccess {
        let (clients, context) = (surroundings.clients, surroundings.context)
        let names = manifest.services.map(\.name)
        let services = ServiceReader(
            clients.ecs, cluster: manifest.cluster, names: names, clock: context.clock,
            pool: surroundings.pools?.services,
            creations: Dictionary(
                manifest.services.compactMap { spec in spec.creationRequest.map { (spec.name, $0) } }
            ) { $1 })
        await ahead?.beginning(services)
        var present = names[0]
        for name in names where toAnyService {
            do {
                present = try await services.known(name).name
                break
            } catch { continue }
        }
        let cache = RevisionCache(context.cache, services: services, service: present)
        return EnvironmentAccess(
            to: Cluster(name: manifest.cluster, arn: try await services.known(present).clusterARN),
            with: clients, services: services,
            definitions: TaskDefinitionReader(clients.ecs, cache: cache, clock: context.clock, usesCache: usesCache),
            cache: cache, scaling: surroundings.scaling, release: surroundings.terms.sequence, in: context)
    }
}
