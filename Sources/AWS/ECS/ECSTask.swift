import JSON

/// A task as DescribeTasks shows it (ECS API Reference, Task).
public struct ECSTask: Sendable, Equatable {
    public let arn: String
    public let taskDefinition: String
    /// nil where the answer does not name it, as after a repeated RunTask.
    public let clusterARN: String?
    /// `PROVISIONING`, `PENDING`, `ACTIVATING`, `RUNNING`, `DEACTIVATING`, `STOPPING`, `DEPROVISIONING`, `STOPPED`; a later
    /// value stays as its text and is never taken for an end.
    public let lastStatus: String
    public let desiredStatus: String
    public let startedBy: String?
    public let stopCode: String?
    /// The same for people: a server may write anything there.
    public let shownStopCode: Untrusted?
    public let stoppedReason: Untrusted?
    /// Whether ECS ever saw the task run: nil as long as its containers were not started.
    public let hasStarted: Bool
    /// When its containers had ended, in seconds since 1970; nil if ECS does not tell. (ECS API Reference, Task.)
    public let executionStoppedAt: Int64?
    public let containers: [Container]
    public let tags: [String: String]
    /// The variables that RunTask added to those of the definition, for each container.
    /// (ECS API Reference, TaskOverride.)
    public let environments: [[String: String]]

    public struct Container: Sendable, Equatable {
        public let name: String
        public let lastStatus: String?
        /// nil where the container never ran, or where ECS did not learn how it ended. Never to be read as 0.
        public let exitCode: Int?
        public let reason: Untrusted?
        public let imageDigest: String?

        init(_ json: JSON, _ reader: AnswerReader, _ what: String) throws(AWSError) {
            name = try reader.string("name", of: json, what)
            lastStatus = try reader.text("lastStatus", of: json, what)
            exitCode = try reader.number("exitCode", of: json, what)
            reason = try reader.untrusted("reason", of: json, what)
            imageDigest = try reader.text("imageDigest", of: json, what)
        }
    }

    init(_ json: JSON, _ reader: AnswerReader) throws(AWSError) {
        arn = try reader.string("taskArn", of: json, "a task")
        let what = "task \(arn)"
        // A repeated RunTask answers with no more than ARN and states.
        taskDefinition = try reader.text("taskDefinitionArn", of: json, what) ?? ""
        clusterARN = try reader.text("clusterArn", of: json, what)
        lastStatus = try reader.string("lastStatus", of: json, what)
        desiredStatus = try reader.text("desiredStatus", of: json, what) ?? ""
        startedBy = try reader.text("startedBy", of: json, what)
        stopCode = try reader.text("stopCode", of: json, what)
        shownStopCode = stopCode.map { Untrusted($0, hiding: reader.secrets) }
        stoppedReason = try reader.untrusted("stoppedReason", of: json, what)
        executionStoppedAt = json["executionStoppedAt"]?.double.flatMap { Int64(exactly: $0.rounded(.up)) }
        hasStarted = json["startedAt"].map { !$0.isNull } ?? false
        containers = try (reader.list("containers", of: json, what) ?? []).map { (container) throws(AWSError) in
            try Container(container, reader, "a container of \(what)")
        }
        guard Set(containers.map(\.name)).count == containers.count else {
            throw reader.malformed("\(what) has two containers of one name")
        }
        environments = (json["overrides"]?["containerOverrides"]?.elements ?? []).map { override in
            (override["environment"]?.elements ?? []).reduce(into: [:]) { variables, pair in
                if let name = pair["name"]?.string { variables[name] = pair["value"]?.string }
            }
        }
        tags = try reader.tags(of: json, what)
    }

    /// The last part of the ARN, as it stands in log stream names.
    public var id: String { arn.split(separator: "/").last.map(String.init) ?? arn }
}

/// ECS's list of `{"key", "value"}` objects as a dictionary, and back in order of keys.
public enum Tags {
    /// Of a document that is not an answer: what is no tag is passed over.
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
