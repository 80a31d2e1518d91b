/// The rules of a task's life: PROVISIONING, PENDING, RUNNING, STOPPING, DEPROVISIONING, STOPPED.
extension TaskRecord {
    /// Ends a status whose time has come.
    mutating func elapse(at now: Int, _ limits: Limits) -> [Effect] {
        guard let due, due <= now else { return [] }
        switch status {
        case .provisioning:
            status = .pending
            self.due = now + limits.pending
            return []
        case .pending:
            self.due = nil
            launchedAt = now
            return containers.indices.map { index in
                containers[index].state = .launching
                return .start(containers[index].launch)
            }
        case .deprovisioning:
            status = .stopped
            self.due = nil
            stoppedAt = now
            return []
        case .running, .stopping, .stopped:
            self.due = nil
            return []
        }
    }

    /// What a runner tells of one of the containers. News of an attempt that is over change nothing.
    mutating func take(_ event: ProcessEvent, at now: Int, _ limits: Limits) -> [Effect] {
        guard let index = containers.firstIndex(where: { $0.launch.key == event.key }), containers[index].hasProcess
        else { return [] }
        switch event {
        case .started(_, let digest):
            containers[index].state = .running
            containers[index].startedAt = now
            containers[index].imageDigest = digest
            containers[index].runtimeID = "\(id)-\(index)\(containers[index].restarts)"
            runIfComplete(at: now)
            return []
        case .exited(_, let code): return exited(index, code: code, at: now, limits)
        case .couldNotStart(_, let reason):
            containers[index].state = .stopped
            containers[index].reason = reason
            let isPull = reason.hasPrefix("CannotPull")
            return stop(.failedToStart, isPull ? reason : "Task failed to start", at: now, limits)
        case .vanished:
            for index in containers.indices { containers[index].state = .stopped }
            return stop(.spotInterruption, "Your Spot Task was interrupted.", at: now, limits)
        }
    }

    private mutating func exited(_ index: Int, code: Int, at now: Int, _ limits: Limits) -> [Effect] {
        let ranFor = now - (containers[index].startedAt ?? now)
        containers[index].state = .stopped
        containers[index].exitCode = code
        if !isWantedStopped, let policy = containers[index].restartPolicy,
            policy.restarts(exitCode: code, ranFor: ranFor)
        {
            return [restart(index)]
        }
        if containers[index].isEssential {
            return stop(.essentialContainerExited, "Essential container in task exited", at: now, limits)
        }
        runIfComplete(at: now)
        settle(at: now, limits)
        return []
    }

    /// A task is RUNNING once all its containers were started; one that is not essential may have ended by then.
    private mutating func runIfComplete(at now: Int) {
        let isComplete = containers.allSatisfy { $0.state == .running || $0.exitCode != nil }
        guard !isWantedStopped, status == .pending, isComplete else { return }
        status = .running
        startedAt = now
    }

    private mutating func restart(_ index: Int) -> Effect {
        let key = containers[index].launch.key
        containers[index].launch.key = ContainerKey(
            cluster: key.cluster, task: key.task, container: key.container, attempt: key.attempt + 1)
        containers[index].restarts += 1
        containers[index].exitCode = nil
        containers[index].state = .launching
        return .start(containers[index].launch)
    }

    /// Puts the task on its way out. The first reason stays: a task stops for one.
    mutating func stop(_ code: StopCode, _ reason: String, at now: Int, _ limits: Limits) -> [Effect] {
        guard !isWantedStopped else {
            settle(at: now, limits)
            return []
        }
        isWantedStopped = true
        stopCode = code
        stoppedReason = reason
        stoppingAt = now
        due = nil
        var effects: [Effect] = []
        for index in containers.indices {
            if containers[index].hasProcess {
                effects.append(.stop(containers[index].launch.key, timeout: containers[index].launch.stopTimeout))
            } else {
                containers[index].state = .stopped
            }
        }
        if !effects.isEmpty { status = .stopping }
        settle(at: now, limits)
        return effects
    }

    private mutating func settle(at now: Int, _ limits: Limits) {
        guard isWantedStopped, due == nil, status != .stopped, !containers.contains(where: \.hasProcess) else { return }
        status = .deprovisioning
        executionStoppedAt = now
        due = now + limits.deprovisioning
    }
}
