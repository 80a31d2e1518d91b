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

    /// What shows that an answer is not to this request; nil if nothing does. A repeat names no revision.
    func refusal(of tasks: [ECSTask]) -> String? {
        guard tasks.count <= 1 else { return "the answer has \(tasks.count) tasks, and one was asked for" }
        guard let task = tasks.first else { return nil }
        guard ClusterName(cluster).mayHave(task) else {
            return "the answer has task \(task.arn), which is not in \(cluster)"
        }
        // What a server does not show says nothing.
        if let other = task.startedBy, other != startedBy { return "the answer has a task that \(other) started" }
        for (key, value) in tags {
            if let other = task.tags[key], other != value { return "the answer has a task with \(key)=\(other)" }
        }
        let revision = task.taskDefinition
        let isOther = !revision.isEmpty && revision != taskDefinition && !revision.hasSuffix("/\(taskDefinition)")
        return isOther ? "the answer has a task of \(revision), not of \(taskDefinition)" : nil
    }

    var json: JSON {
        let environment = self.environment.sorted { $0.key.precedes($1.key) }
            .map { JSON.members(["name": $0.key, "value": $0.value]) }
        let container = JSON.members([
            "name": container, "command": command, "environment": environment.isEmpty ? nil : environment,
        ])
        var request: JSON = .members([
            "cluster": cluster, "taskDefinition": taskDefinition, "count": 1,
            "overrides": overrides(container), "clientToken": clientToken, "startedBy": startedBy,
            "tags": Tags.write(launch.tags.merging(tags) { $1 }),
        ])
        for member in launch.json.object?.members ?? [] { request[member.key] = member.value }
        return request
    }

    private func overrides(_ container: JSON) -> JSON {
        var overrides = JSON.members(["containerOverrides": [container], "taskRoleArn": taskRoleARN])
        for member in launch.size.object?.members ?? [] { overrides[member.key] = member.value }
        return overrides
    }
}
