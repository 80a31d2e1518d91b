import JSON
import Reconciler

/// In what ways a schema differs from what is wanted.
extension SchemaResource {
    func divergences(_ observed: Observation<SchemaState>, upstream: Outputs) -> [Divergence] {
        guard case .present(let state) = observed else { return [] }
        let moved: Mover = state.isMovedElsewhere ? .world : .manifest
        let isElsewhere = state.history.last != state.wanted
        let fields =
            isElsewhere ? [FieldChange(path: "version", from: state.history.last, to: state.wanted)] : []
        if let question = state.question { return [Divergence(.world, question.reason, fields: fields)] }
        if let running = state.running {
            return [Divergence(.manifest, "the migration's \(state.kind.noun) is \(running)", fields: fields)]
        }
        if case .version(let found, let isDirty) = state.probed { return answered(found, isDirty: isDirty, state) }
        switch state.need(spec) {
        case .nothing: return []
        case .migration(let reason), .refusal(let reason): return [Divergence(moved, reason, fields: fields)]
        }
    }

    /// The database itself outranks what the ledger believes of it.
    private func answered(_ found: String, isDirty: Bool, _ state: SchemaState) -> [Divergence] {
        if isDirty {
            let fields = [FieldChange(path: "version", from: "\(found) dirty", to: state.wanted)]
            return [Divergence(.world, "the database is at \(found), and dirty", fields: fields)]
        }
        // A database knows no digests of images.
        guard case .declared(let wanted) = spec.version, !isEnough(found, wanted, state) else { return [] }
        let moved = Mover.of(applied: state.history.last, observed: found, desired: wanted)
        let known = state.history.last.map { ", and the ledger knows \($0)" } ?? ""
        return [
            Divergence(
                moved, moved == .manifest ? "schema \(found) -> \(wanted)" : "the database is at \(found)\(known)",
                fields: [FieldChange(path: "version", from: found, to: wanted)])
        ]
    }

    private func isEnough(_ found: String, _ wanted: String, _ state: SchemaState) -> Bool {
        if spec.isAtSuccessor(found) { return true }
        return switch spec.order.standing(of: wanted, given: state.history.filter { $0 != found } + [found]) {
        case .same: true
        case .older: spec.accepts == .atLeast
        case .newer, .unknown: false
        }
    }
}
