import JSON

/// A service and its deployments.
struct ServiceRecord: Sendable, Equatable {
    enum Status: String, Sendable, Equatable {
        case active = "ACTIVE"
        case draining = "DRAINING"
        case inactive = "INACTIVE"
    }

    struct Event: Sendable, Equatable {
        let id: String
        let createdAt: Int
        let message: String
    }

    let name: String
    let arn: String
    let createdAt: Int
    var status = Status.active
    var definition: String
    var desiredCount: Int
    var settings: LaunchSettings
    var configuration: DeploymentConfiguration
    /// Members that are kept and shown but decide nothing, such as `loadBalancers`.
    var shown: JSONObject
    var tags: TagList
    var propagateTags: String?
    /// The newest first: the first one is PRIMARY.
    var deployments: [DeploymentRecord] = []
    /// What a roll-back goes to: the deployment that was completed last.
    var lastCompleted: DeploymentRecord?
    /// The newest first.
    private(set) var history: [ServiceDeploymentRecord] = []
    /// The newest first.
    private(set) var events: [Event] = []
    var isSteady = false
    /// Whether Express Mode made it: `resourceManagementType` is ECS then.
    var isExpress = false
    /// Of the CreateService that made it, for its repeat.
    var creation: String

    /// "The event stream for your service. A maximum of 100 of the latest events are displayed." (Service.events)
    private static let eventsKept = 100

    /// As many service deployments as are kept.
    private static let historyKept = 100

    var primary: DeploymentRecord? { deployments.first }

    /// The newest service deployment, while it is under way.
    var current: ServiceDeploymentRecord? {
        get { history.first.flatMap { $0.status.isFinal ? nil : $0 } }
        set {
            guard let newValue, history.first?.id == newValue.id else { return }
            history[0] = newValue
        }
    }

    mutating func begin(_ deployment: ServiceDeploymentRecord) {
        history.insert(deployment, at: 0)
        if history.count > Self.historyKept { history.removeLast() }
    }

    mutating func record(_ event: Event) {
        events.insert(event, at: 0)
        if events.count > Self.eventsKept { events.removeLast() }
    }

    init(
        name: String, arn: String, definition: String, desiredCount: Int, settings: LaunchSettings,
        configuration: DeploymentConfiguration, shown: JSONObject, tags: TagList, propagateTags: String?,
        creation: String, at now: Int
    ) {
        self.name = name
        self.arn = arn
        self.definition = definition
        self.desiredCount = desiredCount
        self.settings = settings
        self.configuration = configuration
        self.shown = shown
        self.tags = tags
        self.propagateTags = propagateTags
        self.creation = creation
        createdAt = now
    }
}
