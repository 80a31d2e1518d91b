import AWS
import Base
import Hashing
import Manifest
import Reconciler

/// A one-off command as resources.
extension Blueprint {
    func graph(of spec: CommandSpec, ofManifest: Bool) async throws(Failure) -> Graph {
        let service = migratingService
        let shared = definition(of: service)
        let id = ResourceID(Kind.command, service)
        let own = spec.isMigrators ? migration : nil
        let container = own?.container ?? shared.own(of: service)
        var current = try await access.services.known(service).taskDefinition
        if let own { current = try await access.definitions.newestARN(of: own.family, for: own.id) ?? current }
        if current.isEmpty, !ofManifest {
            throw Failure(
                .serviceMissing, "service \(service) does not exist yet: there is nothing to run the command from",
                of: id,
                hint: "apply first, or run the command from the manifest's image with --image-tag TAG")
        }
        try ContainerFitness.check(
            container, of: own?.family ?? shared.base.family, running: [spec.command.map(Mask(spec.environment).apply)],
            id)
        let definition = taskDefinition(shared, nil, isRunFrom: true)
        let command = CommandResource(
            spec: spec, definition: ofManifest ? definition.dependency : nil,
            current: current, container: container.name,
            startedBy: startedBy(spec),
            use: spec.isExclusive ? manifest.schema.map { use(of: $0, by: id) } : nil,
            tasks: OneOffTasks(
                id: id, service: service, launch: manifest.schema?.migrate.launch ?? .empty,
                taskRoleARN: spec.taskRoleARN, access: access),
            log: TaskLog(id: id, environment: spec.environment, pattern: spec.pattern, access: access))
        let above: [any Resource] = ofManifest ? [image, definition] : []
        return try Graph(above + [command])
    }

    /// A command that has the database for itself is found by migrations, and finds them.
    private func startedBy(_ spec: CommandSpec) -> String {
        if spec.isExclusive, let schema = manifest.schema {
            return MigrationIdentity(clusterARN: access.cluster.arn, database: schema.database, version: "").startedBy
        }
        return "reconcile/"
            + SHA256.hex(["command", access.cluster.arn, manifest.environment].joined(separator: "\n")).prefix(32)
    }
}
