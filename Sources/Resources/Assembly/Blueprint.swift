import AWS
import Base
import Ledger
import Manifest
import Reconciler

/// A manifest next to what was read of the world: all that its resources are made from.
struct Blueprint: Sendable {
    let surroundings: Surroundings
    /// As it is compared: a comparison may have other values than the file.
    var manifest: Manifest
    let access: EnvironmentAccess
    let definitions: [SharedDefinition]
    /// nil where the migration runs from what the services get, or the manifest has none.
    let migration: MigrationDefinition?

    /// The locks that a run takes: of its environment, and of its database.
    var locks: [String] { Self.locks(manifest, in: access.cluster) }

    static func locks(_ manifest: Manifest, in cluster: Cluster) -> [String] {
        [RunLocks.name(ofEnvironment: manifest.environment)]
            + (manifest.schema.map { ["database/\(cluster.arn)/\($0.database)"] } ?? [])
    }

    /// The service that migrations and commands take network and capacity from.
    var migratingService: String { manifest.schema?.migrate.service ?? access.serviceNames[0] }

    func definition(of service: String) -> SharedDefinition {
        definitions.first { $0.services.contains(service) } ?? definitions[0]
    }

    var image: ImageResource { ImageResource(manifest.image, resolver: surroundings.images) }

    func graph() throws(Failure) -> Graph {
        let history = manifest.schema.map(history)
        var resources: [any Resource] = [image]
        for shared in definitions { resources.append(taskDefinition(shared, history)) }
        if let migration, let history {
            resources.append(
                MigrationDefinitionResource(
                    definition: migration, image: image.dependency, history: history, access: access,
                    isComparison: surroundings.driftScope != nil))
        }
        var first: ResourceID?
        if let spec = manifest.schema {
            let schema = try schema(spec, after: nil)
            first = schema.id
            resources.append(schema)
        }
        for spec in manifest.services { resources.append(service(spec, after: first)) }
        for spec in manifest.schedules { resources.append(schedule(spec)) }
        if let survey { resources.append(survey) }
        if let spec = manifest.schema?.afterwards, let first {
            resources.append(try schema(spec, after: first))
        }
        return try Graph(resources)
    }

    /// - Parameter isRunFrom: whether a task is started from it in any case.
    func taskDefinition(
        _ shared: SharedDefinition, _ history: SchemaHistory?, isRunFrom: Bool = false
    ) -> TaskDefinitionResource {
        TaskDefinitionResource(
            shared: shared, source: manifest.definition.source, isRunFrom: isRunFrom, image: image.dependency,
            history: history, access: access, imageText: manifest.image.text, driftScope: surroundings.driftScope)
    }

    /// - Parameter schema: what it waits for; nil if the manifest has none.
    func service(_ spec: ServiceSpec, after schema: ResourceID?) -> ServiceResource {
        let shared = definition(of: spec.name)
        return ServiceResource(
            spec: spec, definition: Dependency(shared.id), schema: schema, access: access,
            losses: RolloutLosses(RolloutDiagnosis(access: access)),
            release: manifest.release, retriesFailed: surroundings.terms.retriesFailed,
            inspector: surroundings.driftScope.map { _ in
                ServiceInspector(
                    access: access, image: manifest.image, containers: shared.base.released,
                    resolver: surroundings.images)
            })
    }
}
