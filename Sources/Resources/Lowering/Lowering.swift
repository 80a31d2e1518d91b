import AWS
import JSON
import Reconciler

/// Turns a manifest into a graph of resources. It reads the services once: which families their definitions have is not
/// in the manifest.
public struct Lowering: Sendable {
    let manifest: Manifest
    let clients: Clients
    let retriesFailed: Bool
    let context: Context
    let pools: Pools?
    let scrutiny: Scrutiny?

    /// - Parameters:
    ///   - pools: where other manifests are looked at beside this one.
    ///   - retriesFailed: whether a digest that ECS rolled back may be deployed again.
    ///   - scrutiny: what is looked at beyond what an apply needs.
    public init(
        _ manifest: Manifest, clients: Clients, pools: Pools? = nil, retriesFailed: Bool, scrutiny: Scrutiny? = nil,
        in context: Context
    ) {
        self.scrutiny = scrutiny
        self.pools = pools
        self.manifest = manifest
        self.clients = clients
        self.retriesFailed = retriesFailed
        self.context = context
    }

    /// A manifest as resources, and what must be locked before any of them is changed.
    public struct Lowered: Sendable {
        public let graph: Graph
        public let locks: [String]
    }

    /// - Throws: ``Failure`` for a cluster or service that is missing, or with code `definition-unfit` for a definition whose
    ///   containers do not allow what the manifest wants.
    public func lower() async throws(Failure) -> Lowered {
        let readers = readers()
        let (services, definitions) = (readers.services, readers.definitions)
        let bases = try await bases(readers)
        let clusterARN = try await services.known(manifest.services[0].name).clusterARN
        let image = ImageResource(manifest.image, resolver: ImageResolver(clients.ecr, shared: pools?.images))
        let owners = Self.owners(of: bases)
        let history = manifest.schema.map { schema in
            let migrating = schema.migrate.service ?? manifest.services[0].name
            return SchemaHistory(
                clusterARN: clusterARN, database: schema.database, version: schema.version,
                family: Self.owner(of: migrating, owners).base.family, services: services,
                serviceNames: manifest.services.map(\.name), definitions: definitions,
                resource: ResourceID(SchemaResource.kind, schema.database))
        }
        var resources = [AnyResource(image)]
        for owner in owners {
            resources.append(AnyResource(definition(owner, image: image.id, clusterARN, history, readers)))
        }
        let schema = try schemaResource(history, image: image.id, owners: owners, services, definitions)
        if let schema { resources.append(AnyResource(schema)) }
        for spec in manifest.services {
            resources.append(
                AnyResource(
                    ServiceResource(
                        id: ResourceID(ServiceResource.kind, spec.name), spec: spec,
                        definition: Self.owner(of: spec.name, owners).id, schema: schema?.id,
                        cluster: manifest.cluster, clusterARN: clusterARN, retriesFailed: retriesFailed,
                        services: services, definitions: definitions, client: clients.ecs,
                        autopsy: RolloutAutopsy(
                            cluster: manifest.cluster, definitions: definitions, client: clients.ecs,
                            logs: clients.logs, clock: context.clock),
                        imageText: manifest.image.text,
                        inspector: scrutiny.map { _ in inspector(Self.owner(of: spec.name, owners).base.container) })))
        }
        return Lowered(
            graph: try Graph(resources), locks: locks(clusterARN))
    }

    /// What a run on this manifest has for itself.
    func locks(_ clusterARN: String) -> [String] {
        ["environment/\(manifest.environment)"]
            + (manifest.schema.map { ["database/\(clusterARN)/\($0.database)"] } ?? [])
    }

    private func inspector(_ container: String) -> ServiceInspector {
        ServiceInspector(
            cluster: manifest.cluster, autoScaling: clients.autoScaling, pool: pools?.scaling, client: clients.ecs,
            image: manifest.image, container: container, resolver: ImageResolver(clients.ecr, shared: pools?.images))
    }

    // MARK: - Schema

    private func schemaResource(
        _ history: SchemaHistory?, image: ResourceID, owners: [Owner], _ services: ServiceReader,
        _ definitions: DefinitionReader
    ) throws(Failure) -> SchemaResource? {
        guard let spec = manifest.schema, let history else { return nil }
        let id = history.resource
        let service = spec.migrate.service ?? manifest.services[0].name
        let owner = Self.owner(of: service, owners)
        let container = owner.base.own
        try check(container, of: owner.base, id)
        let tasks = OneOffTasks(
            id: id, cluster: manifest.cluster, service: service, launch: spec.migrate.launch,
            taskRoleARN: spec.migrate.taskRoleARN, services: services, client: clients.ecs)
        let log = TaskLog(
            id: id, environment: spec.migrate.environment, definitions: definitions, logs: clients.logs)
        return SchemaResource(
            id: id, spec: spec, image: image, definition: owner.id,
            otherDefinitions: owners.map(\.id).filter { $0 != owner.id }, container: container.name,
            cluster: manifest.cluster, history: history,
            runner: TaskRunner(id: id, spec: spec, history: history, tasks: tasks, log: log), client: clients.ecs,
            prober: spec.probe.map { probe in
                Prober(
                    id: id, command: probe.command, environment: spec.migrate.environment, subject: history.subject,
                    tasks: tasks,
                    log: TaskLog(
                        id: id, environment: spec.migrate.environment, pattern: probe.pattern,
                        definitions: definitions, logs: clients.logs))
            },
            probed: scrutiny?.probed, notes: notes(container))
    }

    private func notes(_ container: DefinitionSketch.Container) -> [String] {
        var notes: [String] = []
        if container.hasEntryPoint {
            notes.append(
                "container \(container.name) has an entryPoint: the migration's command becomes its arguments, "
                    + "because RunTask replaces the command only")
        }
        // The default of new accounts is to drop lines rather than wait. (ECS API Reference, LogConfiguration, "mode".)
        if let log = container.log, !log.isBlocking {
            notes.append(
                "container \(container.name) logs without \"mode\": \"blocking\": lines that the migration writes fast may "
                    + "be lost")
        }
        return notes
    }
}
