import AWS
import Base
import JSON
import Manifest
import Reconciler

/// The one call that moves a service.
extension ServiceResource {
    /// All that UpdateService would be sent, but for the revision, which the plan may be about to register.
    func content(_ state: State) -> Change.Content {
        let service = state.service
        let configurations = configurations(for: service)
        return Change.Content(
            .members([
                "service": service.arn, "cluster": access.cluster.arn, "desiredCount": count(for: state),
                "deploymentConfiguration": configurations.deployment, "networkConfiguration": configurations.network,
            ]))
    }

    func intention(
        _ change: Change, upstream: Outputs, observed: Observation<State>
    ) throws(Failure) -> Intention<UpdateOrder> {
        guard let wanted = upstream[definition], let revision = wanted.revision else {
            throw .broken("a service is moved to a revision that is not there", of: id)
        }
        guard case .present(let state) = observed else {
            throw .broken("a service is moved that was not looked at", of: id)
        }
        if state.service.isAbsent { return creationIntention(state, wanted, revision) }
        var order = UpdateOrder(
            service: spec.name, revision: revision, digest: wanted.digest, release: release)
        if Syntax.isDigest(wanted.image) { order.imageDigest = wanted.image }
        // A service that is on a revision of the same content stays there: only its count is set.
        if state.says(wanted.digest) { order.revision = state.service.taskDefinition }
        order.from = state.service.taskDefinition
        order.setsNetwork = configurations(for: state.service).network != nil
        order.newestDeployment = state.rollout.newest?.deployment.arn
        order.knownFailure = state.service.events.first(where: \.isOfFailure)?.id
        // On the revision already, and ECS has given it up: only a forced deployment tries again.
        if order.keepsRevision, let primary = state.service.primary, primary.rolloutState == "FAILED" {
            order.instead = primary.id
        }
        // That a count is as declared is worth knowing later; one that belongs to auto scaling says nothing of the
        // manifest's.
        if state.owner.isManifest { order.desiredCount = spec.desiredCount }
        order.settings = spec.settings.json
        return Intention(token: wanted.digest, order: order)
    }

    func converge(
        _ change: Change, as step: Step, observed: Observation<State>,
        in context: Context
    ) async throws(Failure) -> Reply<UpdateReceipt> {
        if change.action == .create { return try await create(step) }
        var configurations: (deployment: JSON?, network: JSON?) = (nil, nil)
        var count: Int?
        var before: [String] = []
        let revision = step.order.keepsRevision ? nil : step.order.revision
        // Each time that it is sent it starts a deployment: what may have arrived is not sent again.
        let isForced = step.order.instead != nil && !step.intent.isRepeated
        if case .present(let state) = observed {
            configurations = self.configurations(for: state.service)
            count = self.count(for: state)
            if revision != nil || isForced || configurations.network != nil {
                before = state.service.deployments.map(\.id)
            }
        }
        await access.services.doubt()
        let service = try await calling(id, "update service \(spec.name)") {
            [configurations, count] () throws(AWSError) in
            try await access.ecs.updateService(
                cluster: access.cluster.name, service: spec.name, taskDefinition: revision, desiredCount: count,
                deploymentConfiguration: configurations.deployment, networkConfiguration: configurations.network,
                isForced: isForced)
        }
        await access.services.replace(service)
        // An answer that shows no deployment says nothing of the rollout: the next look tells.
        return .accepted(UpdateReceipt(deployment: service.primary?.id, before: before))
    }
}
