import JSON

/// The members of requests that the model knows. It refuses any other one: a run that converged although its member was
/// dropped would say nothing of AWS.
indirect enum Modelled: Sendable {
    case value
    /// Only this text.
    case only(String)
    case list(of: Modelled)
    case structure([String: Modelled])

    static let createService = Modelled.structure(
        [
            "serviceName": .value, "clientToken": .value, "launchType": .value, "tags": .value,
            "deploymentController": .structure(["type": .only("ECS")]), "schedulingStrategy": .only("REPLICA"),
        ].merging(service) { $1 })

    static let updateService = Modelled.structure(
        ["service": .value, "forceNewDeployment": .value].merging(service) { $1 })

    static let runTask = Modelled.structure(
        [
            "count": .value, "clientToken": .value, "group": .value, "startedBy": .value, "launchType": .value,
            "tags": .value, "overrides": overrides, "referenceId": .value,
        ].merging(launch) { $1 })

    /// Of all three. Constraints and strategies of placement are kept, and decide nothing: the sandbox is one machine.
    private static let launch: [String: Modelled] = [
        "cluster": .value, "taskDefinition": .value, "platformVersion": .value, "propagateTags": .value,
        "capacityProviderStrategy": .list(
            of: .structure(["capacityProvider": .value, "weight": .value, "base": .value])),
        "networkConfiguration": .structure([
            "awsvpcConfiguration": .structure(["subnets": .value, "securityGroups": .value, "assignPublicIp": .value])
        ]),
        "volumeConfigurations": .value, "placementConstraints": .value, "placementStrategy": .value,
        "enableECSManagedTags": .value, "enableExecuteCommand": .value,
    ]

    private static let service = launch.merging([
        "desiredCount": .value, "loadBalancers": .value, "serviceRegistries": .value,
        "healthCheckGracePeriodSeconds": .value, "availabilityZoneRebalancing": .value,
        "deploymentConfiguration": .structure([
            "minimumHealthyPercent": .value, "maximumPercent": .value, "strategy": .value,
            "deploymentCircuitBreaker": .structure(["enable": .value, "rollback": .value]),
            "bakeTimeInMinutes": .value,
            "alarms": .structure(["alarmNames": .value, "enable": .value, "rollback": .value]),
            "lifecycleHooks": .list(
                of: .structure([
                    "targetType": .value, "hookTargetArn": .value, "roleArn": .value, "lifecycleStages": .value,
                    "hookDetails": .value,
                    "timeoutConfiguration": .structure(["timeoutInMinutes": .value, "action": .value]),
                ])),
            "linearConfiguration": .structure(["stepPercent": .value, "stepBakeTimeInMinutes": .value]),
            "canaryConfiguration": .structure(["canaryPercent": .value, "canaryBakeTimeInMinutes": .value]),
            "earlySuccessCriteria": .structure([
                "enable": .value, "healthyPercent": .value, "sourceServiceRevisionCleanup": .value,
            ]),
        ]),
    ]) { $1 }

    /// CPU, memory and roles change nothing in the sandbox.
    private static let overrides = Modelled.structure([
        "cpu": .value, "memory": .value, "taskRoleArn": .value, "executionRoleArn": .value,
        "ephemeralStorage": .structure(["sizeInGiB": .value]),
        "containerOverrides": .list(
            of: .structure([
                "name": .value, "command": .value, "environment": .value, "cpu": .value, "memory": .value,
                "memoryReservation": .value,
            ])),
    ])

    /// - Throws: ``ECSFault`` with the code `ClientException` that names the member.
    func check(_ input: Input) throws(ECSFault) { try check(input.json, at: "") }

    private func check(_ json: JSON, at path: String) throws(ECSFault) {
        switch self {
        case .value: return
        case .only(let text):
            guard let found = json.string, found != text else { return }
            throw Self.refusal("\(path) \(found)")
        case .list(let element):
            for (index, json) in json.elements.enumerated() { try element.check(json, at: "\(path)[\(index)]") }
        case .structure(let known):
            for member in json.object?.members ?? [] where !Self.isEmpty(member.value) {
                let path = path.isEmpty ? member.key : "\(path).\(member.key)"
                guard let shape = known[member.key] else { throw Self.refusal(path) }
                try shape.check(member.value, at: path)
            }
        }
    }

    private static func refusal(_ what: String) -> ECSFault { .client("\(what) is not modelled by the sandbox.") }

    /// As good as not there.
    private static func isEmpty(_ json: JSON) -> Bool {
        json.isNull || json.array?.isEmpty == true || json.object?.isEmpty == true
    }
}
