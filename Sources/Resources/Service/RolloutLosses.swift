import AWS
import Base

/// Why tasks of a rollout that is under way have stopped. Without a circuit breaker ECS goes on starting them for ever.
///
/// It is looked up once for each deployment: logs are not read with every look.
actor RolloutLosses {
    nonisolated let diagnosis: RolloutDiagnosis
    private var found: [String: [String]] = [:]
    /// Tasks that have stopped may not be listed yet.
    private var looks: [String: Int] = [:]
    private static let mostLooks = 3

    init(_ diagnosis: RolloutDiagnosis) { self.diagnosis = diagnosis }

    /// Lines for people; none where no task has failed.
    ///
    /// - Parameter revision: the ARN of the revision that is rolled out.
    func lines(_ service: ECSService, of revision: String, for resource: ResourceID) async -> [String] {
        guard let primary = service.primary, primary.taskDefinition == revision, primary.failedTasks > 0 else {
            return []
        }
        if let known = found[primary.id] { return known }
        guard looks[primary.id, default: 0] < Self.mostLooks else { return [] }
        looks[primary.id, default: 0] += 1
        let lines = await diagnosis.losses(service, wanted: revision, for: resource)
        if !lines.isEmpty { found[primary.id] = lines }
        return lines
    }
}
