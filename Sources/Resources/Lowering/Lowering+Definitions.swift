import AWS
import JSON
import Reconciler

/// Which definitions a manifest's services get, and what these are made from.
extension Lowering {
    /// What several resources of one manifest read through.
    struct Readers {
        let services: ServiceReader
        let definitions: DefinitionReader
    }

    func readers() -> Readers {
        Readers(
            services: ServiceReader(
                clients.ecs, cluster: manifest.cluster, names: manifest.services.map(\.name), pool: pools?.services),
            definitions: DefinitionReader(clients.ecs, ledger: context.ledger))
    }

    func definition(
        _ owner: Owner, image: ResourceID, _ clusterARN: String, _ history: SchemaHistory?, _ readers: Readers
    ) -> TaskDefinitionResource {
        TaskDefinitionResource(
            id: owner.id, family: owner.base.family, container: owner.base.container,
            source: manifest.definition.source, service: owner.base.service, image: image, history: history,
            services: readers.services, definitions: readers.definitions, client: clients.ecs,
            clusterARN: clusterARN, fingerprint: context.ledger.fingerprint,
            imageText: manifest.image.text,
            serviceSubject: Subject.service(owner.base.service, clusterARN), scrutiny: scrutiny)
    }

    /// What a service's definition is made from.
    struct Base {
        let service: String
        let family: String
        let container: String
        let own: DefinitionSketch.Container
        /// What tells apart two bases of one family.
        let content: String
    }

    /// A definition and the services that get it.
    struct Owner {
        let id: ResourceID
        let base: Base
        var services: [String]
    }

    func bases(_ readers: Readers) async throws(Failure) -> [Base] {
        let (services, definitions) = (readers.services, readers.definitions)
        var bases: [Base] = []
        for spec in manifest.services {
            let resource = ResourceID(Kind.service, spec.name)
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
    static func owners(of bases: [Base]) -> [Owner] {
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

    static func owner(of service: String, _ owners: [Owner]) -> Owner {
        owners.first { $0.services.contains(service) } ?? owners[0]
    }

    /// What runs once must end once, and its end must be the task's.
    func check(
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
}
