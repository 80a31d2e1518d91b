import JSON

/// A service as DescribeServices shows it (ECS API Reference, Service).
extension ServiceRecord {
    /// - Parameter tasks: the service's own that live.
    func json(cluster: String, tasks: [TaskRecord], includeTags: Bool) -> JSON {
        var json: JSON = .object(dropping: [
            "serviceArn": .string(arn), "serviceName": .string(name), "clusterArn": .string(cluster),
            "status": .string(status.rawValue), "desiredCount": .integer(desiredCount),
            "runningCount": .integer(Self.running(tasks)), "pendingCount": .integer(Self.pending(tasks)),
            "taskDefinition": .string(definition), "deploymentConfiguration": configuration.json,
            "deploymentController": ["type": "ECS"], "schedulingStrategy": "REPLICA",
            "currentServiceRevisions": .array(
                deployments.map {
                    [
                        "arn": .string(revisionARN($0.id)),
                        "requestedTaskCount": .integer($0.id == primary?.id ? desiredCount : 0),
                    ]
                }),
            "deployments": .array(deployments.map { deployment($0, tasks) }), "createdAt": .seconds(createdAt),
            "events": .array(
                events.map {
                    ["id": .string($0.id), "createdAt": .seconds($0.createdAt), "message": .string($0.message)]
                }),
            "loadBalancers": [], "serviceRegistries": [], "placementConstraints": [], "placementStrategy": [],
            "enableECSManagedTags": false, "enableExecuteCommand": false,
            "propagateTags": .string(propagateTags ?? "NONE"), "resourceManagementType": .string(managementType),
            "currentServiceDeployment": current.map { .string(self.arn(of: $0)) },
        ])
        for member in settings.members.members + shown.members { json[member.key] = member.value }
        // Only deployments show them. (ECS API Reference, Service and Deployment.)
        json["volumeConfigurations"] = nil
        if includeTags { json["tags"] = .array(tags.json) }
        return json
    }

    /// (ECS API Reference, Service, "resourceManagementType".)
    var managementType: String { isExpress ? "ECS" : "CUSTOMER" }

    private func deployment(_ deployment: DeploymentRecord, _ tasks: [TaskRecord]) -> JSON {
        let isPrimary = deployment.id == primary?.id
        let own = tasks.filter { $0.origin.startedBy == deployment.id }
        var json: JSON = [
            "id": .string(deployment.id), "status": isPrimary ? "PRIMARY" : "ACTIVE",
            "taskDefinition": .string(deployment.definition),
            // An older deployment is wanted gone: what it still has is all that it should have.
            "desiredCount": .integer(isPrimary ? desiredCount : own.filter(\.isWanted).count),
            "pendingCount": .integer(Self.pending(own)), "runningCount": .integer(Self.running(own)),
            "failedTasks": .integer(deployment.failedTasks), "createdAt": .seconds(deployment.createdAt),
            "updatedAt": .seconds(deployment.updatedAt), "rolloutState": .string(deployment.rollout.rawValue),
            "rolloutStateReason": .string(deployment.reason),
        ]
        for member in deployment.settings.members.members { json[member.key] = member.value }
        return json
    }

    static func running(_ tasks: [TaskRecord]) -> Int { tasks.filter { $0.status == .running }.count }

    static func pending(_ tasks: [TaskRecord]) -> Int {
        tasks.filter { $0.status == .pending || $0.status == .provisioning }.count
    }
}
