import AWS
import Base
import JSON
import Ledger
import Manifest
import Reconciler

/// A service, pointed at the revision that is wanted once the schema is in place.
struct ServiceResource: Resource, Decidable {
    typealias Order = UpdateOrder
    typealias Receipt = UpdateReceipt

    struct State: Sendable, Equatable {
        let service: ECSService
        /// The revision that it points at; nil for a service that does not exist yet.
        let revision: TaskDefinitionSummary?
        /// What the ledger holds of it, with the end that was just seen.
        let past: ServicePast
        let rollout: Rollout
        let owner: CountOwner
        let trouble: Trouble
        /// nil where no one asked for more than an apply needs.
        let inspection: ServiceInspector.Inspection?

        /// What is known of its latest rollout.
        struct Rollout: Sendable, Equatable {
            /// The revision of an open step, whose end is not recorded, and where its update is.
            var underWay: String?
            /// The digest of that revision's content.
            var digest: String?
            var pending: RolloutVerdict?
            /// Its service deployment, where it is watched: the one of the open step, or else the newest.
            var newest: SeenDeployment?
            /// How far that is.
            var progress: DeploymentProgress?
        }

        var pending: RolloutVerdict? { rollout.pending }

        /// What is wrong with a rollout that goes on.
        struct Trouble: Sendable, Equatable {
            /// What ECS says of it.
            let event: String?
            /// How tasks of it ended.
            let losses: [String]
        }

        /// Whether its revision is another one of the same content, where it may stay.
        func says(_ wanted: String) -> Bool { digest == wanted && revision?.isInactive == false }

        /// The content digest of the revision that it points at.
        var digest: String { revision?.digest ?? "" }
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

    func readAhead(upstream: Outputs) async {
        await access.services.readAhead(for: id)
    }

    func observe(pending step: Step?, upstream: Outputs, in context: Context) async throws(Failure) -> Seen {
        let request = step?.order.request
        let pending = request == nil ? step : nil
        let service = try await access.services.look(spec.name, by: id)
        if service.isAbsent { return try await observeAbsent(service, pending, in: context) }
        let summary = try await access.definitions.summary(service.taskDefinition, for: id)
        let owner = try await owner(of: service, in: context)
        var verdict: RolloutVerdict?
        var settlement: Settlement?
        let strategy = RolloutStrategy(service.deploymentConfiguration)
        let isMoving = retriesFailed || upstream.expected(definition).map { $0.digest != summary.digest } ?? true
        let deployment = try await deployment(
            of: service, strategy, pending, isMoving: isMoving, isRepeat: retriesFailed)
        if let pending {
            (verdict, settlement) = try await judge(pending, service, owner, deployment, in: context)
            let wanted = upstream[definition]?.digest
            if let wanted, wanted != pending.order.digest {
                let staysHere = summary.digest == wanted && !summary.isInactive
                if staysHere, !Self.tellsItsEnd(settlement), IntentAge(pending.intent, in: context).maySeeStale {
                    // No update of this run overtakes it: what ECS makes of it is news until it is shown.
                    (verdict, settlement) = (.unseen("the end of an earlier rollout is not visible yet"), nil)
                } else {
                    (verdict, settlement) = (nil, overtaken(settlement))
                }
            } else if upstream.expected(definition)?.digest != pending.order.digest, case .failed = settlement {
                // Another content is about to be registered: what became of this one does not end the run that replaces it.
                settlement = overtaken(settlement)
            } else if retriesFailed, !context.intentClock.age(of: pending.intent.sequence).isExact,
                settlement?.isToRetry == true
            {
                // An earlier run left its end open. It is to be tried again, and that is what this run was asked for.
                (verdict, settlement) = (nil, overtaken(settlement))
            }
        }
        let rollout = State.Rollout(
            underWay: pending?.order.revision, digest: pending?.order.digest, pending: verdict, newest: deployment,
            progress: deployment.map { DeploymentProgress($0.deployment, strategy, now: context.awsTime()?.seconds) })
        let state = try await state(of: service, summary, owner, rollout, after: settlement?.facts ?? [], in: context)
        return Seen(
            .present(state), output: Output(revision: service.taskDefinition),
            settlement: request.map(settle) ?? settlement,
            adopted: pending == nil || settlement?.isEnd == true ? adopted(state, upstream) : [])
    }

    /// With what the ledger holds of it, and what is wrong with its rollout; tells how far that is.
    ///
    /// - Parameter facts: what the end tells that was just seen: it is recorded before anything else is done.
    func state(
        of service: ECSService, _ summary: TaskDefinitionSummary, _ owner: CountOwner, _ rollout: State.Rollout,
        after facts: [Fact], in context: Context
    ) async throws(Failure) -> State {
        let past = try await ServicePast.read(subject, in: context).after(facts)
        let rolledOut = rollout.underWay ?? service.taskDefinition
        let state = State(
            service: service, revision: summary, past: past, rollout: rollout, owner: owner,
            trouble: State.Trouble(
                event: await losses.diagnosis.event(service, of: rolledOut, for: id),
                losses: await losses.lines(service, of: rolledOut, for: id)),
            inspection: try await inspector?.inspect(service, summary, past: past, for: id, in: context))
        tell(state, in: context)
        return state
    }

    /// What an apply writes down without a step of its own.
    private func adopted(_ state: State, _ upstream: Outputs) -> [Fact] {
        var facts: [Fact] = []
        // Where another user's revision is the base now, and the service is on it already, that is what it was left at.
        if let base = upstream[definition]?.taken, base == state.service.taskDefinition,
            let applied = state.past.digest, applied != state.digest
        {
            facts.append(Fact(subject, FactName.rollout, .taken(state.digest)))
        }
        // A release that finds its content in place, as after ECS rolled back the one after it, is what was applied last.
        if isOther(state.past.release), let wanted = upstream[definition], isOn(wanted, state) {
            facts.append(Fact(subject, FactName.release, release))
        }
        return facts
    }

    /// Whether it is another release than this one; none is not.
    private func isOther(_ recorded: ReleaseRecord?) -> Bool { recorded.map { $0 != release } ?? false }

    private func isOn(_ wanted: TaskDefinitionResource.Output, _ state: State) -> Bool {
        wanted.revision.map { $0 == state.service.taskDefinition || state.says(wanted.digest) } ?? false
    }

    func diff(_ observed: Observation<State>, upstream: Outputs) -> Change {
        guard case .present(let state) = observed else { return Change(.update, "its state is not known") }
        let service = state.service
        if let failure = goalFailure(service) { return .blocked(failure) }
        if service.isAbsent { return creation(state, upstream) }
        if let failure = ServiceSupport.failure(service, count: spec.desiredCount, of: id) { return .blocked(failure) }
        if case .unseen(let text) = state.pending { return waitForSight(text) }
        if case .inProgress(let text) = state.pending { return wait(text, state) }
        if case .reached(let text) = state.pending, state.rollout.digest == upstream.expected(definition)?.digest {
            // What else is declared is set when ECS is done with it.
            return settings(of: state).isEmpty ? leave(text, state) : wait(text, state)
        }
        let isRefused = upstream.expected(definition).map { state.past.refused.contains($0.digest) } ?? false
        guard let wanted = upstream[definition], let revision = wanted.revision else {
            // Refused before anything is registered or migrated for it.
            if isRefused, !retriesFailed { return .blocked(refusal(nil)) }
            return Change(
                .update, "to the revision to be registered", fields: settings(of: state),
                notes: longWait(for: service), content: content(state))
        }
        if !isOn(wanted, state) {
            // ECS itself shows another ledger's failure, for a while.
            let isShownFailed = service.deployments.contains {
                $0.taskDefinition == revision && $0.rolloutState == "FAILED"
            }
            if isRefused || isShownFailed, !retriesFailed { return .blocked(refusal(revision)) }
            let move = FieldChange(path: "taskDefinition", from: service.taskDefinition, to: revision)
            let names = [service.taskDefinition, revision].map(RevisionARN.shortName).joined(separator: " -> ")
            return Change(
                .update, names, fields: [move] + settings(of: state), notes: longWait(for: service),
                content: content(state))
        }
        let verdict = standing(state)
        let fields = settings(of: state)
        if !fields.isEmpty {
            let isCount = fields.contains { $0.path == "desiredCount" }
            return Change(.update, isCount ? "desired count" : "settings", fields: fields, content: content(state))
        }
        switch verdict {
        case .completed:
            let remark = state.owner.remark(running: service.runningCount, declared: spec.desiredCount)
            let name = RevisionARN.shortName(of: service.taskDefinition)
            var change = Change.none("\(name) is rolled out" + (remark.map { "; \($0)" } ?? ""))
            if isOther(state.past.release) {
                change.isUnrecorded = true
                change.notes.append("apply records \(release.tag) as what was applied last")
            }
            return change
        case .inProgress(let text), .unseen(let text): return wait(text, state)
        case .reached(let text): return leave(text, state)
        case .failed where retriesFailed:
            return Change(.update, "deploying it again, as --retry-failed asks", content: content(state))
        case .failed(let reason, _):
            return .blocked(
                failure(RevisionARN.shortName(of: service.taskDefinition), rolledBackTo: nil, cause: [reason])
            )
        case .replaced: return wait("another deployment is under way", state)
        }
    }
}
