import JSON

extension Landscape {
    /// How ECS rolls services out. A minute of it lasts 300 ms in the simulated world.
    public enum Deployment: String, Sendable, CaseIterable {
        case rolling = "ROLLING"
        case blueGreen = "BLUE_GREEN"
        case linear = "LINEAR"
        case canary = "CANARY"
    }

    /// What a deployment waits for after its test traffic.
    public enum Hook: Sendable {
        case none
        /// A function, which does what the image's script says.
        case function
        /// A person.
        case pause
    }

    /// The alarm that all deployments watch.
    static let alarm = "errors"

    var deploymentConfiguration: JSON {
        var configuration: JSON = [
            "deploymentCircuitBreaker": ["enable": .bool(hasBreaker), "rollback": .bool(hasBreaker && rollsBack)],
            "strategy": .string(deployment.rawValue),
        ]
        guard deployment != .rolling || watchesAlarm else { return configuration }
        configuration["bakeTimeInMinutes"] = 4
        configuration["alarms"] = [
            "alarmNames": [.string(Self.alarm)], "enable": true, "rollback": .bool(rollsBack),
        ]
        if deployment == .linear {
            configuration["linearConfiguration"] = ["stepPercent": 40, "stepBakeTimeInMinutes": 1]
        }
        if deployment == .canary {
            configuration["canaryConfiguration"] = ["canaryPercent": 5, "canaryBakeTimeInMinutes": 2]
        }
        var settings: JSON = [
            "lifecycleStages": ["POST_TEST_TRAFFIC_SHIFT"],
            "timeoutConfiguration": ["timeoutInMinutes": hook == .pause ? 60 : 8, "action": "ROLLBACK"],
        ]
        switch hook {
        case .none: return configuration
        case .function:
            settings["targetType"] = "AWS_LAMBDA"
            settings["hookTargetArn"] = "arn:aws:lambda:us-east-1:123456789012:function:check"
            settings["roleArn"] = "arn:aws:iam::123456789012:role/hook"
        case .pause: settings["targetType"] = "PAUSE"
        }
        configuration["lifecycleHooks"] = [settings]
        return configuration
    }
}

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
