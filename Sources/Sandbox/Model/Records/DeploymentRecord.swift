import JSON

/// One deployment of a service (ECS API Reference, Deployment).
struct DeploymentRecord: Sendable, Equatable {
    enum Rollout: String, Sendable, Equatable {
        case inProgress = "IN_PROGRESS"
        case completed = "COMPLETED"
        case failed = "FAILED"
    }

    /// `ecs-svc/` and 19 digits: what its tasks carry as `startedBy`.
    let id: String
    let definition: String
    let createdAt: Int
    let settings: LaunchSettings
    var updatedAt: Int
    var rollout = Rollout.inProgress
    var reason: String
    /// Failures since a task was healthy last: what the circuit breaker counts.
    var failedTasks = 0
    /// No task is launched before; set after failures.
    var throttledUntil: Int?
    /// When the circuit breaker gave it up.
    var failedAt: Int?

    init(id: String, definition: String, settings: LaunchSettings, at now: Int) {
        self.id = id
        self.definition = definition
        self.settings = settings
        createdAt = now
        updatedAt = now
        reason = "ECS deployment \(id) in progress."
    }
}

/// How tasks are placed and connected, in AWS's own shapes.
struct LaunchSettings: Sendable, Equatable {
    var launchType: String?
    var capacityProviderStrategy: JSON?
    var platformVersion: String?
    var networkConfiguration: JSON?
    /// Of volumes that are configured at launch.
    var volumeConfigurations: JSON?

    var subnet: String? {
        networkConfiguration?["awsvpcConfiguration"]?["subnets"]?.elements.first?.string
    }

    /// The members of services and deployments that show them.
    var members: JSONObject {
        var members = JSONObject()
        members["launchType"] = launchType.map(JSON.string)
        members["capacityProviderStrategy"] = capacityProviderStrategy
        members["platformVersion"] = platformVersion.map(JSON.string)
        members["networkConfiguration"] = networkConfiguration
        members["volumeConfigurations"] = volumeConfigurations
        return members
    }

    init(_ input: Input) throws(ECSFault) {
        launchType = try input.string("launchType")
        capacityProviderStrategy = try input.list("capacityProviderStrategy").flatMap { $0.isEmpty ? nil : .array($0) }
        platformVersion = try input.string("platformVersion")
        networkConfiguration = try input.object("networkConfiguration")?.json
        volumeConfigurations = try input.list("volumeConfigurations").flatMap { $0.isEmpty ? nil : .array($0) }
    }
}
