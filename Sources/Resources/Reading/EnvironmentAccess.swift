import AWS
import Base
import Ledger

/// What all resources of one environment have in common: its cluster, and how they read and change it.
struct EnvironmentAccess: Sendable {
    let cluster: Cluster
    let clients: Clients
    let services: ServiceReader
    let definitions: TaskDefinitionReader
    let cache: RevisionCache
    let scaling: ScalingPool
    let clock: EngineClock
    let ledger: Ledger

    var ecs: ECSClient { clients.ecs }
    /// The services of the manifest, in its order.
    var serviceNames: [String] { services.names }
}
