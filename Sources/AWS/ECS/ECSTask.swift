import JSON

/// A task as DescribeTasks shows it (ECS API Reference, Task).
public struct ECSTask: Sendable, Equatable {
    public let arn: String
    public let taskDefinition: String
    /// `PROVISIONING`, `PENDING`, `ACTIVATING`, `RUNNING`, `DEACTIVATING`, `STOPPING`, `DEPROVISIONING`, `STOPPED`; a later
    /// value stays as its text and is never taken for an end.
    public let lastStatus: String
    public let desiredStatus: String
    public let startedBy: String?
    public let stopCode: String?
    public let stoppedReason: String?
    /// Whether ECS ever saw the task run: nil as long as its containers were not started.
    public let hasStarted: Bool
    public let containers: [Container]
    public let tags: [String: String]

    public struct Container: Sendable, Equatable {
        public let name: String
        public let lastStatus: String?
        /// nil where the container never ran, or where ECS did not learn how it ended. Never to be read as 0.
        public let exitCode: Int?
        public let reason: String?
        public let imageDigest: String?
    }

    init(_ json: JSON, _ reader: AnswerReader) throws(AWSError) {
        arn = try reader.string("taskArn", of: json, "a task")
        // A repeated RunTask answers with no more than ARN and states.
        taskDefinition = json["taskDefinitionArn"]?.string ?? ""
        lastStatus = try reader.string("lastStatus", of: json, "task \(arn)")
        desiredStatus = json["desiredStatus"]?.string ?? ""
        startedBy = json["startedBy"]?.string
        stopCode = json["stopCode"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        stoppedReason = json["stoppedReason"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        hasStarted = json["startedAt"].map { !$0.isNull } ?? false
        containers = (json["containers"]?.elements ?? []).map { container in
            Container(
                name: container["name"]?.string ?? "", lastStatus: container["lastStatus"]?.string,
                exitCode: container["exitCode"]?.integer, reason: container["reason"]?.string,
                imageDigest: container["imageDigest"]?.string)
        }
        tags = Tags.read(json["tags"])
    }

    /// The last part of the ARN, as it stands in log stream names.
    public var id: String { arn.split(separator: "/").last.map(String.init) ?? arn }
}

/// ECS's list of `{"key", "value"}` objects as a dictionary, and back in order of keys.
public enum Tags {
    public static func read(_ json: JSON?) -> [String: String] {
        (json?.elements ?? []).reduce(into: [:]) { tags, tag in
            if let key = tag["key"]?.string { tags[key] = tag["value"]?.string ?? "" }
        }
    }

    public static func write(_ tags: [String: String]) -> JSON {
        .array(
            tags.sorted { $0.key.precedes($1.key) }.map { ["key": .string($0.key), "value": .string($0.value)] })
    }
}
