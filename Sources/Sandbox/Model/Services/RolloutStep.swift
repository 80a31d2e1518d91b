/// What a service does next to get from the tasks that it has to those that it should have: a rolling update.
/// (ECS Developer Guide, "Deploy Amazon ECS services by replacing tasks"; DeploymentConfiguration.)
struct RolloutStep: Sendable, Equatable {
    /// How many tasks of the primary deployment to launch.
    var launches = 0
    /// Ids of the tasks to stop.
    var stops: [String] = []

    /// - Parameter tasks: the service's own that live, in the order of creation.
    static func next(_ service: ServiceRecord, _ tasks: [TaskRecord], at now: Int) -> RolloutStep {
        guard let primary = service.primary else { return RolloutStep(stops: tasks.filter(\.isWanted).map(\.id)) }
        if let current = service.current, current.isStaged, current.status.isForward {
            return staged(service, current, primary, tasks, at: now)
        }
        var step = RolloutStep()
        let desired = service.desiredCount
        let wanted = tasks.filter(\.isWanted)
        let own = wanted.filter { $0.origin.startedBy == primary.id }
        let old = wanted.filter { $0.origin.startedBy != primary.id }
        let most = desired * service.configuration.maximumPercent / 100
        let fewest = (desired * service.configuration.minimumHealthyPercent + 99) / 100

        // Too many of the new: the youngest go first, those that do not work yet before those that do.
        step.stops += own.sorted { isStoppedBefore($1, $0) }.suffix(max(0, own.count - desired)).map(\.id)

        let missing = max(0, desired - own.count)
        let room = max(0, most - wanted.count)
        let mayLaunch = primary.rollout != .failed && now >= primary.throttledUntil ?? now
        if mayLaunch { step.launches = min(missing, room) }

        // Of the old ones go as many as the new ones stand in for, and as many as must make room for them. Those that
        // do not work are no loss; of the others enough must stay.
        let newHealthy = own.filter(\.isHealthy).count
        let replaced = max(0, min(newHealthy, desired) + old.count - desired)
        let blocking = primary.rollout == .failed ? 0 : max(0, missing - room)
        let spare = max(0, newHealthy + old.filter(\.isHealthy).count - fewest)
        var budget = max(replaced, blocking)
        var healthyBudget = spare
        for task in old.sorted(by: isStoppedBefore) {
            let isOfFailed = service.deployments.contains { $0.id == task.origin.startedBy && $0.rollout == .failed }
            if isOfFailed, !task.isHealthy {
                step.stops.append(task.id)
            } else if budget > 0, !task.isHealthy || healthyBudget > 0 {
                budget -= 1
                if task.isHealthy { healthyBudget -= 1 }
                step.stops.append(task.id)
            }
        }
        return step
    }

    /// The new tasks are started beside the old ones, which stay until the traffic has moved and was watched.
    private static func staged(
        _ service: ServiceRecord, _ current: ServiceDeploymentRecord, _ primary: DeploymentRecord,
        _ tasks: [TaskRecord],
        at now: Int
    ) -> RolloutStep {
        guard let stage = current.stage, !(stage < .scaleUp) else { return RolloutStep() }
        var step = RolloutStep()
        let wanted = tasks.filter(\.isWanted)
        let own = wanted.filter { $0.origin.startedBy == primary.id }
        let mayLaunch = primary.rollout != .failed && now >= primary.throttledUntil ?? now
        if mayLaunch { step.launches = max(0, service.desiredCount - own.count) }
        step.stops = own.sorted { isStoppedBefore($1, $0) }.suffix(max(0, own.count - service.desiredCount)).map(\.id)
        if stage == .cleanUp { step.stops += wanted.filter { $0.origin.startedBy != primary.id }.map(\.id) }
        return step
    }

    private static func isStoppedBefore(_ left: TaskRecord, _ right: TaskRecord) -> Bool {
        left.isHealthy == right.isHealthy ? left.sequence > right.sequence : !left.isHealthy
    }
}
