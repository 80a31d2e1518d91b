import AWS
import Base
import Ledger

/// An ECS cluster.
struct Cluster: Sendable, Equatable {
    /// As the manifest names it: a name or an ARN.
    let name: String
    /// As ECS names it: partition, account and region are in it.
    let arn: String
}

/// What all resources of one environment have in common: its cluster, and how they read and change it.
struct EnvironmentAccess: Sendable {
    let cluster: Cluster
    let clients: Clients
    let services: ServiceReader
    /// The services of the manifest, in its order.
    let serviceNames: [String]
    let definitions: TaskDefinitionReader
    let cache: RevisionCache
    let clock: EngineClock
    /// What the ledger keeps of a text that may hold secrets.
    let digest: @Sendable (String) -> String
    /// The same, for a text that a later run compares with.
    let fingerprint: @Sendable (String) -> String

    var ecs: ECSClient { clients.ecs }
}
