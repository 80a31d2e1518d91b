import JSON

/// A service deployment as DescribeServiceDeployments and ListServiceDeployments show it (ECS API Reference,
/// ServiceDeployment and ServiceDeploymentBrief).
extension ServiceDeploymentRecord {
    func brief(of service: ServiceRecord, cluster: String) -> JSON {
        .object(dropping: [
            "serviceDeploymentArn": .string(service.arn(of: self)), "serviceArn": .string(service.arn),
            "clusterArn": .string(cluster), "createdAt": .seconds(createdAt), "startedAt": startedAt.map(JSON.seconds),
            "finishedAt": finishedAt.map(JSON.seconds),
            "targetServiceRevisionArn": .string(service.revisionARN(target)), "status": .string(status.rawValue),
            "statusReason": reason.map(JSON.string),
        ])
    }

    func json(of service: ServiceRecord, cluster: String, _ tasks: [TaskRecord]) -> JSON {
        var json: JSON = .object(dropping: [
            "serviceDeploymentArn": .string(service.arn(of: self)), "serviceArn": .string(service.arn),
            "clusterArn": .string(cluster), "createdAt": .seconds(createdAt), "startedAt": startedAt.map(JSON.seconds),
            "finishedAt": finishedAt.map(JSON.seconds), "stoppedAt": stoppedAt.map(JSON.seconds),
            "updatedAt": .seconds(updatedAt), "status": .string(status.rawValue),
            "statusReason": reason.map(JSON.string),
            "targetServiceRevision": revision(target, share: productionShare, of: service, tasks),
            "sourceServiceRevisions": .array(
                sources.map { revision($0, share: $0 == serving ? 100 - productionShare : 0, of: service, tasks) }),
            "deploymentConfiguration": configuration.json,
        ])
        json["lifecycleStage"] = stage.map { .string($0.rawValue) }
        json["lifecycleHookDetails"] = hooks.isEmpty ? nil : .array(hooks.map(\.json))
        json["rollback"] = rollback.map { rollback in
            .object(dropping: [
                "reason": .string(rollback.reason), "startedAt": .seconds(rollback.startedAt),
                "serviceRevisionArn": rollback.target.map { .string(service.revisionARN($0)) },
            ])
        }
        json["deploymentCircuitBreaker"] = breaker(of: service)
        json["alarms"] = configuration.alarms.map { alarms in
            .object(dropping: [
                "status": alarms.isEnabled ? .string(monitor(hasTriggered: !triggeredAlarms.isEmpty)) : "DISABLED",
                "alarmNames": JSON(alarms.names),
                "triggeredAlarmNames": triggeredAlarms.isEmpty ? nil : JSON(triggeredAlarms),
            ])
        }
        return json
    }

    private func revision(
        _ deployment: String, share: Double, of service: ServiceRecord, _ tasks: [TaskRecord]
    ) -> JSON {
        let own = tasks.filter { $0.origin.startedBy == deployment }
        return [
            "arn": .string(service.revisionARN(deployment)),
            "requestedTaskCount": .integer(deployment == service.primary?.id ? service.desiredCount : 0),
            "runningTaskCount": .integer(ServiceRecord.running(own)),
            "pendingTaskCount": .integer(ServiceRecord.pending(own)),
            "requestedTestTrafficWeight": .double(deployment == target ? testShare : 100 - testShare),
            "requestedProductionTrafficWeight": .double(share),
        ]
    }

    private func breaker(of service: ServiceRecord) -> JSON {
        let failures = service.deployments.first { $0.id == target }?.failedTasks ?? 0
        let threshold = DeploymentConfiguration.threshold(desiredCount: service.desiredCount)
        let isTriggered = configuration.hasCircuitBreaker && failures >= threshold
        return [
            "status": configuration.hasCircuitBreaker ? .string(monitor(hasTriggered: isTriggered)) : "DISABLED",
            "failureCount": .integer(failures), "threshold": .integer(threshold),
        ]
    }

    /// (ECS API Reference, ServiceDeploymentRollbackMonitorsStatus.)
    private func monitor(hasTriggered: Bool) -> String {
        hasTriggered ? "TRIGGERED" : status.isFinal ? "MONITORING_COMPLETE" : "MONITORING"
    }
}

extension ServiceRecord {
    func arn(of deployment: ServiceDeploymentRecord) -> String {
        arn.replacing(":service/", with: ":service-deployment/") + "/" + deployment.id
    }

    /// Each deployment has a service revision of its own; its id is that of the deployment.
    func revisionARN(_ deployment: String) -> String {
        arn.replacing(":service/", with: ":service-revision/") + "/" + (deployment.split(separator: "/").last ?? "")
    }
}
