import AWS
import Base
import JSON
import Ledger
import Reconciler

/// What is said while a rollout is under way.
extension ServiceResource {
    func tell(_ state: State, in context: Context) {
        guard let text = state.pending?.progress else { return }
        let primary = state.service.primary
        let secrets = access.ecs.secrets
        let parts = [
            secrets.hide(in: text), state.trouble.event,
            state.trouble.losses.first { $0.hasPrefix("  container ") }.map { "a task stopped, \($0.dropFirst(2))" },
        ]
        context.emit(
            .progress(
                id,
                Progress(
                    parts.compactMap(\.self).joined(separator: "; "), running: primary?.runningCount,
                    desired: primary?.desiredCount, stage: state.rollout.progress?.stage)))
    }

    /// Of a state that reads may not show yet.
    func waitForSight(_ text: String) -> Change {
        .wait(
            text,
            Need.Patience(
                limit: patience(with: nil),
                atWork: "ECS may take up to \(IntentAge.settleBound) s to show an update.",
                hint: "Run the same command again to go on waiting for it"))
    }

    /// A rolling deployment has no stages that could be waited for.
    func goalFailure(_ service: ECSService) -> Failure? {
        let strategy = RolloutStrategy(configurations(for: service).deployment ?? service.deploymentConfiguration)
        guard spec.until != .completed, !strategy.hasStages else { return nil }
        return Failure(
            .strategyUnsupported,
            "the manifest waits for \(spec.name) until \(spec.until.rawValue), and its strategy \(strategy.name) has no stages",
            of: id,
            hint: "take \"until\" of \(spec.name) out of the manifest; or give it another strategy in "
                + "services[].deploymentConfiguration: BLUE_GREEN, LINEAR or CANARY")
    }

    /// - Parameter service: nil where only its sight is waited for.
    func patience(with service: ECSService?) -> Duration {
        let needed = service.map {
            RolloutStrategy(configurations(for: $0).deployment ?? $0.deploymentConfiguration).least
        }
        return spec.timeout ?? .seconds(15 * 60) + (needed ?? .zero)
    }

    /// That a rollout bakes for long is worth knowing before it begins.
    func longWait(for service: ECSService) -> [String] {
        let strategy = RolloutStrategy(configurations(for: service).deployment ?? service.deploymentConfiguration)
        guard spec.until == .completed, strategy.least >= .seconds(10 * 60) else { return [] }
        return [
            "\(spec.name): its strategy \(strategy.name) takes \(strategy.least.text) at least; with "
                + "services[].until the apply ends earlier"
        ]
    }

    /// It goes on by itself.
    func leave(_ text: String, _ state: State) -> Change {
        let text = access.ecs.secrets.hide(in: text)
        guard let patience = wait(text, state).patience else { return .none(text) }
        let isPaused = state.rollout.progress?.isPaused == true
        let after = isPaused ? "a person decides: \(patience.hint)" : "ECS goes on by itself"
        return Change(.leave(patience), "\(text); \(after)", notes: ["\(spec.name) is left to ECS: \(text)"])
    }

    func wait(_ text: String, _ state: State) -> Change {
        var hint = "Run the same command again to go on watching the rollout of \(spec.name)"
        if state.rollout.progress?.isPaused == true {
            hint =
                "Let it go on: reconcile resolve MANIFEST \(id) --continue --reason TEXT; or roll it back: "
                + "reconcile resolve MANIFEST \(id) --rollback --reason TEXT"
        }
        var notes = (state.trouble.event.map { [$0] } ?? []) + state.trouble.losses
        if !state.trouble.losses.isEmpty, !Self.hasBreaker(state.service) {
            hint += "; or apply a fixed image: reconcile apply MANIFEST --image-tag NEW"
            notes.append(
                "\(spec.name) has no circuit breaker (deploymentConfiguration.deploymentCircuitBreaker): ECS starts "
                    + "such tasks again and again")
        }
        return .wait(
            access.ecs.secrets.hide(in: text), Need.Patience(limit: patience(with: state.service), hint: hint),
            notes: notes)
    }

    private static func hasBreaker(_ service: ECSService) -> Bool {
        service.deploymentConfiguration?["deploymentCircuitBreaker"]?["enable"]?.bool ?? false
    }
}
