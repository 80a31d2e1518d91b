/// Keeps services at their desired count and moves their deployments on.
extension ECSModel {
    /// Lets one service look at its tasks and do what is to be done.
    mutating func schedule(_ name: String, in cluster: String, at now: Int) {
        guard clusters[cluster]?.services[name]?.status != .inactive else { return }
        tripCircuitBreaker(of: name, in: cluster, at: now)
        moveOn(name, in: cluster, at: now)
        guard let service = clusters[cluster]?.services[name] else { return }
        guard service.status == .active else { return drain(name, in: cluster, at: now) }
        let step = RolloutStep.next(service, livingTasks(name, cluster), at: now)
        stop(step.stops, of: name, in: cluster, at: now)
        launch(step.launches, of: name, in: cluster, at: now)
        complete(name, in: cluster, at: now)
        dropDrained(name, in: cluster, at: now)
    }

    func livingTasks(_ service: String, _ cluster: String) -> [TaskRecord] {
        clusters[cluster]?.livingTasks(of: service) ?? []
    }

    private mutating func stop(_ ids: [String], of service: String, in cluster: String, at now: Int) {
        guard !ids.isEmpty else { return }
        var arns: [String] = []
        for id in ids {
            guard var task = clusters[cluster]?.tasks[id] else { continue }
            let reason = "Scaling activity initiated by (deployment \(task.origin.startedBy ?? ""))"
            effects += task.stop(.scheduler, reason, at: now, limits)
            store(task, in: cluster, at: now)
            arns.append(id)
        }
        tell(service, cluster, "has stopped \(arns.count) running tasks: \(list(arns)).", at: now)
    }

    private mutating func launch(_ count: Int, of name: String, in cluster: String, at now: Int) {
        guard count > 0, let service = clusters[cluster]?.services[name], let deployment = service.primary,
            let revision = revision(deployment.definition)
        else { return }
        var ids: [String] = []
        for _ in 0..<count {
            guard let id = createTask(of: revision, for: service, deployment, in: cluster, at: now) else {
                tell(name, cluster, "was unable to place a task\(Self.reason(deployment.settings))", at: now)
                fail(deployment.id, of: name, in: cluster, at: now)
                break
            }
            ids.append(id)
        }
        guard !ids.isEmpty else { return }
        clusters[cluster]?.services[name]?.isSteady = false
        tell(name, cluster, "has started \(ids.count) tasks: \(list(ids)).", at: now)
    }

    /// Why no task could be placed, in ECS's words. (ECS Developer Guide, "Service event messages".)
    private static func reason(_ settings: LaunchSettings) -> String {
        settings.launchType == "EC2"
            ? " because no container instance met all of its requirements. Reason: No Container Instances were found in "
                + "your cluster."
            : ". Reason: \(noCapacity)"
    }

    private func list(_ ids: [String]) -> String { ids.map { "(task \($0))" }.joined(separator: " ") }

    /// A service that was deleted lets its tasks end and is INACTIVE then.
    private mutating func drain(_ name: String, in cluster: String, at now: Int) {
        let living = livingTasks(name, cluster)
        stop(living.filter(\.isWanted).map(\.id), of: name, in: cluster, at: now)
        guard living.isEmpty else { return }
        clusters[cluster]?.services[name]?.status = .inactive
        clusters[cluster]?.services[name]?.deployments = []
        stateVersion += 1
    }

    /// Writes an event of a service in ECS's words (ECS Developer Guide, "Viewing Amazon ECS service event messages").
    mutating func tell(_ service: String, _ cluster: String, _ text: String, at now: Int) {
        let event = ServiceRecord.Event(
            id: identifiers.uuid(), createdAt: now, message: "(service \(service)) \(text)")
        clusters[cluster]?.services[service]?.record(event)
    }
}
