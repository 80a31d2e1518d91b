import AWS
import Base
import JSON
import Reconciler

/// What is wanted, compared with what there is.
extension TaskDefinitionResource {
    /// - Parameters:
    ///   - reference: the image that the containers get.
    ///   - identity: what a migration of that image is known by.
    func state(reference: String, identity: String?, in context: Context) async throws(Failure) -> State {
        let arn = try await running()
        guard !arn.isEmpty else { return try await foundingState(reference: reference, in: context) }
        // With the tags it is also read whether the revision was deregistered since it was remembered.
        if driftScope?.readsTags == true { _ = try await access.definitions.tags(arn, .now, for: id) }
        let current = try await access.definitions.summary(arn, for: id)
        let base = try await movedBase(current, in: context)
        let isUsable = try await isUsable(current, identity, in: context)
        let compared: WantedRevision
        switch source {
        case .derived(let kind):
            let newest = kind == .service ? [] : try await access.definitions.newest(of: current.family, for: id)
            let from = newest.first ?? current
            // Nothing but the image is ours to change, so an equal image means an equal definition.
            if let own = from.imagelessDigest(of: released), isUsable || from.arn != current.arn,
                released.allSatisfy({ from.container($0)?.image == reference })
            {
                compared = WantedRevision(match: from.arn, digest: from.digest, imagelessDigest: own)
            } else {
                let document = try await access.definitions.revision(from.arn, for: id)
                compared = try await compare(
                    document.document, reference, current, isUsable: isUsable,
                    tags: TaskDefinitionTags.carried(document.tags), in: context)
            }
        case .declared(let document):
            compared = try await compare(
                document, reference, current, isUsable: isUsable, tags: Tags.read(document["tags"]), in: context)
        }
        return try await state(compared, reference, current, base, in: context)
    }

    /// What the service runs. For one that does not exist yet, the newest revision of the family; empty if there is none.
    private func running() async throws(Failure) -> String {
        // A second look would be a second call.
        let first = try await access.services.look(shared.base.service, by: id)
        if !first.isAbsent { return first.taskDefinition }
        for name in shared.services {
            let service = try await access.services.known(name)
            if !service.isAbsent { return service.taskDefinition }
        }
        return try await access.definitions.newest(of: family, for: id).first?.arn ?? ""
    }

    /// Of a family that has no revision yet.
    private func foundingState(reference: String, in context: Context) async throws(Failure) -> State {
        guard case .declared(let document) = source else { throw .noActiveRevision(of: family, "taskDefinition", id) }
        var wanted = WantedRevision(document, image: reference, of: released, tags: Tags.read(document["tags"]))
        try TaskDefinitionTags.requireRoom(for: wanted.tags.merging(sequenceTags) { $1 }, family, id)
        let recorded = try await context.ledger.fact(subject, FactName.registered(wanted.digest))
        wanted.match = try await access.definitions.match(wanted.digest, family: family, recorded: recorded, for: id)
        var state = State(wanted: wanted, reference: reference, fields: [], notes: [], movedBase: nil, inspection: nil)
        state.isFirst = true
        state.sequence = try await sequence(wanted.match, in: context)
        return state
    }

    private func state(
        _ compared: WantedRevision, _ reference: String, _ current: TaskDefinitionSummary, _ base: MovedBase?,
        in context: Context
    ) async throws(Failure) -> State {
        let tagFields = try await tagFields(compared.tags, on: compared.match ?? current.arn)
        if compared.match == nil {
            try TaskDefinitionTags.requireRoom(for: compared.tags.merging(sequenceTags) { $1 }, family, id)
        }
        var notes = [base?.note, compared.match == nil ? shared.base.note : nil].compactMap(\.self)
        if let match = compared.match, !tagFields.isEmpty {
            notes.append(TaskDefinitionTags.note(tagFields, on: match))
        }
        var state = State(
            wanted: compared, reference: reference,
            fields: compared.fields + (compared.match == nil ? tagFields : []),
            notes: notes, movedBase: base, inspection: try await inspection(current, in: context))
        state.tagFields = tagFields
        state.sequence = try await sequence(compared.match, in: context)
        return state
    }

    private func compare(
        _ document: JSON, _ reference: String, _ current: TaskDefinitionSummary, isUsable: Bool, tags: [String: String],
        in context: Context
    ) async throws(Failure) -> WantedRevision {
        var compared = WantedRevision(document, image: reference, of: released, tags: tags)
        let recorded = try await context.ledger.fact(subject, FactName.registered(compared.digest))
        let isSame = current.digest == compared.digest || current.arn == recorded
        if isSame, isUsable { compared.match = current.arn }
        if compared.match != nil { return compared }
        compared.match = try await access.definitions.match(
            compared.digest, family: family, recorded: recorded, for: id)
        if isSame, compared.match == current.arn { compared.match = nil }
        if isSame, compared.match == nil { compared.deregistered = current.arn }
        compared.fields = TaskDefinitionDiff(fingerprint: access.ledger.fingerprint).fields(
            from: TaskDefinitionContent(try await access.definitions.revision(current.arn, for: id).document),
            to: compared.content)
        return compared
    }

    /// Whether ECS lets tasks and services use the revision that the service is on. A revision that was deregistered goes on
    /// to run where it runs; that is asked about only if a task or a service is about to use it.
    private func isUsable(
        _ current: TaskDefinitionSummary, _ identity: String?, in context: Context
    ) async throws(Failure) -> Bool {
        if current.isInactive { return false }
        guard try await isAboutToBeUsed(current.arn, identity, in: context) else { return true }
        return try await access.definitions.isUsable(current.arn, for: id)
    }

    private func isAboutToBeUsed(
        _ arn: String, _ identity: String?, in context: Context
    ) async throws(Failure) -> Bool {
        if isRunFrom { return true }
        // A comparison uses nothing, and may be of a thousand services.
        if driftScope != nil { return false }
        for user in shared.services {
            let service = try await access.services.known(user)
            // What ECS gave up may be deployed once more, which needs the revision as well.
            if service.taskDefinition != arn || service.primary?.rolloutState == "FAILED" { return true }
        }
        return try await history?.isToMigrate(to: identity, in: context) ?? false
    }

    private func inspection(
        _ current: TaskDefinitionSummary, in context: Context
    ) async throws(Failure) -> Inspection? {
        guard let driftScope else { return nil }
        let subject = subject
        let (base, set) = try await context.ledger.facts(of: subject) { facts in
            (
                try facts.latest(subject, FactName.base),
                TaskDefinitionTags.set(by: try facts.all(subject, FactName.tags(current.arn)))
            )
        }
        return Inspection(
            current: current, tags: current.tags,
            applied: try await ServicePast.read(serviceSubject, in: context), recordedBase: base,
            setTags: set, hasReadTags: driftScope.readsTags)
    }

    /// Declared tags that a revision lacks, or has with another value. Its other tags are not compared.
    private func tagFields(_ declared: [String: String], on arn: String) async throws(Failure) -> [FieldChange] {
        guard case .declared = source else { return [] }
        let known = TaskDefinitionTags.differences(
            declared, from: try await access.definitions.summary(arn, for: id).tags)
        if known.isEmpty { return [] }
        // Tags may have been set since they were remembered.
        return TaskDefinitionTags.differences(declared, from: try await access.definitions.revision(arn, for: id).tags)
    }
}
