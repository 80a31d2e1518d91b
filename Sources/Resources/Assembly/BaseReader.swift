import AWS
import Base
import JSON
import Manifest

/// Reads which definitions a manifest's services have, and so what their new revisions are made from.
struct BaseReader {
    let manifest: Manifest
    let access: EnvironmentAccess

    func read() async throws(Failure) -> [ServiceBase] {
        let bases = try await basesOfServices()
        // A name may be of one service's definition and not of another's.
        let released = Set(bases.flatMap(\.released))
        for name in manifest.definition.containers ?? [] where !released.contains(name) {
            throw Failure(
                .definitionUnfit, "no definition has the container \(name) of taskDefinition.containers",
                hint: "the others are: \(released.sorted { $0.precedes($1) }.joined(separator: ", "))")
        }
        return bases
    }

    private func basesOfServices() async throws(Failure) -> [ServiceBase] {
        var bases: [ServiceBase] = []
        for spec in manifest.services {
            let resource = ResourceID(Kind.service, spec.name)
            if case .declared(let document) = manifest.definition.source {
                let content = TaskDefinitionContent(document)
                let containers = TaskDefinitionSummary.containers(of: content)
                let chosen = try chosen(containers, spec, in: "the task definition", resource)
                try requireImages(containers, chosen, resource)
                bases.append(
                    ServiceBase(
                        service: spec.name, family: content.family, released: chosen.released, own: chosen.own,
                        note: chosen.note,
                        content: "", launchVolumes: content.launchVolumes))
                try await check(bases[bases.count - 1])
                continue
            }
            let (arn, summary) = try await base(spec, resource)
            let chosen = try chosen(summary.containers, spec, in: RevisionARN.shortName(of: arn), resource)
            bases.append(
                ServiceBase(
                    service: spec.name, family: summary.family, released: chosen.released, own: chosen.own,
                    note: chosen.note,
                    content: summary.imagelessDigest(of: chosen.released) ?? "", launchVolumes: summary.launchVolumes))
            try await check(bases[bases.count - 1])
        }
        return bases
    }

    /// The revision that a derived definition is made from.
    private func base(
        _ spec: ServiceSpec, _ resource: ResourceID
    ) async throws(Failure) -> (arn: String, summary: TaskDefinitionSummary) {
        let definitions = access.definitions
        let service = try await access.services.known(spec.name)
        if service.isAbsent { return try await newest(for: spec, resource) }
        let summary = try await definitions.summary(service.taskDefinition, for: resource)
        if case .derived(.latest) = manifest.definition.source,
            let newest = try await definitions.known(of: summary.family, for: resource).first
        {
            return (newest.arn, newest)
        }
        return (service.taskDefinition, summary)
    }

    /// Of a service that does not exist yet.
    private func newest(
        for spec: ServiceSpec, _ resource: ResourceID
    ) async throws(Failure) -> (arn: String, summary: TaskDefinitionSummary) {
        guard let family = spec.creation?["taskDefinition"]?.string else {
            throw Failure(
                .definitionUnfit, "service \(spec.name) does not exist, and nothing says what it is to run",
                of: resource,
                hint: "give a task definition in taskDefinition.file, or the family of one in "
                    + "services[].create.taskDefinition")
        }
        guard let newest = try await access.definitions.known(of: family, for: resource).first else {
            throw .noActiveRevision(of: family, "services[].create.taskDefinition", resource)
        }
        return (newest.arn, newest)
    }

    private func check(_ base: ServiceBase) async throws(Failure) {
        guard !base.launchVolumes.isEmpty else { return }
        let configured = try await access.services.known(base.service).launch.volumeConfigurations?.elements ?? []
        try ContainerFitness.check(
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
