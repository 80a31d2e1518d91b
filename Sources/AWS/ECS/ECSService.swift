import JSON

/// A service as DescribeServices shows it (ECS API Reference, Service), reduced to what decisions and reports need.
public struct ECSService: Sendable, Equatable {
    public let name: String
    public let arn: String
    public let clusterARN: String
    public let status: String
    /// The ARN of the revision it points at.
    public let taskDefinition: String
    public let desiredCount: Int
    public let runningCount: Int
    public let pendingCount: Int
    public let deployments: [Deployment]
    /// The ARNs of the service revisions that it runs; empty where ECS does not tell.
    public let revisions: [String]
    /// The ARN of the service deployment that is under way; nil where ECS shows none.
    public let currentDeployment: String?
    /// Whether Amazon ECS Express Mode manages it. (ECS API Reference, Service, "resourceManagementType".)
    public let isExpress: Bool
    public let launch: LaunchSettings
    /// `ECS`, `CODE_DEPLOY` or `EXTERNAL`.
    public let deploymentController: String
    /// Whether it runs one task on each instance, so that it has no desired count of its own. (ECS API Reference, Service,
    /// "schedulingStrategy".)
    public let isDaemon: Bool
    /// In AWS's own shape.
    public let deploymentConfiguration: JSON?
    /// The newest first, as ECS lists them.
    public let events: [Event]
    /// When the oldest event that ECS shows was created, if older ones may have been dropped. In seconds since 1970.
    public let oldestEvent: Int64?
    /// As ECS writes it; nil if it does not.
    public let createdAt: String?

    public struct Event: Sendable, Equatable {
        public let id: String
        public let message: Untrusted
        /// In seconds since 1970; nil if ECS does not tell it as a number.
        public let createdAt: Int64?

        init?(_ json: JSON, hiding secrets: Secrets) {
            guard let id = json["id"]?.string, let message = json["message"]?.string else { return nil }
            self.id = id
            self.message = Untrusted(message, hiding: secrets)
            createdAt = json["createdAt"]?.wholeSeconds
        }

        /// Whether it says that ECS gave a deployment up. (ECS Developer Guide, "Service event messages": "deployment failed:
        /// tasks failed to start", "deployment failed: alarm detected", "rolling back to deployment".)
        public var isOfFailure: Bool {
            message.mentions("deployment failed") || message.mentions("rolling back")
        }

        /// Whether it says that all is as it should be. (ECS Developer Guide, "Service event messages".)
        public var isSteadyState: Bool { message.mentions("has reached a steady state") }

        /// Whether it only counts what other events or stopped tasks explain. (The same page: "is unable to consistently start
        /// tasks successfully".)
        public var isSummary: Bool { message.mentions("unable to consistently start tasks") }

        /// Whether it belongs to every rollout that goes well. What a later ECS says is not routine.
        public var isRoutine: Bool {
            isSteadyState
                || [
                    ") has started ", ") has stopped ", " draining connections", ") registered ", ") deregistered ",
                    " deployment completed", "computeddesiredcount",
                ].contains(where: message.mentions)
        }
    }

    init(_ json: JSON, _ reader: AnswerReader) throws(AWSError) {
        name = try reader.string("serviceName", of: json, "a service")
        let what = "service \(name)"
        arn = try reader.string("serviceArn", of: json, what)
        clusterARN = try reader.string("clusterArn", of: json, what)
        taskDefinition = try reader.text("taskDefinition", of: json, what) ?? ""
        status = try reader.string("status", of: json, what)
        // Counts are evidence of a rollout: none of them may be 0 because it was left out.
        desiredCount = try reader.integer("desiredCount", of: json, what)
        runningCount = try reader.integer("runningCount", of: json, what)
        pendingCount = try reader.integer("pendingCount", of: json, what)
        deployments = try (reader.list("deployments", of: json, what) ?? []).map { (deployment) throws(AWSError) in
            try Deployment(deployment, reader)
        }
        revisions = (json["currentServiceRevisions"]?.elements ?? []).compactMap { $0["arn"]?.string }
        currentDeployment = try reader.text("currentServiceDeployment", of: json, what)
        isExpress = try reader.text("resourceManagementType", of: json, what) == "ECS"
        var launch = LaunchSettings(json)
        let primary = (json["deployments"]?.elements ?? []).first { $0["status"] == "PRIMARY" }
        let volumes = status == Self.absent ? json["volumeConfigurations"] : primary?["volumeConfigurations"]
        launch.volumeConfigurations = volumes.flatMap { $0.elements.isEmpty ? nil : $0 }
        self.launch = launch
        deploymentController = try reader.text("type", of: json["deploymentController"], what) ?? "ECS"
        isDaemon = try reader.text("schedulingStrategy", of: json, what) == "DAEMON"
        deploymentConfiguration = json["deploymentConfiguration"]
        let shown = (json["events"]?.elements ?? []).compactMap { Event($0, hiding: reader.secrets) }
        // The newest tell what is going on; a hundred of each service of a fleet would only take memory. Those about failed
        // deployments are kept: they may be all that is left of one. So is the newest that says how the service is.
        let newest = shown.firstIndex { !$0.isRoutine || $0.isSteadyState }
        events = shown.enumerated().filter { $0 < Self.eventsKept || $0 == newest || $1.isOfFailure }.map(\.element)
        createdAt = json["createdAt"].flatMap { $0 == .null ? nil : $0.canonical }
        oldestEvent = shown.count < Self.eventsShown ? nil : shown.last?.createdAt
    }

    /// A service that is not there yet, as it would be created.
    ///
    /// - Parameters:
    ///   - settings: in the shape of CreateService.
    ///   - deleted: the one of that name that ECS still tells of.
    public init(
        absent name: String, clusterARN: String, settings: JSON, after deleted: ECSService?, hiding secrets: Secrets
    ) throws(AWSError) {
        var json = settings
        json["createdAt"] = deleted?.createdAt.flatMap(Double.init).map(JSON.double)
        json["taskDefinition"] = nil
        json["serviceName"] = .string(name)
        json["serviceArn"] = .string(clusterARN.replacing(":cluster/", with: ":service/") + "/" + name)
        json["clusterArn"] = .string(clusterARN)
        json["status"] = .string(Self.absent)
        for count in ["desiredCount", "runningCount", "pendingCount"] { json[count] = 0 }
        try self.init(json, AnswerReader(operation: "ecs:DescribeServices", secrets: secrets))
    }

    /// The status of a service that is not there yet: none of ECS's own.
    private static let absent = "ABSENT"
    public var isAbsent: Bool { status == Self.absent }

    private static let eventsKept = 10
    /// ECS shows the newest 100 (ECS API Reference, Service, "events").
    private static let eventsShown = 100

    public var primary: Deployment? { deployments.first { $0.status == "PRIMARY" } }
}

/// One deployment of a service (ECS API Reference, Deployment).
public struct Deployment: Sendable, Equatable {
    public let id: String
    /// `PRIMARY`, `ACTIVE` or `INACTIVE`.
    public let status: String
    public let taskDefinition: String
    /// `IN_PROGRESS`, `COMPLETED` or `FAILED`; nil where ECS does not tell. A later value stays as its text.
    public let rolloutState: String?
    public let rolloutStateReason: Untrusted?
    public let desiredCount: Int
    public let runningCount: Int
    public let pendingCount: Int
    public let failedTasks: Int
    /// In seconds since 1970; nil where it is not a number.
    public let createdAt: Int64?

    init(_ json: JSON, _ reader: AnswerReader) throws(AWSError) {
        id = try reader.string("id", of: json, "a deployment")
        let what = "deployment \(id)"
        status = try reader.string("status", of: json, what)
        taskDefinition = try reader.string("taskDefinition", of: json, what)
        rolloutState = try reader.text("rolloutState", of: json, what)
        rolloutStateReason = try reader.untrusted("rolloutStateReason", of: json, what)
        desiredCount = try reader.integer("desiredCount", of: json, what)
        runningCount = try reader.integer("runningCount", of: json, what)
        pendingCount = try reader.integer("pendingCount", of: json, what)
        createdAt = json["createdAt"]?.wholeSeconds
        failedTasks = try reader.number("failedTasks", of: json, what) ?? 0
    }
}

/// How a service launches its tasks, in AWS's own shapes: a migration task is launched the same way.
public struct LaunchSettings: Sendable, Equatable {
    public var launchType: String?
    public var capacityProviderStrategy: JSON?
    public var platformVersion: String?
    public var networkConfiguration: JSON?
    public var placementConstraints: JSON?
    /// Of volumes that are configured at launch; a service shows them in its deployments only.
    public var volumeConfigurations: JSON?
    /// Members of RunTask's overrides, such as `cpu`.
    public var size: JSON = [:]
    public var tags: [String: String] = [:]
    /// Nil where none are.
    public var propagateTags: String?
    public var enableECSManagedTags = false

    public init(_ json: JSON) {
        launchType = json["launchType"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        capacityProviderStrategy = json["capacityProviderStrategy"].flatMap { $0.elements.isEmpty ? nil : $0 }
        platformVersion = json["platformVersion"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        networkConfiguration = json["networkConfiguration"].flatMap { ($0.object?.isEmpty ?? true) ? nil : $0 }
        placementConstraints = json["placementConstraints"].flatMap { $0.elements.isEmpty ? nil : $0 }
    }

    /// In AWS's own shape, as RunTask takes it.
    public var json: JSON {
        .members([
            "launchType": launchType, "capacityProviderStrategy": capacityProviderStrategy,
            "platformVersion": platformVersion, "networkConfiguration": networkConfiguration,
            "placementConstraints": placementConstraints, "volumeConfigurations": volumeConfigurations,
            "propagateTags": propagateTags, "enableECSManagedTags": enableECSManagedTags ? true : nil,
        ])
    }

    /// All of it, for a comparison.
    public var content: JSON {
        var content = json
        if size != [:] { content["size"] = size }
        if !tags.isEmpty { content["tags"] = Tags.write(tags) }
        return content
    }
}
