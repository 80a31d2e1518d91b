import AWS
import JSON
import Reconciler

/// The one call that moves a service.
extension ServiceResource {
    /// All that UpdateService would be sent, but for the revision, which the plan may be about to register.
    func content(_ state: State) -> Change.Content {
        let service = state.service
        let configurations = configurations(for: service)
        return Change.Content(
            .object(dropping: [
                "service": .string(service.arn), "cluster": .string(clusterARN),
                "desiredCount": count(for: state).map(JSON.integer),
                "deploymentConfiguration": configurations.deployment, "networkConfiguration": configurations.network,
            ]))
    }

    func intention(_ change: Change, upstream: Outputs, observed: Observation<State>) -> Intention {
        let wanted = upstream[definition, TaskDefinitionResource.Output.revision] ?? ""
        let digest = upstream[definition, TaskDefinitionResource.Output.digest] ?? ""
        var payload: JSON = [
            "service": .string(spec.name), "revision": .string(wanted), "digest": .string(digest),
            "image": .string(release.image), "release": release.json,
        ]
        if let identity = upstream[definition, TaskDefinitionResource.Output.image], Syntax.isDigest(identity) {
            payload["imageDigest"] = .string(identity)
        }
        if case .present(let state) = observed {
            // A service that is on a revision of the same content stays there: only its count is set.
            if state.says(digest) { payload["revision"] = .string(state.service.taskDefinition) }
            payload["from"] = .string(state.service.taskDefinition)
            // On the revision already, and ECS has given it up: only a forced deployment tries again.
            if payload["revision"] == payload["from"], let primary = state.service.primary,
                primary.rolloutState == "FAILED"
            {
                payload["instead"] = .string(primary.id)
            }
        }
        // That a count is as declared is worth knowing later; one that belongs to auto scaling says nothing of the manifest's.
        if let count = spec.desiredCount, case .present(let state) = observed, state.owner.isManifest {
            payload["desiredCount"] = .integer(count)
        }
        payload["settings"] = spec.settings.json
        return Intention(token: digest, payload: payload)
    }

    func converge(
        _ change: Change, as intent: Intent, observed: Observation<State>, in context: Context
    ) async throws(Failure) -> Reply {
        var configurations: (deployment: JSON?, network: JSON?) = (nil, nil)
        var count: Int?
        var before: [String] = []
        // A count alone is set without a revision, which might be one that can no longer be deployed.
        let revision = intent.payload["revision"] == intent.payload["from"] ? nil : intent.payload["revision"]?.string
        // Each time that it is sent it starts a deployment: what may have arrived is not sent again.
        let isForced = intent.payload["instead"] != nil && !intent.isRepeated
        if case .present(let state) = observed {
            configurations = self.configurations(for: state.service)
            count = self.count(for: state)
            if revision != nil || isForced || configurations.network != nil {
                before = state.service.deployments.map(\.id)
            }
        }
        let service = try await calling(id, "update service \(spec.name)") {
            [configurations, count] () throws(AWSError) in
            try await client.updateService(
                cluster: cluster, service: spec.name, taskDefinition: revision, desiredCount: count,
                deploymentConfiguration: configurations.deployment, networkConfiguration: configurations.network,
                isForced: isForced)
        }
        await services.replace(service)
        // An answer that shows no deployment says nothing of the rollout: the next look tells.
        return .accepted(OwnDeployment.acceptance(service.primary?.id, before: before))
    }
}
