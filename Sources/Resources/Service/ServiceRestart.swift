import AWS
import Base
import Hashing
import Reconciler

/// A service whose tasks are to be replaced with others of the same revision, once for each command that asks for it.
struct ServiceRestart: Resource {
    typealias Order = UpdateOrder
    typealias Receipt = UpdateReceipt

    struct State: Sendable, Equatable {
        let service: ServiceResource.State
        /// Whether a restart has ended that counts for this command.
        let isDone: Bool
    }

    let service: ServiceResource
    /// The service that is restarted before it.
    let earlier: ResourceID?
    /// AWS does not show which command a restart was for: that is known here alone.
    private let progress = Progress()

    var id: ResourceID { service.id }
    var subject: String { service.subject }
    var dependencies: [ResourceID] { earlier.map { [$0] } ?? [] }

    init(_ service: ServiceResource, after earlier: ResourceID?) {
        self.service = service
        self.earlier = earlier
    }

    /// How far this command is.
    private actor Progress {
        /// Whether a restart of an earlier command was seen under way.
        private(set) var hasSeenOther = false
        private(set) var isDone = false

        /// Takes in what was seen of an open restart.
        ///
        /// - Parameter isOwn: whether this command has begun it.
        /// - Returns: whether one of an earlier command, which was under way, has now been done for this one.
        func note(_ settlement: Settlement?, isOwn: Bool) -> Bool {
            switch settlement {
            case nil: hasSeenOther = hasSeenOther || !isOwn
            case .succeeded:
                // What had ended before anyone looked was not for this command.
                if isOwn || hasSeenOther, !isDone {
                    isDone = true
                    return !isOwn
                }
            case .failed, .overtaken, .abandoned, .indeterminate: break
            }
            return false
        }
    }

    func observe(
        pending step: Step?, upstream: Outputs, in context: Context
    ) async throws(Failure) -> ObservationResult<State, Never> {
        let access = service.access
        let request = step?.order.request
        let pending = request == nil ? step : nil
        let current = try await access.services.look(service.spec.name, by: id)
        let summary = try await access.definitions.summary(current.taskDefinition, for: id)
        let owner = try await service.owner(of: current, in: context)
        let strategy = RolloutStrategy(current.deploymentConfiguration)
        let deployment = try await service.deployment(of: current, strategy, pending, isMoving: true, isRepeat: true)
        var verdict: RolloutVerdict?
        var settlement = request.map(service.settle)
        if let pending {
            (verdict, settlement) = try await service.judge(pending, current, owner, deployment, in: context)
            let isOwn = context.intentClock.age(of: pending.intent.sequence).isExact
            let counts = await progress.hasSeenOther && pending.order.isRestart
            // How another command's step failed is recorded, and does not end this one.
            if case .failed = settlement, !isOwn, !counts { settlement = service.overtaken(settlement) }
        }
        let rollout = ServiceResource.State.Rollout(
            underWay: pending?.order.revision, pending: verdict, newest: deployment,
            progress: deployment.map { DeploymentProgress($0.deployment, strategy, now: context.awsTime()?.seconds) })
        if let pending, pending.order.isRestart,
            await progress.note(settlement, isOwn: context.intentClock.age(of: pending.intent.sequence).isExact)
        {
            context.emit(.warning(id, "a restart of an earlier command was under way: it counts for this one"))
        }
        let state = try await service.state(
            of: current, summary, owner, rollout, after: settlement?.facts ?? [], in: context)
        return ObservationResult(
            .present(State(service: state, isDone: await progress.isDone)), settlement: settlement)
    }

    func diff(_ observed: Observation<State>, upstream: Outputs) -> Change {
        guard case .present(let seen) = observed else { return Change(.restart, "its state is not known") }
        let state = seen.service
        let current = state.service
        if let failure = ServiceSupport.failure(current, count: nil, of: id) { return .blocked(failure) }
        switch state.pending {
        case .unseen(let text): return service.waitForSight(text)
        case .inProgress(let text), .reached(let text): return service.wait(text, state)
        case .completed, .failed, .replaced, nil: break
        }
        let name = RevisionARN.shortName(of: current.taskDefinition)
        if seen.isDone { return .none("\(name) is restarted") }
        switch service.standing(state) {
        // Whoever has begun it: a new deployment would take its place.
        case .inProgress(let text), .unseen(let text), .reached(let text): return service.wait(text, state)
        case .replaced: return service.wait("another deployment is under way", state)
        case .completed, .failed: break
        }
        let count = current.desiredCount
        return Change(.restart, "\(count) task\(count == 1 ? "" : "s") of \(name)")
    }

    func intention(
        _ change: Change, upstream: Outputs, observed: Observation<State>
    ) throws(Failure) -> Intention<UpdateOrder> {
        guard case .present(let seen) = observed else {
            throw .broken("a service is restarted that was not looked at", of: id)
        }
        let state = seen.service
        var order = UpdateOrder(
            service: service.spec.name, revision: state.service.taskDefinition, digest: state.digest, release: nil)
        order.from = order.revision
        let before = state.service.primary?.id ?? ""
        order.instead = before
        order.isRestart = true
        order.newestDeployment = state.rollout.newest?.deployment.arn
        order.knownFailure = state.service.events.first(where: \.isOfFailure)?.id
        return Intention(token: SHA256.hex("restart\n\(subject)\n\(before)"), order: order)
    }

    func converge(
        _ change: Change, as step: Step, observed: Observation<State>, in context: Context
    ) async throws(Failure) -> Reply<UpdateReceipt> {
        let (access, name) = (service.access, service.spec.name)
        var deployments: [String] = []
        if case .present(let state) = observed { deployments = state.service.service.deployments.map(\.id) }
        await access.services.doubt()
        // Each time that it is sent it starts a deployment: what may have arrived is not sent again.
        let isForced = !step.intent.isRepeated
        let updated = try await calling(id, "restart service \(name)") { () throws(AWSError) in
            try await access.ecs.updateService(
                cluster: access.cluster.name, service: name, taskDefinition: nil, desiredCount: nil,
                isForced: isForced)
        }
        await access.services.replace(updated)
        return .accepted(UpdateReceipt(deployment: updated.primary?.id, before: deployments))
    }
}
