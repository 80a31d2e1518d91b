import AWS
import Base
import Reconciler

/// What the service's deployments add to what DescribeServices lists of it.
extension ServiceResource {
    /// The deployment of an open step, or else the newest; nil where the list is enough, or ECS shows none.
    ///
    /// - Parameters:
    ///   - isMoving: whether the service is about to be updated: then the one before is told from the one to come.
    ///   - isRepeat: whether it is about to be deployed to a revision that it was deployed to before.
    func deployment(
        of service: ECSService, _ strategy: RolloutStrategy, _ pending: Step?, isMoving: Bool, isRepeat: Bool
    ) async throws(Failure) -> SeenDeployment? {
        guard strategy.isWatched else {
            return isRepeat && pending == nil ? await access.deployments.newestShown(of: service, for: id) : nil
        }
        if let pending, !pending.order.deploys { return nil }
        if let pending { return try await access.deployments.started(by: order(of: pending), on: service, for: id) }
        let isQuiet =
            service.currentDeployment == nil && service.deployments.count == 1
            && service.primary?.rolloutState == "COMPLETED"
        return isQuiet && !isMoving ? nil : try await access.deployments.newest(of: service, for: id)
    }

    private func order(of step: Step) -> DeploymentOrder {
        DeploymentOrder(
            sequence: step.intent.sequence, announced: step.intent.awsTime, revision: step.order.revision,
            after: step.order.newestDeployment)
    }

    /// What the list lets one guess, once ECS's own verdict on the deployment was heard.
    func confirmed(
        _ listed: RolloutVerdict, of step: Step, _ service: ECSService, _ deployment: SeenDeployment?, isYoung: Bool,
        in context: Context
    ) async throws(Failure) -> RolloutVerdict {
        let strategy = RolloutStrategy(service.deploymentConfiguration)
        var deployment = deployment
        if deployment == nil {
            if strategy.isWatched, step.order.deploys {
                return try await unfound(listed, service, strategy, isYoung: isYoung, in: context)
            }
            guard isGuess(listed, of: step, service) else { return listed }
            // A roll-back and another user's deployment look alike in the list, and so does what it may not show yet.
            deployment = await access.deployments.shown(by: order(of: step), on: service, for: id)
        }
        guard let deployment else { return listed }
        let progress = DeploymentProgress(deployment.deployment, strategy, now: context.awsTime()?.seconds)
        return DeploymentVerdict.judge(
            deployment, listed: listed, on: service, until: spec.until, progress: progress.text)
    }

    /// Where its own deployment is not shown: the list is never believed that it is done while some deployment goes on.
    private func unfound(
        _ listed: RolloutVerdict, _ service: ECSService, _ strategy: RolloutStrategy, isYoung: Bool, in context: Context
    ) async throws(Failure) -> RolloutVerdict {
        if isYoung { return .unseen("its deployment is not visible yet") }
        guard listed == .completed, let newest = try await access.deployments.newest(of: service, for: id),
            !newest.deployment.isOver
        else { return listed }
        let progress = DeploymentProgress(newest.deployment, strategy, now: context.awsTime()?.seconds)
        return .inProgress(progress.text)
    }

    /// Whether a verdict follows from what another deployment shows, and none from the update's own.
    private func isGuess(_ verdict: RolloutVerdict, of step: Step, _ service: ECSService) -> Bool {
        switch verdict {
        case .replaced: true
        case .failed:
            !service.deployments.contains { $0.taskDefinition == step.order.revision && $0.rolloutState == "FAILED" }
        case .unseen: step.receipt?.deployment.isEmpty == false
        case .completed, .inProgress, .reached: false
        }
    }

    /// How the rollout of the revision that it points at stands, where no step of this environment is open.
    func standing(_ state: State) -> RolloutVerdict {
        let service = state.service
        let listed = RolloutVerdict.judge(
            service, wanted: service.taskDefinition, previous: nil, maySeeStale: false)
        guard let newest = state.rollout.newest, !newest.deployment.isOver, newest.revision == service.taskDefinition,
            let progress = state.rollout.progress
        else {
            return listed
        }
        return DeploymentVerdict.judge(newest, listed: listed, on: service, until: spec.until, progress: progress.text)
    }
}
