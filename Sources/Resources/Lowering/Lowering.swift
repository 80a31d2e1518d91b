import AWS
import JSON
import Reconciler

/// Turns a manifest into a graph of resources. It reads the services once: which families their definitions have is not
/// in the manifest.
public struct Lowering: Sendable {
    private let manifest: Manifest
    private let clients: Clients
    private let retriesFailed: Bool
    private let context: Context
    private let pools: Pools?
    private let inspects: Bool

    /// - Parameters:
    ///   - pools: where other manifests are looked at beside this one.
    ///   - retriesFailed: whether a digest that ECS rolled back may be deployed again.
    ///   - inspects: whether more is looked at than an apply needs.
    public init(
        _ manifest: Manifest, clients: Clients, pools: Pools? = nil, retriesFailed: Bool, inspects: Bool = false,
        in context: Context
    ) {
        self.inspects = inspects
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
        let services = ServiceReader(
            clients.ecs, cluster: manifest.cluster, names: manifest.services.map(\.name), pool: pools?.services)
        let definitions = DefinitionReader(clients.ecs, ledger: context.ledger)
        let bases = try await bases(services, definitions)
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
            resources.append(
                AnyResource(
                    TaskDefinitionResource(
                        id: owner.id, family: owner.base.family, container: owner.base.container,
                        source: manifest.definition.source, service: owner.base.service, image: image.id,
                        history: history, services: services, definitions: definitions, client: clients.ecs,
                        subject: "task-definition/\(clusterARN)/\(owner.base.family)",
                        fingerprint: context.ledger.fingerprint, imageText: manifest.image.text,
                        serviceSubject: ServiceResource.subject(of: owner.base.service, clusterARN),
                        inspects: inspects)))
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
                        inspector: inspects ? inspector(Self.owner(of: spec.name, owners).base.container) : nil)))
        }
        let database = history.map { "database/\($0.clusterARN)/\($0.database)" }
        return Lowered(
            graph: try Graph(resources), locks: ["environment/\(manifest.environment)"] + (database.map { [$0] } ?? []))
    }

    private func inspector(_ container: String) -> ServiceInspector {
        ServiceInspector(
            cluster: manifest.cluster, autoScaling: clients.autoScaling, pool: pools?.scaling, client: clients.ecs,
            image: manifest.image, container: container, resolver: ImageResolver(clients.ecr, shared: pools?.images))
    }

    // MARK: - Definitions

    /// What a service's definition is made from.
    private struct Base {
        let service: String
        let family: String
        let container: String
        let own: DefinitionSketch.Container
        /// What tells apart two bases of one family.
        let content: String
    }

    /// A definition and the services that get it.
    private struct Owner {
        let id: ResourceID
        let base: Base
        var services: [String]
    }

    private func bases(
        _ services: ServiceReader, _ definitions: DefinitionReader
    ) async throws(Failure) -> [Base] {
        var bases: [Base] = []
        for spec in manifest.services {
            let resource = ResourceID(ServiceResource.kind, spec.name)
            if case .declared(let document) = manifest.definition.source {
                let content = DefinitionContent(document)
                let own = try container(
                    DefinitionSketch.containers(of: content), spec, in: "the task definition", resource)
                bases.append(
                    Base(service: spec.name, family: content.family, container: own.name, own: own, content: ""))
                continue
            }
            var arn = try await services.known(spec.name).taskDefinition
            var sketch = try await definitions.sketch(arn, for: resource)
            if case .derived(.latest) = manifest.definition.source,
                let newest = try await definitions.known(of: sketch.family, for: resource).first
            {
                (arn, sketch) = (newest.arn, newest)
            }
            let own = try container(sketch.containers, spec, in: DefinitionSketch.shortName(of: arn), resource)
            bases.append(
                Base(
                    service: spec.name, family: sketch.family, container: own.name, own: own,
                    content: own.imagelessDigest))
        }
        return bases
    }

    /// The container that the manifest means.
    private func container(
        _ containers: [DefinitionSketch.Container], _ spec: ServiceSpec, in place: String, _ resource: ResourceID
    ) throws(Failure) -> DefinitionSketch.Container {
        let names = containers.map(\.name).joined(separator: ", ")
        if let wanted = spec.container ?? manifest.definition.container {
            if let own = containers.first(where: { $0.name == wanted }) { return own }
            throw Failure(
                .definitionUnfit, "\(place) has no container \(wanted)", of: resource,
                hint: "its containers are: \(names); name one in taskDefinition.container or services[].container")
        }
        guard containers.count == 1 else {
            throw Failure(
                .definitionUnfit, "\(place) has \(containers.count) containers, and the manifest names none",
                of: resource,
                hint: "its containers are: \(names); name one in taskDefinition.container")
        }
        return containers[0]
    }

    /// Services whose definitions come from the same content share one revision; others of the same family do not.
    private static func owners(of bases: [Base]) -> [Owner] {
        var owners: [Owner] = []
        for base in bases {
            if let index = owners.firstIndex(where: {
                $0.base.family == base.family && $0.base.content == base.content && $0.base.container == base.container
            }) {
                owners[index].services.append(base.service)
            } else {
                let isFirst = !owners.contains { $0.base.family == base.family }
                let name = isFirst ? base.family : "\(base.family)@\(base.service)"
                owners.append(
                    Owner(id: ResourceID("task-definition", name), base: base, services: [base.service]))
            }
        }
        return owners
    }

    private static func owner(of service: String, _ owners: [Owner]) -> Owner {
        owners.first { $0.services.contains(service) } ?? owners[0]
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
            runner: MigrationRunner(id: id, spec: spec, history: history, tasks: tasks, log: log),
            prober: spec.probe.map { probe in
                Prober(
                    id: id, command: probe.command, environment: spec.migrate.environment, subject: history.subject,
                    tasks: tasks, log: log)
            },
            notes: notes(container))
    }

    /// A migration must end once, and its end must be the task's.
    private func check(
        _ container: DefinitionSketch.Container, of base: Base, _ id: ResourceID
    ) throws(Failure) {
        if container.restarts {
            throw Failure(
                .definitionUnfit,
                "container \(container.name) of \(base.family) has restartPolicy.enabled: ECS would run a finished "
                    + "migration again",
                of: id, hint: "turn its restart policy off, or name another container in taskDefinition.container")
        }
        if !container.isEssential {
            throw Failure(
                .definitionUnfit,
                "container \(container.name) of \(base.family) is not essential: its task would not end with the migration",
                of: id, hint: "make it essential, or name another container in taskDefinition.container")
        }
    }

    private func notes(_ container: DefinitionSketch.Container) -> [String] {
        var notes: [String] = []
        if container.hasEntryPoint {
            notes.append(
                "container \(container.name) has an entryPoint: the migration's command becomes its arguments, "
                    + "because RunTask replaces the command only")
        }
        return notes
    }
}
