import Reconciler

/// What a manifest is assembled in: the same for all manifests of an invocation, and unknown to the manifest.
struct Surroundings: Sendable {
    let clients: Clients
    /// This machine, for migrations that run on it.
    let processes: any ProcessHost
    let pools: Pools?
    let scaling: ScalingPool
    /// What is looked at beyond what an apply needs; nil for an apply.
    let driftScope: DriftScope?
    let retriesFailed: Bool
    let context: Context
}
