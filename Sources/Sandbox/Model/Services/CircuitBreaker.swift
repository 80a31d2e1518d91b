/// Counts failures of deployments and gives up those that fail too often.
/// (ECS Developer Guide, "How the Amazon ECS deployment circuit breaker detects failures".)
extension ECSModel {
    /// A task of a service that stopped before it was healthy, neither by its scheduler nor by a user, has failed.
    mutating func countFailure(of task: TaskRecord, in cluster: String, at now: Int) {
        guard let service = task.origin.service, let deployment = task.origin.startedBy else { return }
        clusters[cluster]?.services[service]?.isSteady = false
        guard task.stopCode == .failedToStart || task.stopCode == .essentialContainerExited, !task.isHealthy else {
            return
        }
        fail(deployment, of: service, in: cluster, at: now)
    }

    /// Counts one failure and puts off the next launch: the pause doubles with every failure in a row.
    mutating func fail(_ id: String, of service: String, in cluster: String, at now: Int) {
        var failures = 0
        let limits = limits
        update(id, of: service, in: cluster, at: now) { deployment in
            deployment.failedTasks += 1
            failures = deployment.failedTasks
            let doublings = min(failures - 1, 20)
            deployment.throttledUntil = now + min(limits.lastThrottle, limits.firstThrottle << doublings)
        }
        guard failures == 3 else { return }
        tell(service, cluster, "is unable to consistently start tasks successfully.", at: now)
    }

    /// A task that is healthy ends the row of failures ("resetOnHealthyTask").
    mutating func resetFailures(of task: TaskRecord, in cluster: String) {
        guard let service = task.origin.service, let deployment = task.origin.startedBy,
            let index = clusters[cluster]?.services[service]?.deployments.firstIndex(where: { $0.id == deployment })
        else { return }
        clusters[cluster]?.services[service]?.deployments[index].failedTasks = 0
        clusters[cluster]?.services[service]?.deployments[index].throttledUntil = nil
    }

    mutating func tripCircuitBreaker(of name: String, in cluster: String, at now: Int) {
        guard let service = clusters[cluster]?.services[name], let failed = service.primary,
            service.configuration.hasCircuitBreaker, failed.rollout == .inProgress,
            failed.failedTasks >= DeploymentConfiguration.threshold(desiredCount: service.desiredCount)
        else { return }
        update(failed.id, of: name, in: cluster, at: now) { deployment in
            deployment.rollout = .failed
            deployment.reason = "ECS deployment circuit breaker: tasks failed to start."
            deployment.failedAt = now
        }
        stateVersion += 1
        tell(name, cluster, "(deployment \(failed.id)) deployment failed: tasks failed to start.", at: now)
        let goesBack = service.configuration.rollsBack && service.lastCompleted.map { $0.id != failed.id } ?? false
        change(name, in: cluster, at: now) { deployment in
            deployment.reason = "Service deployment failed: tasks failed to start."
            (deployment.hooks, deployment.stageEndsAt) = ([], nil)
            deployment.status = goesBack ? .rollbackInProgress : .stopped
            if !goesBack { (deployment.stoppedAt, deployment.finishedAt) = (now, now) }
            if goesBack {
                deployment.rollback = .init(
                    reason: "Service deployment failed: tasks failed to start.", startedAt: now,
                    target: service.lastCompleted?.id)
                (deployment.productionShare, deployment.testShare) = (0, 0)
            }
        }
        if goesBack { rollBack(name, from: failed, "ECS deployment circuit breaker", in: cluster, at: now) }
    }

    /// Makes the deployment that was completed last the primary one again. Where there is none, or where it is the one that
    /// has failed, the deployment stalls: it stays PRIMARY and FAILED.
    ///
    /// - Parameter trigger: what begins the reason that the target shows.
    mutating func rollBack(
        _ name: String, from failed: DeploymentRecord, _ trigger: String, in cluster: String, at now: Int
    ) {
        guard let service = clusters[cluster]?.services[name], var target = service.lastCompleted,
            target.id != failed.id
        else { return }
        target.rollout = .inProgress
        target.reason = "\(trigger): rolling back to deploymentId \(target.id)."
        target.updatedAt = now
        target.failedTasks = 0
        target.throttledUntil = nil
        clusters[cluster]?.services[name]?.deployments.removeAll { $0.id == target.id }
        clusters[cluster]?.services[name]?.deployments.insert(target, at: 0)
        clusters[cluster]?.services[name]?.definition = target.definition
        clusters[cluster]?.services[name]?.settings = target.settings
        tell(name, cluster, "rolling back to deployment \(target.id).", at: now)
        touch(name, in: cluster)
    }
}
