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
        .members([
            "environment": environment, "drift": drift.items.map(item), "inSync": drift.isInSync && failure == nil,
            "comparedWith": comparison.json, "exit": failure.map { Int($0.exit.rawValue) },
            "failure": failure?.json,
        ])
    }

    private static func item(_ item: Drift.Item) -> JSON {
        .members([
            "resource": item.resource, "moved": item.divergence.moved.rawValue, "reason": item.divergence.reason,
            "by": item.divergence.actor, "fields": item.divergence.fields.map(PlanJSON.field),
        ])
    }
}
