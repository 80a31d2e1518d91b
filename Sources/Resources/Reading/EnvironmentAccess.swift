import AWS
import Base
import Ledger
import Reconciler

/// What all resources of one environment have in common: its cluster, and how they read and change it.
///
/// A class, because every resource has it and it never changes.
final class EnvironmentAccess: Sendable {
    /// Its name.
    let environment: String
    let cluster: Cluster
    let clients: Clients
    let services: ServiceReader
    let deployments: DeploymentReader
    let definitions: TaskDefinitionReader
    let cache: RevisionCache
    let scaling: ScalingPool
    let clock: EngineClock
    let ledger: Ledger
    /// Which release is made; nil where their order does not matter.
    let sequence: ReleaseSequence?

    init(
        to cluster: Cluster, with clients: Clients, services: ServiceReader, definitions: TaskDefinitionReader,
        cache: RevisionCache, scaling: ScalingPool, release sequence: ReleaseSequence?, in context: Context
    ) {
        self.cluster = cluster
        self.clients = clients
        self.services = services
        deployments = DeploymentReader(clients.ecs, of: cluster)
        self.definitions = definitions
        self.cache = cache
        self.scaling = scaling
        clock = context.clock
        ledger = context.ledger
        environment = context.environment
        self.sequence = sequence
    }

    var ecs: ECSClient { clients.ecs }
    /// The services of the manifest, in its order.
    var serviceNames: [String] { services.names }

    /// Reads what is asked for once a migration has ended: what the services run, and which revisions bear which marks.
    func readAhead(after revision: String, for resource: ResourceID) async {
        var running: Set<String> = [revision]
        for name in serviceNames {
            do { running.insert(try await services.known(name).taskDefinition) } catch {}
        }
        var works: [@Sendable () async -> Void] = [
            { await self.services.refresh() },
            { await self.definitions.listAhead(RevisionARN.family(of: revision), for: resource) },
        ]
        for arn in running.sorted(by: { $0.precedes($1) }) where !arn.isEmpty {
            works.append { do { _ = try await self.definitions.tags(arn, .now, for: resource) } catch {} }
        }
        await clock.atOnce(works)
    }
}
