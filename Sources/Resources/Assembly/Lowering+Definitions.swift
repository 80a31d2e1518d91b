import AWS
import Base
import JSON
import Manifest
import Reconciler

/// Which definitions a manifest's services get, and what these are made from.
extension Lowering {
    /// What several resources of one manifest read through.
    struct Readers {
        let services: ServiceReader
        let definitions: TaskDefinitionReader
        let cache: RevisionCache
    }

    func readers() -> Readers {
        let services = ServiceReader(
            clients.ecs, cluster: manifest.cluster, names: manifest.services.map(\.name), pool: pools?.services)
        let cache = RevisionCache(context.cache, services: services, service: manifest.services[0].name)
        return Readers(
            services: services,
            definitions: TaskDefinitionReader(
                clients.ecs, cache: cache, clock: context.clock, usesCache: usesCache),
            cache: cache)
    }

    /// - Parameter isRunFrom: whether a task is started from it in any case.
    func definition(
        _ owner: Owner, image: Dependency<ImageResource.Resolved>, _ clusterARN: String, _ history: SchemaHistory?,
        _ readers: Readers,
        isRunFrom: Bool = false
    ) -> TaskDefinitionResource {
        TaskDefinitionResource(
            id: owner.id, family: owner.base.family, released: owner.base.released, source: manifest.definition.source,
            service: owner.base.service,
            users: owner.services, note: owner.base.note, isRunFrom: isRunFrom, image: image, history: history,
            services: readers.services, definitions: readers.definitions, client: clients.ecs,
            clusterARN: clusterARN, fingerprint: context.ledger.fingerprint,
            imageText: manifest.image.text,
            serviceSubject: Subject.service(owner.base.service, clusterARN), driftScope: driftScope)
    }

    /// What a service's definition is made from.
    struct Base {
        let service: String
        let family: String
        /// The names of the containers whose image is replaced.
        let released: [String]
        /// The container in which the migration runs.
        let own: TaskDefinitionSummary.Container
        /// What a plan says of the containers that keep their image.
        let note: String?
        /// What tells apart two bases of one family.
        let content: String
        /// Volumes that the service configures.
        let launchVolumes: [String]
    }

    /// A definition and the services that get it.
    struct Owner {
        let id: ResourceID
        /// Of each service that gets it; they are the same apart from the service and its migration's container.
        var bases: [Base]

        var base: Base { bases[0] }
        var services: [String] { bases.map(\.service) }

        /// The container in which a service's migration or command runs.
        func own(of service: String) -> TaskDefinitionSummary.Container {
            (bases.first { $0.service == service } ?? base).own
        }
    }

    func bases(_ readers: Readers) async throws(Failure) -> [Base] {
        let bases = try await basesOfServices(readers)
        // A name may be of one service's definition and not of another's.
        let released = Set(bases.flatMap(\.released))
        for name in manifest.definition.containers ?? [] where !released.contains(name) {
            throw Failure(
                .definitionUnfit, "no definition has the container \(name) of taskDefinition.containers",
                hint: "the others are: \(released.sorted { $0.precedes($1) }.joined(separator: ", "))")
        }
        return bases
    }

    private func basesOfServices(_ readers: Readers) async throws(Failure) -> [Base] {
        let (services, definitions) = (readers.services, readers.definitions)
        var bases: [Base] = []
        for spec in manifest.services {
            let resource = ResourceID(Kind.service, spec.name)
            if case .declared(let document) = manifest.definition.source {
                let content = TaskDefinitionContent(document)
                let containers = TaskDefinitionSummary.containers(of: content)
                let chosen = try chosen(containers, spec, in: "the task definition", resource)
                try requireImages(containers, chosen, resource)
                bases.append(
                    Base(
                        service: spec.name, family: content.family, released: chosen.released, own: chosen.own,
                        note: chosen.note,
                        content: "", launchVolumes: content.launchVolumes))
                try await check(bases[bases.count - 1], services)
                continue
            }
            var arn = try await services.known(spec.name).taskDefinition
            var sketch = try await definitions.sketch(arn, for: resource)
            if case .derived(.latest) = manifest.definition.source,
                let newest = try await definitions.known(of: sketch.family, for: resource).first
            {
                (arn, sketch) = (newest.arn, newest)
            }
            let chosen = try chosen(sketch.containers, spec, in: RevisionARN.shortName(of: arn), resource)
            bases.append(
                Base(
                    service: spec.name, family: sketch.family, released: chosen.released, own: chosen.own,
                    note: chosen.note,
                    content: sketch.imagelessDigest(of: chosen.released) ?? "", launchVolumes: sketch.launchVolumes))
            try await check(bases[bases.count - 1], services)
        }
        return bases
    }

    private func check(_ base: Base, _ services: ServiceReader) async throws(Failure) {
        guard !base.launchVolumes.isEmpty else { return }
        let configured = try await services.known(base.service).launch.volumeConfigurations?.elements ?? []
        try check(
            base, configures: configured.compactMap { $0["name"]?.string },
            ResourceID(Kind.service, base.service))
    }

    private func chosen(
        _ containers: [TaskDefinitionSummary.Container], _ spec: ServiceSpec, in place: String, _ resource: ResourceID
    ) throws(Failure) -> ContainerChoice.Chosen {
        try ContainerChoice(
            named: spec.container ?? manifest.definition.container, listed: manifest.definition.containers,
            repository: manifest.image.repository
        ).choose(among: containers, in: place, for: resource)
    }

    /// Services whose definitions come from the same content share one revision; others of the same family do not.
    static func owners(of bases: [Base]) -> [Owner] {
        var owners: [Owner] = []
        for base in bases {
            if let index = owners.firstIndex(where: {
                $0.base.family == base.family && $0.base.content == base.content && $0.base.released == base.released
            }) {
                owners[index].bases.append(base)
            } else {
                let isFirst = !owners.contains { $0.base.family == base.family }
                let name = isFirst ? base.family : "\(base.family)@\(base.service)"
                owners.append(Owner(id: ResourceID("task-definition", name), bases: [base]))
            }
        }
        return owners
    }

    static func owner(of service: String, _ owners: [Owner]) -> Owner {
        owners.first { $0.services.contains(service) } ?? owners[0]
    }

    /// A container that gets no image from the manifest must have its own. (ECS API Reference, ContainerDefinition, "image".)
    private func requireImages(
        _ containers: [TaskDefinitionSummary.Container], _ chosen: ContainerChoice.Chosen, _ resource: ResourceID
    ) throws(Failure) {
        for container in containers where container.image.isEmpty && !chosen.released.contains(container.name) {
            throw Failure(
                .definitionUnfit, "container \(container.name) of the task definition has no image", of: resource,
                hint: "write its image, or name it in taskDefinition.containers if it runs the released one")
        }
    }
}
