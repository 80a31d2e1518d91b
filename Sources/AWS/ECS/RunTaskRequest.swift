import JSON

/// What RunTask is sent (ECS API Reference, RunTask): one task of one revision with one container's command replaced.
public struct RunTaskRequest: Sendable {
    public var cluster: String
    /// The ARN of the exact revision.
    public var taskDefinition: String
    public var container: String
    public var command: [String]
    public var environment: [String: String]
    public var taskRoleARN: String?
    public var launch: LaunchSettings
    /// At most 64 characters.
    public var clientToken: String
    /// At most 128 of `A-Za-z0-9_/-`.
    public var startedBy: String
    public var tags: [String: String]

    public init(
        cluster: String, taskDefinition: String, container: String, command: [String], environment: [String: String],
        taskRoleARN: String?, launch: LaunchSettings, clientToken: String, startedBy: String, tags: [String: String]
    ) {
        self.cluster = cluster
        self.taskDefinition = taskDefinition
        self.container = container
        self.command = command
        self.environment = environment
        self.taskRoleARN = taskRoleARN
        self.launch = launch
        self.clientToken = clientToken
        self.startedBy = startedBy
        self.tags = tags
    }

    var json: JSON {
        let environment = self.environment.sorted { $0.key.precedes($1.key) }
            .map { JSON.object(dropping: ["name": .string($0.key), "value": .string($0.value)]) }
        let container = JSON.object(dropping: [
            "name": .string(container), "command": JSON(command),
            "environment": environment.isEmpty ? nil : .array(environment),
        ])
        return .object(dropping: [
            "cluster": .string(cluster), "taskDefinition": .string(taskDefinition), "count": 1,
            "launchType": launch.launchType.map(JSON.string),
            "capacityProviderStrategy": launch.capacityProviderStrategy,
            "platformVersion": launch.platformVersion.map(JSON.string),
            "networkConfiguration": launch.networkConfiguration,
            "placementConstraints": launch.placementConstraints,
            "volumeConfigurations": launch.volumeConfigurations,
            "overrides": .object(dropping: [
                "containerOverrides": [container], "taskRoleArn": taskRoleARN.map(JSON.string),
            ]),
            "clientToken": .string(clientToken), "startedBy": .string(startedBy), "tags": Tags.write(tags),
        ])
    }
}
