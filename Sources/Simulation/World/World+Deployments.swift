import JSON
import Sandbox

/// What happens to services' deployments: functions of hooks, alarms, and people who answer.
extension World {
    /// Calls the function of a hook, which does what the image says that is deployed.
    mutating func ask(_ call: HookCall) {
        let revision = call.payload["executionDetails"]?["targetServiceRevisionArn"] ?? ""
        let shown = asked("DescribeServiceRevisions", ["serviceRevisionArns": [revision]])["serviceRevisions"]
        let image = shown?.elements.first?["taskDefinition"]?.string.flatMap(image)
        switch image.flatMap({ images[$0] })?.hook ?? .passes {
        case .passes: plan(.hook(call.id, .succeeded), after: 50, nil)
        case .fails: plan(.hook(call.id, .failed), after: 50, nil)
        case .neverAnswers: return
        }
    }

    /// The newest deployment of a service.
    func deployment(of service: String, in cluster: String) -> JSON? {
        let listed = asked("ListServiceDeployments", ["cluster": .string(cluster), "service": .string(service)])
        guard let arn = listed["serviceDeployments"]?.elements.first?["serviceDeploymentArn"] else { return nil }
        return asked("DescribeServiceDeployments", ["serviceDeploymentArns": [arn]])["serviceDeployments"]?
            .elements.first
    }

    /// A person lets a paused deployment go on.
    mutating func letGoOn(_ service: String) {
        guard let deployment = deployment(of: service, in: Landscape.cluster) else { return }
        let hooks = deployment["lifecycleHookDetails"]?.elements ?? []
        guard let hook = hooks.first(where: { $0["status"] == "AWAITING_ACTION" }) else { return }
        _ = call(
            .ecs, "ContinueServiceDeployment",
            [
                "serviceDeploymentArn": deployment["serviceDeploymentArn"] ?? "", "hookId": hook["hookId"] ?? "",
                "action": "CONTINUE",
            ])
    }

    /// Whether a deployment of a service to a revision has ever come to its end.
    func isDeployed(_ service: String, to revision: String, in cluster: String) -> Bool {
        let listed = asked("ListServiceDeployments", ["cluster": .string(cluster), "service": .string(service)])
        let successful = (listed["serviceDeployments"]?.elements ?? []).filter { $0["status"] == "SUCCESSFUL" }
        let targets = successful.compactMap { $0["targetServiceRevisionArn"] }
        guard !targets.isEmpty else { return false }
        let revisions = asked("DescribeServiceRevisions", ["serviceRevisionArns": .array(Array(targets.prefix(20)))])
        return (revisions["serviceRevisions"]?.elements ?? []).contains { $0["taskDefinition"]?.string == revision }
    }

    /// Whether a service's deployment to an image has come to a stage, or to its end.
    func hasReached(_ stage: String, _ service: String, with digest: String, in cluster: String) -> Bool {
        guard let shown = services([service], in: cluster).first, let revision = shown["taskDefinition"]?.string,
            image(of: revision) == digest, let newest = deployment(of: service, in: cluster)
        else { return false }
        if newest["status"] == "SUCCESSFUL" { return true }
        let target = newest["targetServiceRevision"]?["arn"] ?? ""
        let revisions = asked("DescribeServiceRevisions", ["serviceRevisionArns": [target]])["serviceRevisions"]
        return revisions?.elements.first?["taskDefinition"]?.string == revision
            && [stage, "CLEAN_UP"].contains(newest["lifecycleStage"]?.string)
    }
}
