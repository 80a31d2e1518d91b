/// How deployments begin, succeed, fail and leave.
extension ECSModel {
    /// Begins a deployment of the service's present revision and settings; it becomes the primary one.
    mutating func deploy(_ name: String, in cluster: String, at now: Int) {
        guard let service = clusters[cluster]?.services[name] else { return }
        let deployment = DeploymentRecord(
            id: "ecs-svc/\(identifiers.digits())", definition: service.definition, settings: service.settings, at: now)
        clusters[cluster]?.services[name]?.deployments.insert(deployment, at: 0)
        clusters[cluster]?.services[name]?.isSteady = false
        beginServiceDeployment(name, in: cluster, at: now)
        stateVersion += 1
    }

    /// COMPLETED: the primary deployment has all its tasks, all healthy, no other task is left, and no stage is before it.
    mutating func complete(_ name: String, in cluster: String, at now: Int) {
        guard let service = clusters[cluster]?.services[name], let primary = service.primary else { return }
        let tasks = livingTasks(name, cluster)
        let isComplete =
            tasks.count == service.desiredCount
            && tasks.allSatisfy { $0.isHealthy && $0.isWanted && $0.origin.startedBy == primary.id }
        guard isComplete || isSuccessfulEarly(service, tasks), !isHeld(name, in: cluster, at: now) else { return }
        if primary.rollout == .inProgress {
            update(primary.id, of: name, in: cluster, at: now) { deployment in
                deployment.rollout = .completed
                deployment.reason = "ECS deployment \(primary.id) completed."
                deployment.failedTasks = 0
            }
            let completed = clusters[cluster]?.services[name]?.primary
            clusters[cluster]?.services[name]?.lastCompleted = completed
            tell(name, cluster, "(deployment \(primary.id)) deployment completed.", at: now)
            finishServiceDeployment(name, in: cluster, at: now)
            stateVersion += 1
        }
        if isComplete, !service.isSteady {
            clusters[cluster]?.services[name]?.isSteady = true
            tell(name, cluster, "has reached a steady state.", at: now)
        }
    }

    /// Whether enough of the new tasks are healthy (ECS API Reference, DeploymentEarlySuccessCriteria).
    private func isSuccessfulEarly(_ service: ServiceRecord, _ tasks: [TaskRecord]) -> Bool {
        guard let current = service.current, current.status == .inProgress,
            let criteria = current.configuration.earlySuccess
        else { return false }
        let wanted = tasks.filter(\.isWanted)
        let own = wanted.filter { $0.origin.startedBy == current.target }
        let enough = (service.desiredCount * criteria.healthyPercent + 99) / 100
        return own.count(where: \.isHealthy) >= enough && (criteria.isDeferred || own.count == wanted.count)
    }

    /// Whether stages are left, or a rolling deployment bakes, whose tasks are all as they should be.
    private mutating func isHeld(_ name: String, in cluster: String, at now: Int) -> Bool {
        guard let current = clusters[cluster]?.services[name]?.current else { return false }
        switch current.status {
        case .rollbackInProgress: return false
        case .inProgress where current.isStaged: return current.stage != .cleanUp
        case .inProgress:
            guard current.configuration.bakeTime > 0, current.serving != nil else { return false }
            guard current.stage == .bakeTime else {
                let end = now + current.configuration.bakeTime * limits.minute
                change(name, in: cluster, at: now) { ($0.stage, $0.stageEndsAt) = (.bakeTime, end) }
                return true
            }
            return current.stageEndsAt.map { $0 > now } ?? false
        default: return true
        }
    }

    /// Deployments without tasks leave the list; one that failed stays long enough to be seen.
    mutating func dropDrained(_ name: String, in cluster: String, at now: Int) {
        guard let service = clusters[cluster]?.services[name] else { return }
        let living = Set(livingTasks(name, cluster).compactMap(\.origin.startedBy))
        let kept = service.deployments.enumerated().filter { index, deployment in
            index == 0 || living.contains(deployment.id)
                || deployment.failedAt.map { now < $0 + limits.failedDeploymentShown } ?? false
        }
        guard kept.count < service.deployments.count else { return }
        clusters[cluster]?.services[name]?.deployments = kept.map(\.element)
        stateVersion += 1
    }

    mutating func update(
        _ id: String, of service: String, in cluster: String, at now: Int, _ change: (inout DeploymentRecord) -> Void
    ) {
        guard let index = clusters[cluster]?.services[service]?.deployments.firstIndex(where: { $0.id == id }),
            var deployment = clusters[cluster]?.services[service]?.deployments[index]
        else { return }
        change(&deployment)
        deployment.updatedAt = now
        clusters[cluster]?.services[service]?.deployments[index] = deployment
    }
}
