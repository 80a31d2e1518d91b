import JSON

/// What a rule or a schedule starts in an ECS cluster.
public struct ScheduledTask: Sendable, Equatable {
    /// Which target of a rule it is; nil for a schedule, which has one.
    public let target: String?
    /// The ARN of the cluster.
    public let cluster: String
    /// As it is written: a family or an ARN, with a revision or without.
    public let definition: String
    /// The ARN of the role that it starts the task with.
    public let role: String?

    public init(target: String?, cluster: String, definition: String, role: String? = nil) {
        self.role = role
        self.target = target
        self.cluster = cluster
        self.definition = definition
    }

    /// - Returns: nil for another target than an ECS task. (EventBridge API Reference, Target; EventBridge Scheduler API Reference,
    ///   Target: "Arn" is the cluster's.)
    init?(_ target: JSON, _ reader: AnswerReader) throws(AWSError) {
        guard let task = target["EcsParameters"], !task.isNull else { return nil }
        self.init(
            target: try reader.text("Id", of: target, "a target"),
            cluster: try reader.string("Arn", of: target, "a target"),
            definition: try reader.string("TaskDefinitionArn", of: task, "EcsParameters of a target"),
            role: try reader.text("RoleArn", of: target, "a target"))
    }

    /// The same target with another task definition, and all else as it was.
    public static func moved(_ target: JSON, to definition: String) -> JSON {
        var target = target
        target["EcsParameters"]?["TaskDefinitionArn"] = .string(definition)
        return target
    }
}

extension Secrets {
    /// What a target hands to the containers of its task: its input is RunTask's overrides, as a text of JSON.
    func learn(fromInputOf target: JSON) {
        guard let input = target["Input"]?.string else { return }
        // Only JSON can set variables.
        do { learn(from: ["overrides": try JSON.parse(input)]) } catch {}
    }
}
