import JSON

/// One service deployment: the way from the revisions that a service runs to another one (ECS API Reference,
/// ServiceDeployment). ``DeploymentRecord`` is what DescribeServices lists of its target.
struct ServiceDeploymentRecord: Sendable, Equatable {
    /// (ECS API Reference, ServiceDeployment, "status".)
    enum Status: String, Sendable, Equatable {
        case pending = "PENDING"
        case inProgress = "IN_PROGRESS"
        case successful = "SUCCESSFUL"
        case stopRequested = "STOP_REQUESTED"
        case stopped = "STOPPED"
        case rollbackRequested = "ROLLBACK_REQUESTED"
        case rollbackInProgress = "ROLLBACK_IN_PROGRESS"
        case rollbackSuccessful = "ROLLBACK_SUCCESSFUL"
        case rollbackFailed = "ROLLBACK_FAILED"

        var isFinal: Bool {
            switch self {
            case .successful, .stopped, .rollbackSuccessful, .rollbackFailed: true
            case .pending, .inProgress, .stopRequested, .rollbackRequested, .rollbackInProgress: false
            }
        }

        /// Whether the target is still wanted.
        var isForward: Bool { self == .pending || self == .inProgress }
    }

    struct Rollback: Sendable, Equatable {
        let reason: String
        let startedAt: Int
        /// The deployment that the service goes back to; nil where there is none.
        let target: String?
    }

    /// 21 characters, the last part of its ARN.
    let id: String
    /// The deployment that it brings about, `ecs-svc/…`.
    let target: String
    /// The deployments that ran before.
    let sources: [String]
    /// The one of them that has the traffic.
    let serving: String?
    /// The revision of each deployment that it names: DescribeServiceRevisions tells of them for 90 days.
    let definitions: [String: String]
    let configuration: DeploymentConfiguration
    let createdAt: Int
    var status = Status.pending
    var reason: String?
    var startedAt: Int?
    var updatedAt: Int
    var finishedAt: Int?
    var stoppedAt: Int?
    /// nil until it has begun, and for a rolling one that does not bake.
    var stage: LifecycleStage?
    /// When the stage's own work is over; nil for a stage that waits for tasks.
    var stageEndsAt: Int?
    var hooks: [HookRecord] = []
    /// In percent.
    var productionShare = 0.0
    var testShare = 0.0
    var triggeredAlarms: [String] = []
    var rollback: Rollback?

    init(
        id: String, target: String, sources: [String], serving: String?, definitions: [String: String],
        _ configuration: DeploymentConfiguration, at now: Int
    ) {
        self.id = id
        self.target = target
        self.sources = sources
        self.serving = serving
        self.definitions = definitions
        self.configuration = configuration
        createdAt = now
        updatedAt = now
    }

    /// Whether its traffic is shifted in stages. The first deployment of a service replaces nothing, and is a rolling one.
    var isStaged: Bool { configuration.strategy != .rolling && serving != nil }

    /// When something about it changes by itself; moments that have passed may be among them.
    var changes: [Int] {
        status.isFinal ? [] : [stageEndsAt].compactMap(\.self) + hooks.flatMap(\.changes)
    }
}
