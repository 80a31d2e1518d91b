import AWS
import Manifest

/// What a service deployment proves about a rollout, next to what DescribeServices lists of it. ECS's own verdict outranks
/// what the list lets one guess: a bake is no end, and one that another deployment has overtaken was not rolled back.
enum DeploymentVerdict {
    /// - Parameters:
    ///   - listed: what the service's own list proves.
    ///   - progress: how far it is, in words.
    static func judge(
        _ seen: SeenDeployment, listed: RolloutVerdict, on service: ECSService, until goal: RolloutGoal,
        progress: String
    ) -> RolloutVerdict {
        let deployment = seen.deployment
        switch deployment.status {
        case "PENDING", "IN_PROGRESS":
            return goal.isReached(at: deployment.stage) ? .reached(progress) : .inProgress(progress)
        case "SUCCESSFUL":
            // Old tasks may still run. What has moved the service back since is no roll-back.
            if case .failed = listed { return .replaced(by: seen.successor ?? service.taskDefinition) }
            return listed
        case "STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS": return .inProgress(progress)
        case "ROLLBACK_SUCCESSFUL":
            return .failed(reason: reason(deployment), rolledBackTo: service.taskDefinition)
        case "ROLLBACK_FAILED":
            return .failed(reason: "\(reason(deployment)); the roll-back failed, too", rolledBackTo: nil)
        case "STOPPED":
            // What ECS has given up before another deployment came was not overtaken.
            if deployment.isOvertaken, let successor = seen.successor {
                return successor == seen.revision ? listed : .replaced(by: successor)
            }
            return .failed(reason: reason(deployment), rolledBackTo: nil)
        default: return .inProgress("the status of its deployment is \(deployment.status)")
        }
    }

    /// In ECS's words, with the alarms that went off.
    static func reason(_ deployment: ServiceDeployment) -> String {
        var words = (deployment.rollbackReason ?? deployment.statusReason)?.description ?? "ECS gave no reason"
        if words.hasSuffix(".") { words.removeLast() }
        let alarms = deployment.alarms.map(\.description).joined(separator: ", ")
        return alarms.isEmpty ? words : "\(words) (alarm \(alarms))"
    }
}
