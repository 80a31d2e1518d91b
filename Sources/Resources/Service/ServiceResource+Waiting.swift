import AWS
import JSON
import Ledger
import Reconciler

/// What is said while a rollout is under way.
extension ServiceResource {
    func tell(_ state: State, in context: Context) {
        guard let text = state.pending?.progress else { return }
        let primary = state.service.primary
        let parts = [
            text, state.trouble.event,
            state.trouble.losses.first { $0.hasPrefix("  container ") }.map { "a task stopped, \($0.dropFirst(2))" },
        ]
        context.emit(
            .progress(
                id,
                Progress(
                    parts.compactMap(\.self).joined(separator: "; "), running: primary?.runningCount,
                    desired: primary?.desiredCount)))
    }

    /// Of a state that reads may not show yet.
    func waitForSight(_ text: String) -> Change {
        .wait(
            text,
            Need.Patience(
                limit: spec.timeout,
                atWork: "ECS may take up to \(IntentAge.settleBound) s to show an update.",
                hint: "Run the same command again to go on waiting for it"))
    }

    func wait(_ text: String, _ state: State) -> Change {
        var hint = "Run the same command again to go on watching the rollout of \(spec.name)"
        var notes = (state.trouble.event.map { [$0] } ?? []) + state.trouble.losses
        if !state.trouble.losses.isEmpty, !Self.hasBreaker(state.service) {
            hint += "; or apply a fixed image: reconcile apply MANIFEST --image-tag NEW"
            notes.append(
                "\(spec.name) has no circuit breaker (deploymentConfiguration.deploymentCircuitBreaker): ECS starts "
                    + "such tasks again and again")
        }
        return .wait(
            text, Need.Patience(limit: spec.timeout, hint: hint),
            notes: notes)
    }

    private static func hasBreaker(_ service: ECSService) -> Bool {
        service.deploymentConfiguration?["deploymentCircuitBreaker"]?["enable"]?.bool ?? false
    }
}
