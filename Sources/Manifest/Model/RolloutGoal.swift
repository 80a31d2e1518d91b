/// When an apply is done with a service: once its deployment is completed, or has come to a stage.
///
/// The stages are those of ECS, in their order and with ECS's own names. (ECS API Reference, ServiceDeployment,
/// "lifecycleStage".)
public enum RolloutGoal: String, Sendable, CaseIterable {
    case completed
    case postScaleUp = "POST_SCALE_UP"
    case postTestTrafficShift = "POST_TEST_TRAFFIC_SHIFT"
    case productionTrafficShift = "PRODUCTION_TRAFFIC_SHIFT"
    case postProductionTrafficShift = "POST_PRODUCTION_TRAFFIC_SHIFT"
    case bakeTime = "BAKE_TIME"
    case cleanUp = "CLEAN_UP"

    private static let stages = [
        "RECONCILE_SERVICE", "PRE_SCALE_UP", "SCALE_UP", "POST_SCALE_UP", "TEST_TRAFFIC_SHIFT",
        "POST_TEST_TRAFFIC_SHIFT", "PRE_PRODUCTION_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT",
        "POST_PRODUCTION_TRAFFIC_SHIFT", "BAKE_TIME", "CLEAN_UP",
    ]

    /// Whether a deployment that is in a stage has come so far. A stage that is not known is before all others.
    public func isReached(at stage: String?) -> Bool {
        guard self != .completed, let stage, let there = Self.stages.firstIndex(of: stage),
            let wanted = Self.stages.firstIndex(of: rawValue)
        else { return false }
        return there >= wanted
    }
}
