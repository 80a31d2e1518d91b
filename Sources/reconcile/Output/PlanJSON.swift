import JSON
import Reconciler

/// A plan for programs: the form that is documented and does not change.
enum PlanJSON {
    static func render(_ plan: Plan, environment: String) -> JSON {
        .object(dropping: [
            "environment": .string(environment), "converged": .bool(plan.isConverged),
            "changes": .array(plan.changes.map(change)), "notes": notes(plan),
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
        return .object(dropping: [
            "resource": .string(step.resource.description), "action": .string(change.action.rawValue),
            "reason": .string(change.reason), "fields": .array(change.fields.map(field)),
            "notes": change.notes.isEmpty ? nil : JSON(change.notes), "failure": change.failure?.json,
        ])
    }

    static func field(_ field: FieldChange) -> JSON {
        [
            "path": .string(field.path), "from": field.from.map(JSON.string) ?? .null,
            "to": field.to.map(JSON.string) ?? .null,
        ]
    }
}
