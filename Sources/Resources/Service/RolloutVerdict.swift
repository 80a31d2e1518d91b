import AWS

/// What a service's deployments prove about a rollout. Converged needs positive evidence.
enum RolloutVerdict: Sendable, Equatable {
    /// The primary deployment is COMPLETED on the wanted revision and no old task remains.
    case completed
    case inProgress(String)
    /// It has come as far as this manifest waits for, and goes on by itself.
    case reached(String)
    /// A read may not show yet what became of it.
    case unseen(String)
    /// ECS gave it up; with a roll-back the service goes on with another revision.
    case failed(reason: String, rolledBackTo: String?)
    /// The service is on its way to a revision that is neither the wanted one nor the one before.
    case replaced(by: String)

    /// What is said while its end is not there; nil at an end.
    var progress: String? {
        switch self {
        case .inProgress(let text), .reached(let text), .unseen(let text): text
        case .completed, .failed, .replaced: nil
        }
    }

    /// - Parameters:
    ///   - wanted: the ARN of the revision.
    ///   - previous: the revision that the service pointed at before the update.
    ///   - maySeeStale: whether the update is so young that a read may not show it yet.
    ///   - own: the deployment that the update started.
    static func judge(
        _ service: ECSService, wanted: String, previous: String?, maySeeStale: Bool, own: OwnDeployment = .unknown
    ) -> RolloutVerdict {
        let ours = service.deployments.filter { $0.taskDefinition == wanted }
        guard let primary = service.primary else { return .inProgress("the service shows no primary deployment") }
        if primary.taskDefinition != wanted {
            let isOurs: (Deployment) -> Bool = { !maySeeStale || own.mayBe($0) }
            if let failed = ours.first(where: { $0.rolloutState == "FAILED" && isOurs($0) }) {
                return .failed(reason: reason(failed), rolledBackTo: primary.taskDefinition)
            }
            if maySeeStale, !own.isReplaced(in: service.deployments) {
                return .unseen("the update is not visible yet")
            }
            if primary.taskDefinition == previous {
                return .failed(
                    reason: primary.rolloutStateReason?.description ?? "", rolledBackTo: primary.taskDefinition)
            }
            return .replaced(by: primary.taskDefinition)
        }
        if maySeeStale, !own.mayBe(primary), !own.isReplaced(in: service.deployments) {
            return .unseen("the update is not visible yet")
        }
        let others = service.deployments.filter { $0.id != primary.id }
        let old = others.reduce(0) { $0 + $1.runningCount + $1.pendingCount }
        let progress =
            "\(primary.runningCount) of \(primary.desiredCount) new tasks running"
            + (old > 0 ? ", \(old) old to stop" : "")
        switch primary.rolloutState {
        case "COMPLETED": return old == 0 ? .completed : .inProgress(progress)
        case "FAILED": return .failed(reason: reason(primary), rolledBackTo: nil)
        case "IN_PROGRESS": return .inProgress(progress)
        case nil:
            // ECS tells no rollout state behind a Classic Load Balancer: then counts are the evidence, as for the
            // ServicesStable waiter.
            let isStable = others.isEmpty && primary.runningCount == service.desiredCount && primary.pendingCount == 0
            return isStable ? .completed : .inProgress(progress)
        case let unknown?: return .inProgress("rollout state \(unknown)")
        }
    }

    /// What the count of a completed rollout proves. Another count than the wanted one was set since, by auto scaling or by another
    /// user, and is not waited for: the next change sets it again if it is ours.
    ///
    /// - Parameter maySeeStale: whether the count may be that of before the update.
    static func counting(_ service: ECSService, to count: Int, maySeeStale: Bool) -> RolloutVerdict {
        let isThere = service.desiredCount == count && service.runningCount == count
        if isThere || service.desiredCount != count && !maySeeStale { return .completed }
        return .inProgress("\(service.runningCount) of \(count) tasks running")
    }

    private static func reason(_ deployment: Deployment) -> String {
        deployment.rolloutStateReason?.description ?? "\(deployment.failedTasks) tasks failed"
    }
}
