import JSON

/// A service deployment as DescribeServiceDeployments shows it (ECS API Reference, ServiceDeployment): the way of a service
/// from the revisions that it runs to another one, through the stages of its strategy.
public struct ServiceDeployment: Sendable, Equatable {
    public let arn: String
    /// One of ECS's words, or a later one as its text.
    public let status: String
    public let statusReason: Untrusted?
    /// In seconds since 1970; nil where ECS does not tell it as a number.
    public let createdAt: Int64?
    /// When it changed last, in seconds since 1970.
    public let updatedAt: Int64?
    /// The ARN of the service revision that it brings about.
    public let target: String
    /// How much of the production traffic that one has, in percent; nil where ECS does not tell.
    public let share: Double?
    public let runningCount: Int?
    public let requestedCount: Int?
    /// Such as `BAKE_TIME`; nil before the first, and where there are none.
    public let stage: String?
    public let hooks: [Hook]
    /// The names of CloudWatch alarms that went off while it was watched.
    public let alarms: [Untrusted]
    public let rollbackReason: Untrusted?
    private let isBreakerTripped: Bool

    /// A lifecycle hook of the present stage (ECS API Reference, DeploymentLifecycleHookDetail).
    public struct Hook: Sendable, Equatable {
        public let id: String
        /// Whether it waits for a person to call ContinueServiceDeployment.
        public let isPause: Bool
        /// The ARN of its function; nil for a pause.
        public let function: String?
        /// `AWAITING_ACTION`, `IN_PROGRESS`, `SUCCEEDED`, `FAILED` or `TIMED_OUT`.
        public let status: String
        /// In seconds since 1970.
        public let expiresAt: Int64?
        /// What ECS does then: `ROLLBACK` or `CONTINUE`.
        public let timeoutAction: String?

        public var waitsForPerson: Bool { isPause && status == "AWAITING_ACTION" }

        init(_ json: JSON, _ reader: AnswerReader) throws(AWSError) {
            let what = "a lifecycle hook"
            id = try reader.string("hookId", of: json, what)
            isPause = try reader.text("targetType", of: json, what) == "PAUSE"
            function = try reader.text("targetArn", of: json, what)
            status = try reader.string("status", of: json, what)
            expiresAt = json["expiresAt"]?.wholeSeconds
            timeoutAction = try reader.text("timeoutAction", of: json, what)
        }
    }

    init(_ json: JSON, _ reader: AnswerReader) throws(AWSError) {
        arn = try reader.string("serviceDeploymentArn", of: json, "a service deployment")
        let what = "service deployment \(arn)"
        status = try reader.string("status", of: json, what)
        statusReason = try reader.untrusted("statusReason", of: json, what)
        createdAt = json["createdAt"]?.wholeSeconds
        updatedAt = json["updatedAt"]?.wholeSeconds
        let revision = try reader.object("targetServiceRevision", of: json)
        target = try reader.string("arn", of: revision, what)
        share = revision["requestedProductionTrafficWeight"]?.double
        runningCount = revision["runningTaskCount"]?.integer
        requestedCount = revision["requestedTaskCount"]?.integer
        stage = try reader.text("lifecycleStage", of: json, what)
        hooks = try (reader.list("lifecycleHookDetails", of: json, what) ?? []).map { (hook) throws(AWSError) in
            try Hook(hook, reader)
        }
        alarms = (json["alarms"]?["triggeredAlarmNames"]?.elements ?? []).compactMap(\.string).map {
            Untrusted($0, hiding: reader.secrets)
        }
        isBreakerTripped = json["deploymentCircuitBreaker"]?["status"] == "TRIGGERED"
        rollbackReason = try json["rollback"].flatMap { (rollback) throws(AWSError) in
            rollback == .null ? nil : try reader.untrusted("reason", of: rollback, what)
        }
    }

    /// Whether it was ended, and not by ECS's own watch, the circuit breaker or an alarm: then another one has come.
    public var isOvertaken: Bool { status == "STOPPED" && !isBreakerTripped && alarms.isEmpty }

    /// Whether nothing about it changes any more. (ECS API Reference, ServiceDeployment, "status".)
    public var isOver: Bool {
        ["SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"].contains(status)
    }
}

extension JSON {
    /// A moment of AWS's JSON protocol, in seconds since 1970.
    var wholeSeconds: Int64? { double.flatMap { Int64(exactly: $0.rounded(.down)) } }
}
