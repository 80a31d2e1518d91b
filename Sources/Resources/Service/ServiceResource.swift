import AWS
import Base
import JSON
import Ledger
import Manifest
import Reconciler

/// A service, pointed at the revision that is wanted once the schema is in place.
struct ServiceResource: Resource, Decidable {
    struct State: Sendable, Equatable {
        let service: ECSService
        /// The content digest of the revision that it points at.
        let digest: String
        /// Whether that revision is deregistered: ECS runs it on, and refuses it to every update.
        let isInactive: Bool
        /// Digests that ECS gave up on here and that have not succeeded since.
        let refused: Set<String>
        /// The revision of an open step, whose end is not recorded.
        let underWay: String?
        /// Where an update of an earlier look is.
        let pending: RolloutVerdict?
        let owner: CountOwner
        /// What ECS says of the rollout, if anything is unusual.
        let news: String?
        /// How tasks of the rollout ended, if any has failed.
        let losses: [String]
        /// nil where nobody asked for more than an apply needs.
        let inspection: ServiceInspector.Inspection?

        /// Whether its revision is another one of the same content, where it may stay.
        func says(_ wanted: String) -> Bool { digest == wanted && !isInactive }
    }

    struct Output: Sendable, Equatable {
        /// The revision that it points at.
        let revision: String
    }

    let spec: ServiceSpec
    let definition: Dependency<TaskDefinitionResource.Output>
    let schema: ResourceID?
    let access: EnvironmentAccess
    let losses: RolloutLosses
    let release: ReleaseRecord
    let retriesFailed: Bool
    /// nil where only what an apply needs is looked at.
    let inspector: ServiceInspector?

    var id: ResourceID { ResourceID(Kind.service, spec.name) }
    var subject: String { Subject.service(spec.name, access.cluster.arn) }

    var dependencies: [ResourceID] { [definition.id] + (schema.map { [$0] } ?? []) }

    func observe(
        pending: Pending<UpdateOrder, UpdateReceipt>?, upstream: Outputs, in context: Context
    ) async throws(Failure) -> Sighting<State, Output> {
        let service = try await access.services.look(spec.name, by: id)
        let sketch = try await access.definitions.sketch(service.taskDefinition, for: id)
        let owner = try await owner(of: service, in: context)
        var verdict: RolloutVerdict?
        var settlement: Settlement?
        if let pending {
            (verdict, settlement) = try await settle(pending, service, owner, in: context)
            let wanted = upstream[definition]?.digest
            if let wanted, wanted != pending.order.digest {
                let staysHere = sketch.digest == wanted && !sketch.isInactive
                if staysHere, !Self.tellsItsEnd(settlement), IntentAge(pending.intent, in: context).maySeeStale {
                    // No update of this run overtakes it: what ECS makes of it is news until it is shown.
                    (verdict, settlement) = (.unseen("the end of an earlier rollout is not visible yet"), nil)
                } else {
                    (verdict, settlement) = (nil, overtaken(settlement))
                }
            } else if wanted == nil, case .failed = settlement {
                // Another content is about to be registered: what became of this one does not end the run that replaces it.
                settlement = overtaken(settlement)
            } else if retriesFailed, !context.acquaintance.age(of: pending.intent.sequence).isExact,
                settlement?.isToRetry == true
            {
                // An earlier run left its end open. It is to be tried again, and that is what this run was asked for.
                (verdict, settlement) = (nil, overtaken(settlement))
            }
        }
        let past = try await ServicePast.read(subject, in: context)
        let rolledOut = pending?.order.revision ?? service.taskDefinition
        let news = await losses.diagnosis.news(service, of: rolledOut, for: id)
        let state = State(
            service: service, digest: sketch.digest, isInactive: sketch.isInactive, refused: past.refused,
            underWay: pending?.order.revision, pending: verdict, owner: owner, news: news,
            losses: await losses.lines(service, of: rolledOut, for: id),
            inspection: try await inspector?.inspect(service, sketch, past: past, for: id, in: context))
        tell(state, in: context)
        return Sighting(
            .present(state), output: Output(revision: service.taskDefinition), settlement: settlement,
            adopted: taken(state, past, isPending: pending != nil, upstream))
    }

    /// Where somebody else's revision is the base now, and the service is on it already, that is what it was left at.
    private func taken(_ state: State, _ past: ServicePast, isPending: Bool, _ upstream: Outputs) -> [Fact] {
        guard !isPending, let base = upstream[definition]?.taken,
            base == state.service.taskDefinition, let applied = past.digest, applied != state.digest
        else { return [] }
        return [Fact(subject, FactName.rollout, .taken(state.digest))]
    }

    private func settle(
        _ step: Pending<UpdateOrder, UpdateReceipt>, _ service: ECSService, _ owner: CountOwner, in context: Context
    ) async throws(Failure) -> (RolloutVerdict?, Settlement?) {
        let (intent, order) = (step.intent, step.order)
        let wanted = order.revision
        let isYoung = IntentAge(intent, in: context).maySeeStale
        let hasTrace = service.deployments.contains { $0.taskDefinition == wanted }
        guard step.receipt != nil || service.taskDefinition == wanted || hasTrace else {
            if let reason = LostRollout.event(service, since: intent.awsTime, wanted: wanted) {
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
        if isYoung, let before = order.instead, service.primary?.id == before {
            return (.unseen("the new deployment is not visible yet"), nil)
        }
        let verdict = verdict(on: step, service, owner, isYoung: isYoung)
        let name = RevisionARN.shortName(of: wanted)
        switch verdict {
        case .inProgress, .unseen: return (verdict, nil)
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
            if let reason = LostRollout.event(service, since: intent.awsTime, wanted: wanted) {
                return await failed(step, rolledBackTo: service.taskDefinition, reason: reason, service)
            }
            return (verdict, .failed(replaced(name, by: other), evidence: [:], facts: []))
        }
    }

    /// What the service shows of an update.
    private func verdict(
        on step: Pending<UpdateOrder, UpdateReceipt>, _ service: ECSService, _ owner: CountOwner, isYoung: Bool
    ) -> RolloutVerdict {
        let order = step.order
        var verdict = RolloutVerdict.judge(
            service, wanted: order.revision, previous: order.from, maySeeStale: isYoung,
            own: OwnDeployment(step.receipt, announced: step.intent.awsTime))
        if verdict == .completed, isYoung, let declared = order.settings,
            !Self.differences(declared, of: service).isEmpty
        {
            verdict = .unseen("its new settings are not visible yet")
        }
        if verdict == .completed, let count = order.desiredCount {
            let isThere = service.desiredCount == count && service.runningCount == count
            // What auto scaling has set since is not waited for.
            if !isThere, isYoung && owner.isManifest || service.desiredCount == count {
                verdict = .inProgress("\(service.runningCount) of \(count) tasks running")
            }
        }
        if verdict.progress != nil, service.primary?.taskDefinition != order.revision,
            let reason = LostRollout.event(service, of: step.receipt?.deployment)
        {
            verdict = .failed(reason: reason, rolledBackTo: service.taskDefinition)
        }
        return verdict
    }

    private func failed(
        _ step: Pending<UpdateOrder, UpdateReceipt>, rolledBackTo target: String?, reason: String,
        _ service: ECSService
    ) async -> (RolloutVerdict?, Settlement?) {
        let wanted = step.order.revision
        let cause = await losses.diagnosis.cause(
            service, wanted: wanted, since: step.intent.awsTime?.seconds, reason: reason, for: id)
        let name = RevisionARN.shortName(of: wanted)
        return (
            .failed(reason: reason, rolledBackTo: target),
            .failed(
                failure(name, rolledBackTo: target, cause: cause), evidence: ["reason": .string(reason)],
                facts: [Fact(subject, FactName.rollout, .refused(step.order.digest))]
                    + released(by: step.order))
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

    private static func tellsItsEnd(_ settlement: Settlement?) -> Bool {
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
    private func overtaken(_ settlement: Settlement?) -> Settlement {
        switch settlement {
        case .indeterminate(let failure): .abandoned(failure.summary)
        case .failed(let failure, let evidence, let facts):
            .overtaken(failure, evidence: evidence, facts: facts)
        case let settlement?: settlement
        case nil: .abandoned("an earlier rollout of \(spec.name) is overtaken by this one")
        }
    }

    func diff(_ observed: Observation<State>, upstream: Outputs) -> Change {
        guard case .present(let state) = observed else { return Change(.update, "its state is not known") }
        let service = state.service
        if let failure = ServiceSupport.failure(service, count: spec.desiredCount, of: id) { return .blocked(failure) }
        if case .unseen(let text) = state.pending { return waitForSight(text) }
        if case .inProgress(let text) = state.pending { return wait(text, state) }
        guard let wanted = upstream[definition] else {
            return Change(
                .update, "to the revision to be registered", fields: settings(of: state), content: content(state))
        }
        let isOnWanted = service.taskDefinition == wanted.revision || state.says(wanted.digest)
        if !isOnWanted {
            // Another ledger's failure is told by ECS itself, for as long as it shows it.
            let isShownFailed = service.deployments.contains {
                $0.taskDefinition == wanted.revision && $0.rolloutState == "FAILED"
            }
            if state.refused.contains(wanted.digest) || isShownFailed, !retriesFailed {
                return .blocked(refusal(wanted.revision))
            }
            return Change(
                .update, reason(service, wanted.revision),
                fields: revisionField(service, wanted.revision) + settings(of: state),
                content: content(state))
        }
        let verdict = RolloutVerdict.judge(
            service, wanted: service.taskDefinition, previous: nil, maySeeStale: false)
        let fields = settings(of: state)
        if !fields.isEmpty {
            let isCount = fields.contains { $0.path == "desiredCount" }
            return Change(.update, isCount ? "desired count" : "settings", fields: fields, content: content(state))
        }
        switch verdict {
        case .completed:
            let remark = state.owner.remark(running: service.runningCount, declared: spec.desiredCount)
            let name = RevisionARN.shortName(of: service.taskDefinition)
            return .none("\(name) is rolled out" + (remark.map { "; \($0)" } ?? ""))
        case .inProgress(let text), .unseen(let text): return wait(text, state)
        case .failed where retriesFailed:
            return Change(.update, "deploying it again, as --retry-failed asks", content: content(state))
        case .failed(let reason, _):
            return .blocked(
                failure(RevisionARN.shortName(of: service.taskDefinition), rolledBackTo: nil, cause: [reason])
            )
        case .replaced: return wait("another deployment is under way", state)
        }
    }

    private func reason(_ service: ECSService, _ wanted: String) -> String {
        "\(RevisionARN.shortName(of: service.taskDefinition)) -> \(RevisionARN.shortName(of: wanted))"
    }

    private func revisionField(_ service: ECSService, _ wanted: String) -> [FieldChange] {
        [FieldChange(path: "taskDefinition", from: service.taskDefinition, to: wanted)]
    }
}

extension Settlement {
    /// Whether `--retry-failed` is about it.
    fileprivate var isToRetry: Bool {
        switch self {
        case .failed, .indeterminate: true
        case .succeeded, .overtaken, .abandoned: false
        }
    }
}
