import JSON

/// A cluster with all that lives in it.
struct ClusterRecord: Sendable, Equatable {
    let name: String
    let arn: String
    var tags: TagList
    var services: [String: ServiceRecord] = [:]
    /// By id.
    var tasks: [String: TaskRecord] = [:]
    /// The client tokens of RunTask: their scope is the cluster.
    var tokens: [String: RunToken] = [:]

    init(name: String, arn: String, tags: TagList) {
        self.name = name
        self.arn = arn
        self.tags = tags
    }

    /// In the order of creation.
    var tasksInOrder: [TaskRecord] { tasks.values.sorted { $0.sequence < $1.sequence } }
    var serviceNames: [String] { services.keys.sorted { $0.precedes($1) } }

    func livingTasks(of service: String) -> [TaskRecord] {
        tasks.values.filter { $0.origin.service == service && $0.isAlive }.sorted { $0.sequence < $1.sequence }
    }

    var json: JSON {
        let living = tasks.values.filter(\.isAlive)
        return [
            "clusterArn": .string(arn), "clusterName": .string(name), "status": "ACTIVE",
            "registeredContainerInstancesCount": 0,
            "runningTasksCount": .integer(living.filter { $0.status == .running }.count),
            "pendingTasksCount": .integer(living.filter { $0.status == .pending || $0.status == .provisioning }.count),
            "activeServicesCount": .integer(services.values.filter { $0.status == .active }.count),
            "statistics": [], "tags": .array(tags.json), "settings": [],
            "capacityProviders": ["FARGATE", "FARGATE_SPOT"], "defaultCapacityProviderStrategy": [],
        ]
    }
}

/// What a client token of RunTask means.
struct RunToken: Sendable, Equatable {
    /// The request without the token: a repeat must be the same.
    let parameters: String
    let tasks: [String]
    let createdAt: Int

    /// Whether the token is still known: 24 hours, or 1 hour after the last of its tasks stopped if that is sooner.
    /// (ECS API Reference, "Ensuring idempotency".)
    ///
    /// - Parameter tasks: those of its tasks that are still known: they are for an hour after they stopped.
    func isAlive(at now: Int, _ tasks: [TaskRecord]) -> Bool { now < createdAt + Limits.tokenKept && !tasks.isEmpty }
}
