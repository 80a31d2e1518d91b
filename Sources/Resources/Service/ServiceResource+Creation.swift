import AWS
import Base
import Hashing
import JSON
import Ledger
import Reconciler
import Time

extension Action {
    /// Create a service.
    public static let create = Action("create")
}

/// A service that is not there yet, and that the manifest says how to create.
extension ServiceResource {
    /// What became of a call that was to create it: as long as a reading may not show it, that is waited for.
    func observeAbsent(
        _ service: ECSService, _ pending: Step?, in context: Context
    ) async throws(Failure) -> ObservationResult<State, Output> {
        access.ecs.secrets.learn(CreationSecrets.values(of: spec.creation ?? .null))
        let state = State(
            service: service, revision: nil, past: try await ServicePast.read(subject, in: context),
            rollout: State.Rollout(),
            owner: .manifest(nil),
            trouble: State.Trouble(event: nil, losses: []), inspection: nil)
        guard let pending else { return ObservationResult(.present(state)) }
        let isYoung = IntentAge(pending.intent, in: context).maySeeStale
        if pending.receipt != nil, isYoung, !isDeleted(service, since: pending.intent.awsTime) {
            throw Failure(
                .serviceMissing, "ECS has created service \(spec.name) and does not show it yet", of: id,
                hint: "run the same command again", isTransient: true)
        }
        // The same call with the same token answers with the service that it created.
        return ObservationResult(
            .present(state),
            settlement: .abandoned("an earlier call left no service \(spec.name): it is created if it is still missing")
        )
    }

    /// Whether ECS says of a service that was created since that it is gone: no reading is behind then.
    private func isDeleted(_ service: ECSService, since: Timestamp?) -> Bool {
        guard let created = service.createdAt.flatMap(Double.init), let since else { return false }
        return Int64(created) >= since.seconds
    }

    func creation(_ state: State, _ upstream: Outputs) -> Change {
        guard let request = spec.creationRequest else { return Change(.update, "its state is not known") }
        let expected = upstream.expected(definition)
        if let expected, state.past.refused.contains(expected.digest), !retriesFailed {
            return .blocked(refusal(upstream[definition]?.revision))
        }
        let revision = upstream[definition]?.revision.map(RevisionARN.shortName)
        let shown = CreationSecrets.hidden(request)
        let fields = (shown.object?.members ?? []).sorted { $0.key.precedes($1.key) }.map {
            FieldChange(path: $0.key, from: nil, to: $0.value.string ?? $0.value.canonical)
        }
        return Change(
            .create,
            "it does not exist; " + (revision.map { "it gets \($0)" } ?? "it gets the revision to be registered"),
            fields: fields,
            content: Change.Content(
                .members(["cluster": access.cluster.arn, "service": spec.name, "creation": shown]),
                hidden: CreationSecrets.values(of: request)))
    }

    /// ECS takes a token for one creation: of this service, with these settings, after the last one of that name was deleted.
    func creationIntention(
        _ state: State, _ wanted: TaskDefinitionResource.Output, _ revision: String
    ) -> Intention<UpdateOrder> {
        var order = UpdateOrder(service: spec.name, revision: revision, digest: wanted.digest, release: release)
        order.desiredCount = spec.desiredCount
        order.settings = spec.settings.json
        let parts = [
            "create", state.service.arn, revision, spec.creationRequest?.canonical ?? "", state.service.createdAt ?? "",
            state.past.digest ?? "",
        ]
        return Intention(token: SHA256.hex(parts.joined(separator: "\n")), order: order)
    }

    func create(_ step: Step) async throws(Failure) -> Reply<UpdateReceipt> {
        guard let request = spec.creationRequest else {
            throw .broken("a service is created that the manifest does not describe", of: id)
        }
        await access.services.doubt()
        let service = try await calling(id, "create service \(spec.name)") { () throws(AWSError) in
            try await access.ecs.createService(
                cluster: access.cluster.name, service: spec.name, taskDefinition: step.order.revision,
                settings: request,
                // (ECS API Reference, CreateService, "clientToken": up to 36 characters.)
                token: String(step.intent.token.prefix(36)))
        }
        await access.services.replace(service)
        return .accepted(UpdateReceipt(deployment: service.primary?.id, before: []))
    }
}
