import JSON

/// How time and news move the world.
extension ECSModel {
    /// The earliest moment at which something changes by itself.
    var nextChange: Int? {
        var next: Int?
        func consider(_ moment: Int?) {
            if let moment { next = min(moment, next ?? moment) }
        }
        for cluster in clusters.values {
            for task in cluster.tasks.values where task.isAlive {
                consider(task.due)
                consider(healthyAt(task))
            }
            for service in cluster.services.values { consider(nextLook(at: service)) }
        }
        return next
    }

    /// When a task of a service will have run long enough; nil where it is not on the way there.
    private func healthyAt(_ task: TaskRecord) -> Int? {
        guard task.origin.service != nil, task.status == .running, task.isWanted, !task.isHealthy else { return nil }
        return task.startedAt.map { $0 + limits.healthy }
    }

    /// When a service must be looked at although none of its tasks has changed: a pause after failures ends, or a failed
    /// deployment was shown for long enough. A moment that has passed was looked at.
    private func nextLook(at service: ServiceRecord) -> Int? {
        guard service.status == .active else { return nil }
        let pause = service.primary?.rollout == .failed ? nil : service.primary?.throttledUntil
        let shown = service.deployments.dropFirst().compactMap(\.failedAt).map { $0 + limits.failedDeploymentShown }
        return (shown + [pause].compactMap(\.self) + (service.current?.changes ?? [])).filter { $0 > clock }.min()
    }

    /// Lets everything happen that is due up to `now`, each thing at its own time.
    mutating func elapse(to now: Int) {
        while let moment = nextChange, moment <= now {
            for name in clusterNames {
                for task in clusters[name]?.tasksInOrder ?? [] where task.isAlive { elapse(task, in: name, at: moment) }
                for service in (clusters[name]?.services ?? [:]).values {
                    if let look = nextLook(at: service), look <= moment { touch(service.name, in: name) }
                }
            }
            clock = max(clock, moment)
            scheduleTouched(at: clock)
        }
        clock = max(clock, now)
        scheduleTouched(at: clock)
        forgetStoppedTasks(at: now)
    }

    private mutating func elapse(_ task: TaskRecord, in cluster: String, at moment: Int) {
        if let due = task.due, due <= moment {
            var task = task
            effects += task.elapse(at: moment, limits)
            store(task, in: cluster, at: moment)
        } else if let healthyAt = healthyAt(task), healthyAt <= moment {
            clusters[cluster]?.tasks[task.id]?.isHealthy = true
            resetFailures(of: task, in: cluster)
            if let service = task.origin.service { touch(service, in: cluster) }
        }
    }

    /// Puts a changed task back, and tells its service where it has failed.
    mutating func store(_ task: TaskRecord, in cluster: String, at now: Int) {
        let wasWanted = clusters[cluster]?.tasks[task.id]?.isWanted ?? false
        clusters[cluster]?.tasks[task.id] = task
        if let service = task.origin.service { touch(service, in: cluster) }
        if wasWanted, !task.isWanted { countFailure(of: task, in: cluster, at: now) }
    }

    private mutating func forgetStoppedTasks(at now: Int) {
        for name in clusterNames {
            let gone = clusters[name]?.tasks.values.filter { task in
                task.stoppedAt.map { now >= $0 + Limits.stoppedTaskKept } ?? false
            }
            for task in gone ?? [] { clusters[name]?.tasks[task.id] = nil }
        }
    }

    var clusterNames: [String] { clusters.keys.sorted { $0.precedes($1) } }

    /// Marks a service as one that must look at its tasks.
    mutating func touch(_ service: String, in cluster: String) {
        touched.insert(ServicePlace(cluster: cluster, name: service))
    }

    /// Lets every service that was touched look at its tasks, until none is touched any more.
    mutating func scheduleTouched(at now: Int) {
        while !touched.isEmpty {
            let places = touched.sorted()
            touched = []
            for place in places { schedule(place.name, in: place.cluster, at: now) }
        }
    }
}
