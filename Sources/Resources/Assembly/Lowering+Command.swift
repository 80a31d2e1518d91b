import AWS
import Base
import Hashing
import Manifest
import Reconciler

/// A one-off command as resources.
extension Lowering {
    /// - Parameter ofManifest: whether it runs from the manifest's image, which is registered where it is not yet; else from
    ///   what the service runs now.
    /// - Throws: ``Failure`` for a cluster or service that is missing, or with code `definition-unfit` for a definition from
    ///   whose containers nothing can be run once.
    public func lower(_ spec: CommandSpec, ofManifest: Bool) async throws(Failure) -> Lowered {
        try await rereading { (lowering) throws(Failure) in try await lowering.lowered(spec, ofManifest: ofManifest) }
    }

    private func lowered(_ spec: CommandSpec, ofManifest: Bool) async throws(Failure) -> Lowered {
        let readers = readers()
        let bases = try await bases(readers)
        let service = manifest.schema?.migrate.service ?? manifest.services[0].name
        let known = try await readers.services.known(service)
        let clusterARN = known.clusterARN
        let owners = Self.owners(of: bases)
        let owner = Self.owner(of: service, owners)
        let id = ResourceID(Kind.command, service)
        try check(owner.own(of: service), of: owner.base, running: [spec.command.map(Mask(spec.environment).apply)], id)
        let image = ImageResource(manifest.image, resolver: ImageResolver(clients.ecr, shared: pools?.images))
        let definition = definition(owner, image: image.dependency, clusterARN, nil, readers, isRunFrom: true)
        let command = CommandResource(
            spec: spec, definition: ofManifest ? definition.dependency : nil, service: service,
            subject: Subject.command(service, clusterARN), current: known.taskDefinition,
            container: owner.own(of: service).name, startedBy: startedBy(spec, clusterARN),
            use: spec.isExclusive ? use(of: id, clusterARN, owners, readers) : nil,
            digest: context.ledger.digest,
            tasks: OneOffTasks(
                id: id, cluster: manifest.cluster, service: service,
                launch: manifest.schema?.migrate.launch ?? .empty, taskRoleARN: spec.taskRoleARN,
                services: readers.services, definitions: readers.definitions, client: clients.ecs),
            log: TaskLog(
                id: id, environment: spec.environment, pattern: spec.pattern, services: readers.services,
                of: manifest.services.map(\.name), definitions: readers.definitions, logs: clients.logs))
        let above = ofManifest ? [AnyResource(image), AnyResource(definition)] : []
        return Lowered(
            graph: try Graph(above + [AnyResource(command)]), locks: spec.isExclusive ? locks(clusterARN) : [])
    }

    /// A command that has the database for itself is found by migrations, and finds them.
    private func startedBy(_ spec: CommandSpec, _ clusterARN: String) -> String {
        if spec.isExclusive, let schema = manifest.schema {
            return MigrationIdentity(clusterARN: clusterARN, database: schema.database, version: "").startedBy
        }
        return "reconcile/"
            + SHA256.hex(["command", clusterARN, manifest.environment].joined(separator: "\n")).prefix(32)
    }
}
