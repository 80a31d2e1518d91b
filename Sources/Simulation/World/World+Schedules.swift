import JSON

/// Rules that start tasks of what the services run.
extension World {
    /// Makes the rule of a cluster, as infrastructure code would.
    mutating func schedule(_ definition: String, in cluster: String) {
        let rule = JSON.string(Landscape.rule(of: cluster))
        _ = call(.events, "PutRule", ["Name": rule, "ScheduleExpression": "rate(1 day)"])
        let secret =
            "{\"containerOverrides\":[{\"name\":\"app\",\"environment\":[{\"name\":\"KEY\",\"value\":\"\(Landscape.canary)\"}]}]}"
        let target: JSON = [
            "Id": "1", "Arn": .string("arn:aws:ecs:\(Landscape.region):\(Landscape.account):cluster/\(cluster)"),
            "Input": .string(secret),
            "EcsParameters": ["TaskDefinitionArn": .string(definition), "TaskCount": 1],
        ]
        _ = call(.events, "PutTargets", ["Rule": rule, "Targets": [target]])
    }

    /// The revision that the rule of a cluster starts; nil where anything else of its target has changed.
    func scheduled(in cluster: String) -> String? {
        var copy = model
        let input: JSON = ["Rule": .string(Landscape.rule(of: cluster))]
        guard case .success(let answer) = copy.handle(.events, "ListTargetsByRule", input, at: now),
            let target = answer["Targets"]?.elements.first, target["Input"]?.string?.contains(Landscape.canary) == true,
            target["EcsParameters"]?["TaskCount"] == 1
        else { return nil }
        return target["EcsParameters"]?["TaskDefinitionArn"]?.string
    }
}

extension Landscape {
    /// The name of a cluster's rule.
    static func rule(of cluster: String) -> String { "nightly-\(cluster)" }
}
