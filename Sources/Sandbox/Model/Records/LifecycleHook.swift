import JSON

/// The stages of a service deployment, in their order (ECS API Reference, ServiceDeployment, "lifecycleStage").
enum LifecycleStage: String, Sendable, Equatable, CaseIterable {
    case reconcileService = "RECONCILE_SERVICE"
    case preScaleUp = "PRE_SCALE_UP"
    case scaleUp = "SCALE_UP"
    case postScaleUp = "POST_SCALE_UP"
    case testTrafficShift = "TEST_TRAFFIC_SHIFT"
    case postTestTrafficShift = "POST_TEST_TRAFFIC_SHIFT"
    /// Of hooks alone: the model's enum of stages does not have it.
    case preProductionTrafficShift = "PRE_PRODUCTION_TRAFFIC_SHIFT"
    case productionTrafficShift = "PRODUCTION_TRAFFIC_SHIFT"
    case postProductionTrafficShift = "POST_PRODUCTION_TRAFFIC_SHIFT"
    case bakeTime = "BAKE_TIME"
    case cleanUp = "CLEAN_UP"

    var next: LifecycleStage? {
        let all = Self.allCases
        return all.firstIndex(of: self).flatMap { $0 + 1 < all.count ? all[$0 + 1] : nil }
    }

    static func < (left: LifecycleStage, right: LifecycleStage) -> Bool {
        (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
}

/// A hook as a service's configuration has it (ECS API Reference, DeploymentLifecycleHook).
struct LifecycleHook: Sendable, Equatable {
    /// The ARN of the Lambda function; nil for one that waits for a person (PAUSE).
    let function: String?
    let stages: [LifecycleStage]
    let timeoutInMinutes: Int
    let rollsBackAtTimeout: Bool
    let json: JSON

    /// (ECS API Reference, DeploymentLifecycleHookTimeoutConfiguration: 24 hours, then ROLLBACK.)
    private static let defaultTimeout = 1_440

    init(_ input: Input) throws(ECSFault) {
        json = input.json
        let kind = try input.string("targetType") ?? "AWS_LAMBDA"
        let stages = try input.strings("lifecycleStages") ?? []
        self.stages = stages.compactMap(LifecycleStage.init)
        guard !stages.isEmpty, self.stages.count == stages.count, !stages.contains("SCALE_UP"),
            !stages.contains("BAKE_TIME"), !stages.contains("CLEAN_UP")
        else { throw .parameter("Invalid lifecycle stages: \(stages.joined(separator: ", "))") }
        switch kind {
        case "AWS_LAMBDA":
            guard let function = try input.string("hookTargetArn") else {
                throw .parameter("hookTargetArn is required for AWS_LAMBDA hooks.")
            }
            self.function = function
        case "PAUSE":
            guard !stages.contains("TEST_TRAFFIC_SHIFT"), !stages.contains("PRODUCTION_TRAFFIC_SHIFT") else {
                throw .parameter("PAUSE hooks are not supported at TEST_TRAFFIC_SHIFT and PRODUCTION_TRAFFIC_SHIFT.")
            }
            function = nil
        default: throw .parameter("Invalid targetType: \(kind)")
        }
        let timeout = try input.object("timeoutConfiguration")
        timeoutInMinutes = try timeout?.integer("timeoutInMinutes") ?? Self.defaultTimeout
        rollsBackAtTimeout = try timeout?.string("action") != "CONTINUE"
    }
}
