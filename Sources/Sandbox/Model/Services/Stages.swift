import JSON

/// The stages of a service deployment, one after another (ECS Developer Guide, "Amazon ECS blue/green service deployments
/// workflow", "Amazon ECS linear deployments", "Amazon ECS canary deployments").
extension ECSModel {
    /// Does what is due of the service deployment that is under way.
    mutating func moveOn(_ name: String, in cluster: String, at now: Int) {
        heedAlarms(of: name, in: cluster, at: now)
        heedHooks(of: name, in: cluster, at: now)
        guard let current = clusters[cluster]?.services[name]?.current else { return }
        let isDue = current.stageEndsAt.map { $0 <= now } ?? true
        switch current.status {
        case .pending where isDue: start(name, in: cluster, at: now)
        case .inProgress: endStage(name, in: cluster, at: now)
        case .rollbackRequested where isDue: rollBack(name, in: cluster, at: now)
        default: return
        }
    }

    private mutating func start(_ name: String, in cluster: String, at now: Int) {
        guard let current = clusters[cluster]?.services[name]?.current else { return }
        change(name, in: cluster, at: now) { deployment in
            deployment.status = .inProgress
            deployment.startedAt = now
            deployment.stageEndsAt = nil
            if !deployment.isStaged { deployment.productionShare = 100 }
        }
        guard current.isStaged else { return }
        enter(current.sources.count > 1 ? .reconcileService : .preScaleUp, name, in: cluster, at: now)
    }

    private mutating func enter(_ stage: LifecycleStage, _ name: String, in cluster: String, at now: Int) {
        guard let service = clusters[cluster]?.services[name], let current = service.current else { return }
        let own = current.configuration.hooks.filter { $0.stages.contains(stage) }
        let hooks = own.map { HookRecord($0, id: identifiers.uuid(), at: now, minute: limits.minute) }
        // Of a stage that is nothing but its hooks.
        if stage == .preProductionTrafficShift, hooks.isEmpty {
            return enter(.productionTrafficShift, name, in: cluster, at: now)
        }
        let lasts = limits.stage
        let minute = limits.minute
        change(name, in: cluster, at: now) { deployment in
            deployment.stage = stage
            deployment.hooks = hooks
            deployment.stageEndsAt = now + lasts
            switch stage {
            case .scaleUp, .cleanUp: deployment.stageEndsAt = nil
            case .testTrafficShift: deployment.testShare = 100
            case .productionTrafficShift:
                let shifts = deployment.configuration.shifts
                deployment.productionShare = shifts.shares[0]
                if shifts.shares.count > 1 { deployment.stageEndsAt = now + shifts.minutes * minute }
            case .bakeTime: deployment.stageEndsAt = now + deployment.configuration.bakeTime * minute
            default: break
            }
        }
        for hook in hooks { invoke(hook, service, current) }
    }

    private mutating func endStage(_ name: String, in cluster: String, at now: Int) {
        guard let service = clusters[cluster]?.services[name], let current = service.current,
            current.isStaged, let stage = current.stage, current.hooks.allSatisfy(\.lets),
            current.stageEndsAt.map({ $0 <= now }) ?? true
        else { return }
        if stage == .scaleUp {
            let own = livingTasks(name, cluster).filter { $0.origin.startedBy == current.target && $0.isHealthy }
            guard own.count >= service.desiredCount else { return }
        }
        if stage == .productionTrafficShift, current.productionShare < 100 {
            let shifts = current.configuration.shifts
            let next = shifts.shares.first { $0 > current.productionShare } ?? 100
            let end = now + (next < 100 ? shifts.minutes * limits.minute : limits.stage)
            return change(name, in: cluster, at: now) { deployment in
                deployment.productionShare = next
                deployment.stageEndsAt = end
            }
        }
        if let next = stage.next { enter(next, name, in: cluster, at: now) }
    }

    // MARK: - Hooks

    private mutating func invoke(_ hook: HookRecord, _ service: ServiceRecord, _ current: ServiceDeploymentRecord) {
        guard let function = hook.hook.function else { return }
        let payload: JSON = [
            "executionId": .string(hook.id), "lifecycleStage": .string(current.stage?.rawValue ?? ""),
            "executionDetails": [
                "serviceArn": .string(service.arn),
                "targetServiceRevisionArn": .string(service.revisionARN(current.target)),
            ], "hookDetails": hook.hook.json["hookDetails"] ?? [:],
        ]
        effects.append(.invoke(HookCall(id: hook.id, function: function, payload: payload)))
    }

    mutating func take(_ answer: HookAnswer, of id: String, at now: Int) {
        for (cluster, record) in clusters {
            for service in record.services.values {
                guard let current = service.current,
                    let index = current.hooks.firstIndex(where: { $0.id == id && $0.status == .inProgress })
                else { continue }
                let again = limits.minute
                change(service.name, in: cluster, at: now) { deployment in
                    switch answer {
                    case .succeeded: deployment.hooks[index].status = .succeeded
                    case .failed: deployment.hooks[index].status = .failed
                    case .inProgress(let seconds): deployment.hooks[index].invokedAgainAt = now + seconds * again / 60
                    }
                }
            }
        }
    }

    private mutating func heedHooks(of name: String, in cluster: String, at now: Int) {
        guard let service = clusters[cluster]?.services[name], let current = service.current,
            current.status == .inProgress
        else { return }
        for (index, hook) in current.hooks.enumerated() where hook.status.isOpen {
            if hook.expiresAt <= now {
                change(name, in: cluster, at: now) { $0.hooks[index].status = .timedOut }
            } else if let moment = hook.invokedAgainAt, moment <= now {
                change(name, in: cluster, at: now) { $0.hooks[index].invokedAgainAt = nil }
                invoke(hook, service, current)
            }
        }
        guard let failed = clusters[cluster]?.services[name]?.current?.hooks.first(where: \.rollsBack) else { return }
        let words = failed.status == .timedOut ? "timed out" : "failed"
        giveUp(name, in: cluster, "lifecycle hook \(failed.id) \(words).", at: now)
    }
}
