import Reconciler

/// In what ways a definition differs from what is wanted.
extension TaskDefinitionResource {
    func divergences(_ observed: Observation<State>, upstream: Outputs) -> [Divergence] {
        guard case .present(let state) = observed, let inspection = state.inspection else { return [] }
        var found: [Divergence] = []
        if let base = state.movedBase {
            found.append(
                Divergence(
                    .world, "\(base.name) was registered by somebody else since the last run", fields: base.fields,
                    actor: base.actor))
        }
        if state.match == nil { found.append(wanted(state, inspection)) }
        if inspection.isRecorded, inspection.tags[Mark.digest] == nil {
            let field = FieldChange(path: "tags[\(Mark.digest)]", from: nil, to: inspection.current.digest)
            let name = DefinitionSketch.shortName(of: inspection.current.arn)
            found.append(Divergence(.world, "\(name) has lost its tag", fields: [field]))
        }
        return found
    }

    /// A revision that there is none of yet, and why.
    private func wanted(_ state: State, _ inspection: Inspection) -> Divergence {
        guard let applied = inspection.applied.digest else {
            return Divergence(.manifest, "there is no revision of what is wanted", fields: state.fields)
        }
        var isDeclaredNew = inspection.applied.image != imageText
        if case .declared = source, inspection.recordedBase != state.imagelessDigest { isDeclaredNew = true }
        let hasWorldMoved = inspection.current.digest != applied
        switch (isDeclaredNew, hasWorldMoved) {
        case (true, true):
            return Divergence(
                .both, "there is no revision of what is wanted, and somebody moved the base", fields: state.fields,
                actor: inspection.current.registeredBy)
        case (true, false):
            return Divergence(.manifest, "there is no revision of what is wanted", fields: state.fields)
        case (false, true):
            return Divergence(
                .world, "somebody moved the base", fields: state.fields, actor: inspection.current.registeredBy)
        case (false, false):
            return Divergence(.world, "\(imageText) points at another image now", fields: state.fields)
        }
    }
}
