import Reconciler

/// In what ways a definition differs from what is wanted.
extension TaskDefinitionResource {
    func divergences(_ observed: Observation<State>, upstream: Outputs) -> [Divergence] {
        guard case .present(let state) = observed else { return [] }
        var found: [Divergence] = []
        if let base = state.movedBase {
            found.append(
                Divergence(
                    .world, "\(base.name) was registered by somebody else since the last run", fields: base.fields,
                    actor: base.actor))
        }
        if state.match == nil { found.append(wanted(state)) }
        if state.isRecorded, state.current.tags[Mark.digest] == nil {
            let field = FieldChange(path: "tags[\(Mark.digest)]", from: nil, to: state.current.digest)
            let name = DefinitionSketch.shortName(of: state.current.arn)
            found.append(Divergence(.world, "\(name) has lost its tag", fields: [field]))
        }
        return found
    }

    /// A revision that there is none of yet, and why.
    private func wanted(_ state: State) -> Divergence {
        guard let applied = state.applied.digest else {
            return Divergence(.manifest, "there is no revision of what is wanted", fields: state.fields)
        }
        var isDeclaredNew = state.applied.image != imageText
        if case .declared = source, state.recordedBase != state.imagelessDigest { isDeclaredNew = true }
        let hasWorldMoved = state.current.digest != applied
        switch (isDeclaredNew, hasWorldMoved) {
        case (true, true):
            return Divergence(
                .both, "there is no revision of what is wanted, and somebody moved the base", fields: state.fields,
                actor: state.current.registeredBy)
        case (true, false):
            return Divergence(.manifest, "there is no revision of what is wanted", fields: state.fields)
        case (false, true):
            return Divergence(
                .world, "somebody moved the base", fields: state.fields, actor: state.current.registeredBy)
        case (false, false):
            return Divergence(.world, "\(imageText) points at another image now", fields: state.fields)
        }
    }
}
