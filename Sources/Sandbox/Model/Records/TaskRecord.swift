import JSON

/// A task. ``TaskRecord`` changes itself by the rules of a task's life and returns what is to be done.
struct TaskRecord: Sendable, Equatable {
    /// (ECS Developer Guide, "Amazon ECS task lifecycle".)
    enum Status: String, Sendable, Equatable {
        case provisioning = "PROVISIONING"
        case pending = "PENDING"
        case running = "RUNNING"
        case stopping = "STOPPING"
        case deprovisioning = "DEPROVISIONING"
        case stopped = "STOPPED"
    }

    /// What a task is started with.
    struct Origin: Sendable, Equatable {
        let definition: String
        let family: String
        let group: String
        let startedBy: String?
        let service: String?
        let launchType: String?
        let capacityProvider: String?
        let platformVersion: String?
        let overrides: JSON
        let subnet: String?
        let usesOwnNetwork: Bool
        let cpu: String?
        let memory: String?
    }

    let id: String
    let arn: String
    /// Its place in the order of creation.
    let sequence: Int
    let origin: Origin
    let address: String
    let createdAt: Int
    var tags: TagList
    var containers: [ContainerRecord]
    var status = Status.provisioning
    /// When ``status`` ends by itself; nil while something else must happen.
    var due: Int?
    var isWantedStopped = false
    var launchedAt: Int?
    var startedAt: Int?
    var stoppingAt: Int?
    var executionStoppedAt: Int?
    var stoppedAt: Int?
    var stopCode: StopCode?
    var stoppedReason: String?
    /// Whether it ran long enough for its service to count on it.
    var isHealthy = false

    var isAlive: Bool { status != .stopped }
    /// Whether its service counts it: it lives and is not on its way out.
    var isWanted: Bool { !isWantedStopped }
}

/// (ECS API Reference, Task.stopCode.)
enum StopCode: String, Sendable, Equatable {
    case failedToStart = "TaskFailedToStart"
    case essentialContainerExited = "EssentialContainerExited"
    case user = "UserInitiated"
    case scheduler = "ServiceSchedulerInitiated"
    case spotInterruption = "SpotInterruption"
}
