import JSON
import Reconciler

/// A plan for programs: the form that is documented and does not change.
enum PlanJSON {
    static func render(_ plan: Plan, environment: String) -> JSON {
        .members([
            "environment": environment, "converged": plan.isConverged, "changes": plan.changes.map(change),
            "notes": notes(plan),
        ])
    }

    /// Remarks on what needs no change; nil where there are none.
    static func notes(_ plan: Plan) -> JSON? {
        let notes = plan.steps.filter(\.change.isSettled).flatMap { step in
            step.change.notes.map { note -> JSON in
                ["resource": .string(step.resource.description), "note": .string(note)]
            }
        }
        return notes.isEmpty ? nil : .array(notes)
    }

    static func change(_ step: Plan.Step) -> JSON {
        let change = step.change
        return .members([
            "resource": step.resource, "action": change.action.rawValue, "reason": change.reason,
            "fields": change.fields.map(field), "notes": change.notes.isEmpty ? nil : change.notes,
            "failure": change.failure?.json,
        ])
    }

    static func field(_ field: FieldChange) -> JSON {
        .members(["path": field.path, "from": field.from.orNull, "to": field.to.orNull])
    }
}
