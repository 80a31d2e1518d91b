import AWS
import Base
import Ledger
import Reconciler

/// What became of an update, and what follows from it.
extension ServiceResource {
    func judge(
        _ step: Step, _ service: ECSService, _ owner: CountOwner, _ deployment: SeenDeployment?, in context: Context
    ) async throws(Failure) -> (RolloutVerdict?, Settlement?) {
        let (intent, order) = (step.intent, step.order)
        let wanted = order.revision
        let isYoung = IntentAge(intent, in: context).maySeeStale
        let hasTrace = service.deployments.contains { $0.taskDefinition == wanted }
        guard step.receipt != nil || deployment != nil || service.taskDefinition == wanted || hasTrace else {
            if let reason = LostRollout.event(service, of: order, since: intent.awsTime) {
                return await failed(step, rolledBackTo: service.taskDefinition, reason: reason, service)
            }
            // ECS cannot have given up and forgotten what was asked for just now.
            if !isYoung, LostRollout.mayBeForgotten(service, since: intent.awsTime) {
                return (nil, .indeterminate(undecided(RevisionARN.shortName(of: wanted))))
            }
            return (
                nil, .abandoned("an earlier update of \(spec.name) left no trace: it is made again if it is needed")
            )
        }
        if deployment == nil, let before = order.instead, service.primary?.id == before {
            if isYoung { return (.unseen("the new deployment is not visible yet"), nil) }
            if order.isRestart { return await unrestarted(step, service) }
        }
        var verdict = verdict(on: step, service, owner, isYoung: isYoung)
        verdict = try await confirmed(verdict, of: step, service, deployment, isYoung: isYoung, in: context)
        let name = RevisionARN.shortName(of: wanted)
        switch verdict {
        case .inProgress, .reached, .unseen: return (verdict, nil)
        case .completed:
            let running = service.primary?.runningCount ?? service.runningCount
            return (
                verdict,
                .succeeded(
                    evidence: [
                        "summary": .string("\(name), \(running) of \(service.desiredCount) running"),
                        "deployment": .string(service.primary?.id ?? ""),
                    ],
                    facts: facts(completed: order))
            )
        case .failed(let reason, let target):
            return await failed(step, rolledBackTo: target, reason: reason, service)
        case .replaced(let other):
            // Before another one took its place, ECS may have given it up.
            if deployment == nil, let reason = LostRollout.event(service, of: order, since: intent.awsTime) {
                return await failed(step, rolledBackTo: service.taskDefinition, reason: reason, service)
            }
            return (verdict, .failed(replaced(name, by: other), evidence: [:], facts: released(by: step.order)))
        }
    }

    /// Of a restart whose deployment is not there any more: it never was, or ECS gave it up.
    private func unrestarted(_ step: Step, _ service: ECSService) async -> (RolloutVerdict?, Settlement?) {
        guard let deployment = step.receipt?.deployment else {
            if let reason = LostRollout.event(service, of: step.order, since: step.intent.awsTime) {
                return await failed(step, rolledBackTo: service.taskDefinition, reason: reason, service)
            }
            return (nil, .abandoned("an earlier restart of \(spec.name) left no trace"))
        }
        let reason = LostRollout.event(service, of: deployment) ?? "the deployment from before it is back"
        return await failed(step, rolledBackTo: service.taskDefinition, reason: reason, service)
    }

    /// What the service shows of an update.
    private func verdict(on step: Step, _ service: ECSService, _ owner: CountOwner, isYoung: Bool) -> RolloutVerdict {
        let order = step.order
        let own = OwnDeployment(step.receipt, announced: step.intent.awsTime)
        var verdict = RolloutVerdict.judge(
            service, wanted: order.revision, previous: order.from, maySeeStale: isYoung, own: own)
        if verdict == .completed, isYoung, let declared = order.settings,
            !Self.differences(declared, of: service).isEmpty
        {
            verdict = .unseen("its new settings are not visible yet")
        }
        if verdict == .completed, let count = order.desiredCount {
            // A look that shows the update's own deployment shows its count, too.
            let isSeen = order.from != order.revision && service.primary.map(own.isNamed) == true
            let maySeeStale = isYoung && owner.isManifest && !isSeen
            verdict = RolloutVerdict.counting(service, to: count, maySeeStale: maySeeStale)
        }
        if verdict.progress != nil, service.primary?.taskDefinition != order.revision,
            let reason = LostRollout.event(service, of: step.receipt?.deployment)
        {
            verdict = .failed(reason: reason, rolledBackTo: service.taskDefinition)
        }
        return verdict
    }

    private func failed(
        _ step: Step, rolledBackTo target: String?, reason: String,
        _ service: ECSService
    ) async -> (RolloutVerdict?, Settlement?) {
        let wanted = step.order.revision
        let cause = await losses.diagnosis.cause(
            service, wanted: wanted, since: step.intent.awsTime?.seconds, reason: reason, for: id)
        let name = RevisionARN.shortName(of: wanted)
        return (
            .failed(reason: reason, rolledBackTo: target),
            .failed(
                step.order.isRestart
                    ? restartFailure(name, isRolledBack: target != nil, cause: cause)
                    : failure(name, rolledBackTo: target, cause: cause),
                evidence: ["reason": .string(access.ecs.secrets.hide(in: reason))],
                // A restart says nothing of the content: the service runs it all the same.
                facts: step.order.isRestart
                    ? [] : [Fact(subject, FactName.rollout, .refused(step.order.digest))] + released(by: step.order))
        )
    }

    /// What is known from now on: the third side of later comparisons.
    private func facts(completed order: UpdateOrder) -> [Fact] {
        var facts = [Fact(subject, FactName.rollout, .completed(order.digest))]
        if let image = order.image { facts.append(Fact(subject, FactName.image, image)) }
        if let count = order.desiredCount { facts.append(Fact(subject, FactName.desiredCount, count)) }
        if let settings = order.settings { facts.append(Fact(subject, FactName.settings, settings)) }
        return facts + released(by: order)
    }

    static func tellsItsEnd(_ settlement: Settlement?) -> Bool {
        switch settlement {
        case .succeeded, .failed, .overtaken: true
        case .abandoned, .indeterminate, nil: false
        }
    }

    /// What was to be released, also where it came to nothing: that is what a comparison asks for.
    private func released(by order: UpdateOrder) -> [Fact] {
        order.release.map { [Fact(subject, FactName.release, $0)] } ?? []
    }

    /// A rollout of something that is not wanted any more is not waited for, and its failure does not end this run.
    func overtaken(_ settlement: Settlement?) -> Settlement {
        switch settlement {
        case .indeterminate(let failure): .abandoned(failure.summary)
        case .failed(let failure, let evidence, let facts):
            .overtaken(failure, evidence: evidence, facts: facts)
        case let settlement?: settlement
        case nil: .abandoned("an earlier rollout of \(spec.name) is overtaken by this one")
        }
    }
}

extension Settlement {
    /// Whether `--retry-failed` is about it.
    var isToRetry: Bool {
        switch self {
        case .failed, .indeterminate: true
        case .succeeded, .overtaken, .abandoned: false
        }
    }
}
