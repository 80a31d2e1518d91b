import AWS
import Base
import JSON
import Manifest

/// Reads the task definition that a manifest's migration has of its own.
struct MigrationDefinitionReader {
    let manifest: Manifest
    let access: EnvironmentAccess

    private static let section = "schema.migrate.taskDefinition"

    /// - Parameter families: those of the services.
    /// - Returns: nil where it has none.
    /// - Throws: ``Failure`` with code `definition-unfit`, or `definition-missing` for a family without an active revision.
    func read(besides families: [String]) async throws(Failure) -> MigrationDefinition? {
        guard let schema = manifest.schema, let spec = schema.migrate.definition else { return nil }
        let id = ResourceID(Kind.schema, schema.database)
        let (family, containers, volumes, place) = try await content(spec.source, id)
        if families.contains(family) {
            throw Failure(
                .definitionUnfit, "\(Self.section) is of the family \(family), which a service has", of: id,
                hint: "give it a family of its own, or leave it out: then the migration runs from what the service gets"
            )
        }
        try await check(volumes, of: family, schema.migrate, id)
        let chosen = try ContainerChoice(
            named: spec.container, listed: nil, repository: manifest.image.repository, section: Self.section
        ).choose(among: containers, in: place, for: id)
        for container in containers where container.image.isEmpty && !chosen.released.contains(container.name) {
            throw Failure(
                .definitionUnfit, "container \(container.name) of \(place) has no image", of: id,
                hint: "write its image into \(Self.section)")
        }
        return MigrationDefinition(
            family: family, source: spec.source, container: chosen.own, released: chosen.released)
    }

    /// A volume that is configured at launch needs its configuration with each RunTask. (ECS API Reference, RunTask,
    /// "volumeConfigurations".)
    private func check(
        _ volumes: [String], of family: String, _ migrate: MigrateSpec, _ id: ResourceID
    ) async throws(Failure) {
        if volumes.isEmpty { return }
        var configured = migrate.launch.volumeConfigurations
        if configured == nil {
            configured = try await access.services.known(migrate.service ?? access.serviceNames[0]).launch
                .volumeConfigurations
        }
        let names = (configured?.elements ?? []).compactMap { $0["name"]?.string }
        guard let missing = volumes.first(where: { !names.contains($0) }) else { return }
        throw Failure(
            .definitionUnfit, "volume \(missing) of \(family) is configuredAtLaunch, and nothing configures it", of: id,
            hint: "give its configuration in schema.migrate.volumeConfigurations")
    }

    private func content(
        _ source: MigrationDefinitionSpec.Source, _ id: ResourceID
    ) async throws(Failure) -> (
        family: String, containers: [TaskDefinitionSummary.Container], launchVolumes: [String], place: String
    ) {
        switch source {
        case .declared(let document):
            let content = TaskDefinitionContent(document)
            return (content.family, TaskDefinitionSummary.containers(of: content), content.launchVolumes, Self.section)
        case .newest(let family):
            guard let newest = try await access.definitions.known(of: family, for: id).first else {
                throw .noActiveRevision(of: family, MigrationDefinitionSpec.familyKey, id)
            }
            return (family, newest.containers, newest.launchVolumes, RevisionARN.shortName(of: newest.arn))
        }
    }
}
