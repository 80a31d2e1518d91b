import AWS
import Reconciler
import Time

/// How far a service deployment is, in words and for a program.
struct DeploymentProgress: Sendable, Equatable {
    /// In a few words, such as `BAKE_TIME, 100% of the traffic, at most 12m left`.
    let text: String
    let stage: Progress.Stage?
    /// Whether it waits for a person.
    let isPaused: Bool

    /// - Parameters:
    ///   - now: AWS's time in seconds since 1970; nil where it is not known.
    init(_ deployment: ServiceDeployment, _ strategy: RolloutStrategy, now: Int64?) {
        let hook =
            deployment.hooks.first(where: \.waitsForPerson) ?? deployment.hooks.first { $0.status == "IN_PROGRESS" }
        isPaused = hook?.waitsForPerson ?? false
        var words: [String] = []
        switch deployment.status {
        case "PENDING": words.append("its deployment is pending")
        case "STOP_REQUESTED": words.append("its deployment is being stopped")
        case "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS":
            words.append("ECS rolls it back: \(DeploymentVerdict.reason(deployment))")
        default:
            if let stage = deployment.stage { words.append(stage) }
            if let hook { words.append(Self.words(hook)) }
            if let share = deployment.share, deployment.stage != nil, share > 0 {
                words.append("\(Self.percent(share)) of the traffic")
            }
            if let left = Self.bakeLeft(deployment, strategy, now) { words.append("at most \(left.text) left") }
            if let running = deployment.runningCount, let requested = deployment.requestedCount, running < requested {
                words.append("\(running) of \(requested) new tasks running")
            }
        }
        text = words.isEmpty ? "its deployment is under way" : words.joined(separator: ", ")
        stage = deployment.stage.map { name in
            Progress.Stage(
                name: name, trafficPercent: deployment.share, hook: hook?.id, isPaused: hook?.waitsForPerson ?? false,
                hookExpires: hook?.expiresAt.map(Timestamp.init(seconds:)))
        }
    }

    private static func words(_ hook: ServiceDeployment.Hook) -> String {
        let end = hook.expiresAt.map { " until \(Timestamp(seconds: $0).iso8601)" } ?? ""
        let action = hook.timeoutAction.map { ", then \($0)" } ?? ""
        return hook.waitsForPerson
            ? "paused\(end)\(action)"
            : "its hook \(hook.function?.split(separator: ":").last.map(String.init) ?? hook.id) is at work\(end)\(action)"
    }

    private static func percent(_ share: Double) -> String {
        Int(exactly: share).map { "\($0)%" } ?? "\(share)%"
    }

    /// ECS does not tell when the bake began: at the latest when the deployment changed last.
    private static func bakeLeft(_ deployment: ServiceDeployment, _ strategy: RolloutStrategy, _ now: Int64?)
        -> Duration?
    {
        guard deployment.stage == "BAKE_TIME", let now, let since = deployment.updatedAt else { return nil }
        // In whole minutes: it is news for a log once a minute.
        let left = (strategy.bake.components.seconds - max(0, now - since) + 59) / 60
        return left > 0 ? .seconds(left * 60) : nil
    }
}
