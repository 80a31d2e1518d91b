import AWS
import Base
import JSON
import Ledger
import Reconciler

extension Action {
    /// Create a service.
    public static let create = Action("create")
}

/// A service that is not there yet, and that the manifest says how to create.
extension ServiceResource {
    /// What became of a call that was to create it: as long as a reading may not show it, that is waited for.
    func observeAbsent(
        _ pending: Step?, in context: Context
    ) throws(Failure) -> ObservationResult<State, Output> {
        guard let pending else { return ObservationResult(.absent) }
        if pending.receipt != nil, IntentAge(pending.intent, in: context).maySeeStale {
            throw Failure(
                .serviceMissing, "ECS has created service \(spec.name) and does not show it yet", of: id,
                hint: "run the same command again", isTransient: true)
        }
        // The same call with the same token answers with the service that it created.
        return ObservationResult(
            .absent,
            settlement: .abandoned("an earlier call left no service \(spec.name): it is created if it is still missing")
        )
    }

    func creation(_ upstream: Outputs) -> Change {
        guard let request = spec.creationRequest else { return Change(.update, "its state is not known") }
        let revision = upstream[definition]?.revision.map(RevisionARN.shortName)
        let fields = (request.object?.members ?? []).sorted { $0.key.precedes($1.key) }.map {
            FieldChange(path: $0.key, from: nil, to: $0.value.string ?? $0.value.canonical)
        }
        return Change(
            .create,
            "it does not exist; " + (revision.map { "it gets \($0)" } ?? "it gets the revision to be registered"),
            fields: fields,
            content: Change.Content(
                .members(["cluster": access.cluster.arn, "service": spec.name, "creation": request])))
    }

    /// The order of a service that runs nothing yet.
    func creationOrder(_ wanted: TaskDefinitionResource.Output, _ revision: String) -> UpdateOrder {
        var order = UpdateOrder(service: spec.name, revision: revision, digest: wanted.digest, release: release)
        order.desiredCount = spec.desiredCount
        order.settings = spec.settings.json
        return order
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
