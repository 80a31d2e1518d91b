import JSON

/// A task as DescribeTasks shows it (ECS API Reference, Task).
extension TaskRecord {
    func json(cluster: String, includeTags: Bool) -> JSON {
        var json: JSON = .object(dropping: [
            "attachments": origin.usesOwnNetwork ? [attachment] : [], "availabilityZone": "sandbox-1a",
            "clusterArn": .string(cluster), "connectivity": launchedAt == nil ? nil : "CONNECTED",
            "containers": .array(containers.map { container($0) }), "cpu": origin.cpu.map(JSON.string),
            "createdAt": .seconds(createdAt), "desiredStatus": .string(desiredStatus),
            "enableExecuteCommand": false, "group": .string(origin.group), "healthStatus": "UNKNOWN",
            "lastStatus": .string(status.rawValue), "launchType": origin.launchType.map(JSON.string),
            "capacityProviderName": origin.capacityProvider.map(JSON.string),
            "memory": origin.memory.map(JSON.string), "overrides": origin.overrides,
            "platformVersion": origin.platformVersion.map(JSON.string),
            "startedBy": origin.startedBy.map(JSON.string), "taskArn": .string(arn),
            "taskDefinitionArn": .string(origin.definition), "version": .integer(version),
            "tags": .array(includeTags ? tags.json : []),
        ])
        for (key, time) in [
            ("pullStartedAt", launchedAt), ("startedAt", startedAt), ("stoppingAt", stoppingAt),
            ("executionStoppedAt", executionStoppedAt), ("stoppedAt", stoppedAt),
        ] {
            json[key] = time.map(JSON.seconds)
        }
        json["stopCode"] = stopCode.map { .string($0.rawValue) }
        json["stoppedReason"] = stoppedReason.map(JSON.string)
        return json
    }

    /// All that a repeated RunTask tells of a task that has stopped (ECS API Reference, "Ensuring idempotency").
    var brief: JSON {
        [
            "taskArn": .string(arn), "lastStatus": .string(status.rawValue),
            "desiredStatus": .string(desiredStatus),
        ]
    }

    var desiredStatus: String { isWantedStopped ? "STOPPED" : "RUNNING" }

    /// Grows with each change of status, as ECS's does.
    private var version: Int {
        1 + [launchedAt, startedAt, stoppingAt, executionStoppedAt, stoppedAt].compactMap(\.self).count
    }

    private var attachment: JSON {
        [
            "id": .string("\(id.prefix(8))-eni"), "type": "ElasticNetworkInterface",
            "status": .string(status == .stopped ? "DELETED" : launchedAt == nil ? "ATTACHING" : "ATTACHED"),
            "details": [
                ["name": "subnetId", "value": .string(origin.subnet ?? "subnet-sandbox")],
                ["name": "networkInterfaceId", "value": .string("eni-\(id.prefix(17))")],
                ["name": "privateIPv4Address", "value": .string(address)],
            ],
        ]
    }

    private func container(_ container: ContainerRecord) -> JSON {
        .object(dropping: [
            "containerArn": .string(container.arn), "taskArn": .string(arn), "name": .string(container.name),
            "image": .string(container.launch.image), "imageDigest": container.imageDigest.map(JSON.string),
            "runtimeId": container.runtimeID.map(JSON.string), "lastStatus": .string(container.lastStatus),
            "exitCode": container.exitCode.map(JSON.integer), "reason": container.reason.map(JSON.string),
            "networkBindings": [],
            "networkInterfaces": origin.usesOwnNetwork
                ? [
                    [
                        "attachmentId": .string("\(id.prefix(8))-eni"),
                        "privateIpv4Address": .string(address),
                    ]
                ] : [],
            "healthStatus": "UNKNOWN", "cpu": "0",
            "restartCount": container.restartPolicy == nil ? nil : .integer(container.restarts),
        ])
    }
}
