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
    private(set) var events: [Event] = []
    var isSteady = false
    /// Of the CreateService that made it, for its repeat.
    var creation: String

    /// "The event stream for your service. A maximum of 100 of the latest events are displayed." (Service.events)
    private static let eventsKept = 100

    var primary: DeploymentRecord? { deployments.first }

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

/// How a service is rolled out (ECS API Reference, DeploymentConfiguration).
struct DeploymentConfiguration: Sendable, Equatable {
    var minimumHealthyPercent = 100
    var maximumPercent = 200
    var hasCircuitBreaker = false
    var rollsBack = false

    /// Members that the request does not name keep their values.
    mutating func update(_ input: Input) throws(ECSFault) {
        minimumHealthyPercent = try input.integer("minimumHealthyPercent") ?? minimumHealthyPercent
        maximumPercent = try input.integer("maximumPercent") ?? maximumPercent
        guard minimumHealthyPercent >= 0, maximumPercent > 0 else {
            throw .parameter("Deployment percents must not be negative.")
        }
        guard minimumHealthyPercent < 100 || maximumPercent > 100 else {
            throw .parameter(
                "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.")
        }
        if let breaker = try input.object("deploymentCircuitBreaker") {
            hasCircuitBreaker = try breaker.bool("enable") ?? false
            rollsBack = try breaker.bool("rollback") ?? false
        }
    }

    var json: JSON {
        [
            "deploymentCircuitBreaker": ["enable": .bool(hasCircuitBreaker), "rollback": .bool(rollsBack)],
            "maximumPercent": .integer(maximumPercent), "minimumHealthyPercent": .integer(minimumHealthyPercent),
            "strategy": "ROLLING",
        ]
    }

    /// How many failures in a row trip the circuit breaker.
    /// (ECS Developer Guide, "Amazon ECS deployment circuit breaker": half the desired count, 3 to 200.)
    static func threshold(desiredCount: Int) -> Int { min(200, max(3, (desiredCount + 1) / 2)) }
}
