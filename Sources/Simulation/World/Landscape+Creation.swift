import JSON

extension Landscape.Service {
    /// The part of a manifest that says how it is created.
    func creation(_ landscape: Landscape) -> String {
        let settings: JSON = [
            "taskDefinition": .string(family), "desiredCount": .integer(count), "launchType": "FARGATE",
            "networkConfiguration": ["awsvpcConfiguration": ["subnets": ["subnet-1"]]],
            "deploymentConfiguration": landscape.deploymentConfiguration,
        ]
        return ", \"create\": \(settings.compact)"
    }
}
