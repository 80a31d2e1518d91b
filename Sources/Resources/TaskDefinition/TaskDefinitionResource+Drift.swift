import Reconciler

/// In what ways a definition differs from what is wanted.
extension TaskDefinitionResource {
    func divergences(_ observed: Observation<State>, upstream: Outputs) -> [Divergence] {
        guard case .present(let state) = observed, let inspection = state.inspection else { return [] }
        var found: [Divergence] = []
        if let base = state.movedBase {
            found.append(
                Divergence(
                    .world, "\(base.name) was registered by another user since the last run", fields: base.fields,
                    actor: base.actor))
        }
        if state.match == nil { found.append(wanted(state, inspection)) }
        if let match = state.match, !state.tagFields.isEmpty {
            found.append(
                Divergence(.manifest, TaskDefinitionTags.note(state.tagFields, on: match), fields: state.tagFields))
        }
        if let lost = tags(inspection) { found.append(lost) }
        return found
    }

    /// Tags that are not as they were set.
    private func tags(_ inspection: Inspection) -> Divergence? {
        let fields = inspection.setTags.keys.sorted { $0.precedes($1) }.compactMap { key -> FieldChange? in
            let (found, set) = (inspection.tags[key], inspection.setTags[key])
            if found == set { return nil }
            // A mark is set after the revision was remembered. One that says something else is another ledger's word, or a
            // person's, on where the database is: to set the old one again would take that back.
            if Mark.isMovable(key), !inspection.hasReadTags || found != nil { return nil }
            return FieldChange(path: "tags[\(key)]", from: found, to: set)
        }
        if fields.isEmpty { return nil }
        let arn = inspection.current.arn
        return Divergence(
            .world,
            "\(RevisionARN.shortName(of: arn)) has lost tags that were set on it, and no apply sets them again: "
                + TaskDefinitionTags.command(fields, on: arn),
            fields: fields)
    }

    /// A revision that there is none of yet, and why.
    private func wanted(_ state: State, _ inspection: Inspection) -> Divergence {
        if let deregistered = state.wanted.deregistered {
            return Divergence(
                .world,
                "\(RevisionARN.shortName(of: deregistered)) was deregistered: it runs on, and nothing new can use it"
            )
        }
        guard let applied = inspection.applied.digest else {
            return Divergence(.manifest, "no revision matches the manifest yet", fields: state.fields)
        }
        var isDeclaredNew = inspection.applied.image != imageText
        if case .declared = source, inspection.recordedBase != state.wanted.imagelessDigest { isDeclaredNew = true }
        let hasWorldMoved = inspection.current.digest != applied
        switch (isDeclaredNew, hasWorldMoved) {
        case (true, true):
            return Divergence(
                .both, "no revision matches the manifest yet, and another user moved the base", fields: state.fields,
                actor: inspection.current.registeredBy)
        case (true, false):
            return Divergence(.manifest, "no revision matches the manifest yet", fields: state.fields)
        case (false, true):
            return Divergence(
                .world, "another user moved the base", fields: state.fields, actor: inspection.current.registeredBy)
        case (false, false):
            return Divergence(.world, "\(imageText) points at another image now", fields: state.fields)
        }
    }
}
