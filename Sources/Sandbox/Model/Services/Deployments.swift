/// How deployments begin, succeed, fail and leave.
extension ECSModel {
    /// Begins a deployment of the service's present revision and settings; it becomes the primary one.
    mutating func deploy(_ name: String, in cluster: String, at now: Int) {
        guard let service = clusters[cluster]?.services[name] else { return }
        let deployment = DeploymentRecord(
            id: "ecs-svc/\(identifiers.digits())", definition: service.definition, settings: service.settings, at: now)
        clusters[cluster]?.services[name]?.deployments.insert(deployment, at: 0)
        clusters[cluster]?.services[name]?.isSteady = false
        stateVersion += 1
    }

    /// COMPLETED: the primary deployment has all its tasks, all healthy, and no other task is left.
    mutating func complete(_ name: String, in cluster: String, at now: Int) {
        guard let service = clusters[cluster]?.services[name], let primary = service.primary else { return }
        let tasks = livingTasks(name, cluster)
        let isComplete =
            tasks.count == service.desiredCount
            && tasks.allSatisfy { $0.isHealthy && $0.isWanted && $0.origin.startedBy == primary.id }
        guard isComplete else { return }
        if primary.rollout == .inProgress {
            update(primary.id, of: name, in: cluster, at: now) { deployment in
                deployment.rollout = .completed
                deployment.reason = "ECS deployment \(primary.id) completed."
                deployment.failedTasks = 0
            }
            let completed = clusters[cluster]?.services[name]?.primary
            clusters[cluster]?.services[name]?.lastCompleted = completed
            tell(name, cluster, "(deployment \(primary.id)) deployment completed.", at: now)
            stateVersion += 1
        }
        if !service.isSteady {
            clusters[cluster]?.services[name]?.isSteady = true
            tell(name, cluster, "has reached a steady state.", at: now)
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
