import JSON

/// The services that the sandbox plays, as one value: what a front or a simulation holds.
public struct AWSModel: Sendable, Equatable {
    /// By the name in the credential scope of signatures.
    public enum Service: String, Sendable, CaseIterable {
        case ecs, ecr, logs, sts, lambda, ssm, events, scheduler, states
        case autoScaling = "application-autoscaling"

        /// What is before the dot in `X-Amz-Target`; nil where operations are not named so.
        public var targetPrefix: String? {
            switch self {
            case .ecs: "AmazonEC2ContainerServiceV20141113"
            case .ecr: "AmazonEC2ContainerRegistry_V20150921"
            case .logs: "Logs_20140328"
            case .ssm: "AmazonSSM"
            case .events: "AWSEvents"
            case .states: "AWSStepFunctions"
            case .sts, .lambda, .scheduler: nil
            case .autoScaling: "AnyScaleFrontendService"
            }
        }
    }

    public var ecs: ECSModel
    public var logs = LogsModel()
    /// What ECR shows. The one who holds the model keeps it up to date.
    public var images = ImageCatalogue()

    /// Who scales which service.
    public var scaling = ScalingModel()

    /// The plain values of the Parameter Store. The one who holds the model keeps them up to date.
    public var parameters = ParameterStore()

    /// What starts tasks by time or by events.
    private var rules = RuleModel()
    private var schedules = ScheduleModel()
    private var machines = StateMachineModel()

    /// - Parameter kept: a ``snapshot``, for what is not of ECS.
    public init(ecs: ECSModel, kept: JSON = [:]) {
        self.ecs = ecs
        rules = RuleModel(kept: kept["rules"])
        schedules = ScheduleModel(kept: kept["schedules"])
        machines = StateMachineModel(kept: kept["stateMachines"])
        // Lines do not outlive a restart, but their groups do.
        for revision in ecs.families.values.flatMap(\.revisions) {
            for container in revision.document["containerDefinitions"]?.elements ?? [] {
                guard let group = container["logConfiguration"]?["options"]?["awslogs-group"]?.string else { continue }
                logs.found(group)
            }
        }
    }

    /// Answers one call at a moment in milliseconds since 1970.
    public mutating func handle(
        _ service: Service, _ operation: String, _ input: JSON, at now: Int
    ) -> Result<JSON, ECSFault> {
        switch service {
        case .ecs: ecs.handle(operation, input, at: now)
        case .ecr: images.handle(operation, input, registry: ecs.account)
        case .logs: logs.handle(operation, input, region: ecs.region, account: ecs.account, at: now)
        case .sts: identity(operation)
        // Functions are programs: the one who holds the model runs them.
        case .lambda: .failure(.unknownOperation(operation))
        case .autoScaling: scaling.handle(operation, input)
        case .ssm: parameters.handle(operation, input, region: ecs.region, account: ecs.account)
        case .events: rules.handle(operation, input, ecs.naming)
        case .scheduler: schedules.handle(operation, input, ecs.naming, at: now)
        case .states: machines.handle(operation, input, ecs.naming)
        }
    }

    /// What outlives a restart.
    public var snapshot: JSON {
        var snapshot = ecs.snapshot
        snapshot["rules"] = rules.json
        snapshot["schedules"] = schedules.json
        snapshot["stateMachines"] = machines.json
        return snapshot
    }

    /// Grows with each change of what outlives a restart.
    public var stateVersion: Int { ecs.stateVersion + rules.changes + schedules.changes + machines.changes }

    private func identity(_ operation: String) -> Result<JSON, ECSFault> {
        guard operation == "GetCallerIdentity" else {
            return .failure(ECSFault("InvalidAction", "Could not find operation \(operation)"))
        }
        return .success([
            "Arn": .string(ecs.naming.caller), "UserId": "AIDASANDBOX", "Account": .string(ecs.account),
        ])
    }
}
