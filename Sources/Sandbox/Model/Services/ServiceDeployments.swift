/// How service deployments begin, end, are overtaken and rolled back (ECS Developer Guide, "View service history using
/// Amazon ECS service deployments").
extension ECSModel {
    /// Begins the service deployment of the primary deployment. The one before it, if it is under way, is stopped.
    mutating func beginServiceDeployment(_ name: String, in cluster: String, at now: Int) {
        guard var service = clusters[cluster]?.services[name], let primary = service.primary else { return }
        if var overtaken = service.current {
            overtaken.status = .stopped
            overtaken.reason = "Service deployment stopped because a new service deployment was started."
            (overtaken.hooks, overtaken.stageEndsAt) = ([], nil)
            (overtaken.stoppedAt, overtaken.finishedAt, overtaken.updatedAt) = (now, now, now)
            service.current = overtaken
        }
        let living = Set(livingTasks(name, cluster).compactMap(\.origin.startedBy))
        let sources = service.deployments.dropFirst().filter { living.contains($0.id) }
        let completed = service.lastCompleted.flatMap { last in sources.first { $0.id == last.id } }
        var deployment = ServiceDeploymentRecord(
            id: identifiers.short(), target: primary.id, sources: sources.map(\.id),
            serving: (completed ?? sources.last)?.id,
            definitions: Dictionary(
                ([primary] + sources).map { ($0.id, $0.definition) }, uniquingKeysWith: { first, _ in first }),
            service.configuration, at: now)
        deployment.stageEndsAt = now + limits.stage
        service.begin(deployment)
        clusters[cluster]?.services[name] = service
        stateVersion += 1
    }

    mutating func change(
        _ name: String, in cluster: String, at now: Int, _ body: (inout ServiceDeploymentRecord) -> Void
    ) {
        guard var current = clusters[cluster]?.services[name]?.current else { return }
        body(&current)
        current.updatedAt = now
        clusters[cluster]?.services[name]?.current = current
        stateVersion += 1
        touch(name, in: cluster)
    }

    /// Its target runs alone, or its roll-back has arrived.
    mutating func finishServiceDeployment(_ name: String, in cluster: String, at now: Int) {
        change(name, in: cluster, at: now) { deployment in
            deployment.status = deployment.status == .rollbackInProgress ? .rollbackSuccessful : .successful
            deployment.finishedAt = now
            deployment.stageEndsAt = nil
            deployment.hooks = []
        }
    }

    /// Gives the target up and goes back, as is asked for; without a deployment to go back to the target stays, and fails.
    ///
    /// - Parameter goesBack: nil where the service's own configuration says whether it does.
    mutating func giveUp(
        _ name: String, in cluster: String, _ reason: String, goesBack: Bool = true, at now: Int
    ) {
        guard let service = clusters[cluster]?.services[name], let current = service.current, current.status.isForward,
            let failed = service.primary
        else { return }
        update(failed.id, of: name, in: cluster, at: now) { deployment in
            deployment.rollout = .failed
            deployment.reason = "ECS deployment \(failed.id) failed: \(reason)"
            deployment.failedAt = now
        }
        let words = reason.hasSuffix(".") ? String(reason.dropLast()) : reason
        tell(name, cluster, "(deployment \(failed.id)) deployment failed: \(words).", at: now)
        let hasTarget = service.lastCompleted.map { $0.id != failed.id } ?? false
        let end = now + limits.stage
        change(name, in: cluster, at: now) { deployment in
            deployment.reason = reason
            deployment.hooks = []
            guard goesBack else {
                deployment.status = .stopped
                (deployment.stoppedAt, deployment.finishedAt, deployment.stageEndsAt) = (now, now, nil)
                return
            }
            deployment.rollback = .init(reason: reason, startedAt: now, target: service.lastCompleted?.id)
            deployment.status = hasTarget ? .rollbackRequested : .rollbackFailed
            deployment.stageEndsAt = hasTarget ? end : nil
            if !hasTarget { deployment.finishedAt = now }
        }
    }

    /// The traffic goes back at once, and the tasks of the target are stopped.
    mutating func rollBack(_ name: String, in cluster: String, at now: Int) {
        guard let failed = clusters[cluster]?.services[name]?.primary else { return }
        change(name, in: cluster, at: now) { deployment in
            deployment.status = .rollbackInProgress
            deployment.stageEndsAt = nil
            (deployment.productionShare, deployment.testShare) = (0, 0)
        }
        rollBack(name, from: failed, "ECS deployment \(failed.id) failed", in: cluster, at: now)
    }

    /// An alarm that is on ends the deployment that watches it (ECS Developer Guide, "How CloudWatch alarms detect Amazon
    /// ECS deployment failures").
    mutating func heedAlarms(of name: String, in cluster: String, at now: Int) {
        guard let service = clusters[cluster]?.services[name], let current = service.current, current.status.isForward,
            let watched = current.configuration.alarms, watched.isEnabled
        else { return }
        let sounding = watched.names.filter(alarms.contains)
        guard !sounding.isEmpty else { return }
        change(name, in: cluster, at: now) { $0.triggeredAlarms = sounding }
        giveUp(name, in: cluster, "alarm detected.", goesBack: watched.rollsBack, at: now)
    }
}
