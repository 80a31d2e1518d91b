import Base
import JSON
import Reconciler
import Resources

/// Drift for programs: the form that is documented and does not change.
enum DriftJSON {
    /// - Parameter failure: why something could not be looked at: then no one knows that it is in sync.
    static func render(
        _ drift: Drift, environment: String, comparison: Comparison, failure: Failure?
    ) -> JSON {
        .object(dropping: [
            "environment": .string(environment), "drift": .array(drift.items.map(item)),
            "inSync": .bool(drift.isInSync && failure == nil), "comparedWith": comparison.json,
            "exit": failure.map { .integer(Int($0.exit.rawValue)) }, "failure": failure?.json,
        ])
    }

    private static func item(_ item: Drift.Item) -> JSON {
        .object(dropping: [
            "resource": .string(item.resource.description), "moved": .string(item.divergence.moved.rawValue),
            "reason": .string(item.divergence.reason), "by": item.divergence.actor.map(JSON.string),
            "fields": .array(item.divergence.fields.map(PlanJSON.field)),
        ])
    }
}
