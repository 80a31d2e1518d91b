import JSON

/// What a call needs to be allowed.
/// (Service Authorization Reference, "Actions, resources, and condition keys" of each service. Amazon ECS Developer Guide,
/// "Grant permission to tag resources on creation" and "IAM roles for Amazon ECS": a role that is given to ECS must be passed.)
struct AccessRules {
    let ecs: ECSModel

    private var naming: Naming { ecs.naming }

    func needed(_ service: AWSModel.Service, _ operation: String, _ input: JSON) -> [NeededAccess] {
        switch service {
        case .sts: []
        case .ecs: needed(operation, input)
        case .ecr: [NeededAccess(action: "ecr:\(operation)", resource: repository(input))]
        case .logs: [NeededAccess(action: "logs:\(operation)", resource: stream(input))]
        case .lambda: [NeededAccess(action: "lambda:InvokeFunction", resource: function(input))]
        case .ssm: texts(input["Names"]).map { NeededAccess(action: "ssm:\(operation)", resource: parameter($0)) }
        case .events, .scheduler, .states: neededOfTriggers(service, operation, input)
        case .autoScaling: [NeededAccess(action: "application-autoscaling:\(operation)")]
        }
    }

    /// Of what starts tasks: a role that it starts them with is passed to it.
    private func neededOfTriggers(
        _ service: AWSModel.Service, _ operation: String, _ input: JSON
    ) -> [NeededAccess] {
        let action = "\(service.rawValue):\(operation)"
        var resource = "*"
        switch operation {
        case "PutRule", "DescribeRule", "PutTargets", "ListTargetsByRule":
            let name = input["Rule"]?.string ?? input["Name"]?.string ?? ""
            resource = naming.rule(name, on: input["EventBusName"]?.string ?? "default")
        case "GetSchedule", "UpdateSchedule", "CreateSchedule":
            resource = naming.schedule(
                input["Name"]?.string ?? "", in: input["GroupName"]?.string ?? "default")
        case "DescribeStateMachine": resource = input["stateMachineArn"]?.string ?? ""
        default: break
        }
        let roles = ((input["Targets"]?.elements ?? []) + [input["Target"] ?? [:]]).compactMap { $0["RoleArn"]?.string }
        return [NeededAccess(action: action, resource: resource)]
            + roles.map {
                NeededAccess(
                    action: "iam:PassRole", resource: $0,
                    context: ["iam:PassedToService": "\(service.rawValue).amazonaws.com"])
            }
    }

    private func needed(_ operation: String, _ input: JSON) -> [NeededAccess] {
        let action = "ecs:\(operation)"
        let cluster = naming.shortName(input["cluster"]?.string ?? "default", kind: "cluster") ?? ""
        func inCluster(_ resource: String) -> NeededAccess {
            NeededAccess(action: action, resource: resource, context: ["ecs:cluster": naming.cluster(cluster)])
        }
        switch operation {
        case "DescribeServices":
            return texts(input["services"]).map { inCluster(naming.service(shortName($0), in: cluster)) }
        case "ListServiceDeployments":
            let service = naming.service(shortName(input["service"]?.string ?? ""), in: cluster)
            return [NeededAccess(action: action, resource: service)]
        case "DescribeServiceDeployments":
            return texts(input["serviceDeploymentArns"]).map { NeededAccess(action: action, resource: $0) }
        case "StopServiceDeployment", "ContinueServiceDeployment":
            return [NeededAccess(action: action, resource: input["serviceDeploymentArn"]?.string ?? "")]
        case "UpdateService":
            return [inCluster(naming.service(shortName(input["service"]?.string ?? ""), in: cluster))]
        case "CreateService":
            return [inCluster(naming.service(input["serviceName"]?.string ?? "", in: cluster))]
        case "DescribeTasks": return texts(input["tasks"]).map { inCluster(naming.task(shortName($0), in: cluster)) }
        case "StopTask": return [inCluster(naming.task(shortName(input["task"]?.string ?? ""), in: cluster))]
        case "ListTasks": return [inCluster("*")]
        case "TagResource": return [NeededAccess(action: action, resource: input["resourceArn"]?.string ?? "")]
        case "DescribeServiceRevisions":
            return texts(input["serviceRevisionArns"]).map { NeededAccess(action: action, resource: $0) }
        case "RunTask":
            let revision = ecs.revision(input["taskDefinition"]?.string ?? "")
            let overrides = input["overrides"] ?? [:]
            return [inCluster(revision?.arn ?? "")] + tagging(input, naming.task("*", in: cluster))
                + passing(revision?.document ?? [:]) + passing(overrides)
        case "RegisterTaskDefinition":
            let family = input["family"]?.string ?? ""
            return [NeededAccess(action: action)]
                + tagging(input, naming.definition(family, (ecs.families[family]?.revisions.count ?? 0) + 1))
                + passing(input)
        default: return [NeededAccess(action: action)]
        }
    }

    private func tagging(_ input: JSON, _ resource: String) -> [NeededAccess] {
        (input["tags"]?.elements ?? []).isEmpty ? [] : [NeededAccess(action: "ecs:TagResource", resource: resource)]
    }

    private func passing(_ document: JSON) -> [NeededAccess] {
        ["taskRoleArn", "executionRoleArn"].compactMap { document[$0]?.string }.filter { !$0.isEmpty }.map { role in
            NeededAccess(
                action: "iam:PassRole", resource: role, context: ["iam:PassedToService": "ecs-tasks.amazonaws.com"])
        }
    }

    private func repository(_ input: JSON) -> String {
        "arn:aws:ecr:\(ecs.region):\(input["registryId"]?.string ?? ecs.account):repository/\(input["repositoryName"]?.string ?? "")"
    }

    private func stream(_ input: JSON) -> String {
        "arn:aws:logs:\(ecs.region):\(ecs.account):log-group:\(input["logGroupName"]?.string ?? "")"
            + ":log-stream:\(input["logStreamName"]?.string ?? "")"
    }

    private func parameter(_ name: String) -> String {
        "arn:aws:ssm:\(ecs.region):\(ecs.account):parameter\(name.hasPrefix("/") ? "" : "/")\(name)"
    }

    private func function(_ input: JSON) -> String {
        "arn:aws:lambda:\(ecs.region):\(ecs.account):function:\(input["FunctionName"]?.string ?? "")"
    }

    private func texts(_ json: JSON?) -> [String] { (json?.elements ?? []).compactMap(\.string) }
    private func shortName(_ text: String) -> String { text.split(separator: "/").last.map(String.init) ?? text }

    /// The refusal in AWS's words. (IAM User Guide, "Troubleshoot access denied error messages".)
    func denial(_ access: NeededAccess) -> ECSFault {
        ECSFault(
            "AccessDeniedException",
            "User: \(naming.caller) is not authorized to perform: \(access.action) on resource: \(access.resource) because no "
                + "identity-based policy allows the \(access.action) action")
    }
}
