import JSON

/// Builds up what is before the first run, with the calls that infrastructure code would make.
extension World {
    static func founded(_ landscape: Landscape) -> World {
        var world = World(imagesOf: landscape)
        var families: [String: String] = [:]
        if landscape.hasMigrator { world.register(family: Landscape.migrator, tag: "v1") }
        for cluster in landscape.clusters {
            world.found("CreateCluster", ["clusterName": .string(cluster)])
            for service in landscape.services {
                let definition =
                    families[service.family] ?? world.register(family: service.family, tag: "v1")
                families[service.family] = definition
                if service.isNew { continue }
                world.found("CreateService", Self.creation(of: service, in: cluster, definition, landscape))
            }
            if landscape.hasSchedule, let family = landscape.services.first?.family, let revision = families[family] {
                world.schedule(revision, in: cluster)
            }
        }
        // Long enough for every service to be rolled out.
        world.pass(to: World.birth + 60_000)
        return world
    }

    /// Registers a revision as someone next to this tool does.
    @discardableResult
    mutating func register(family: String, tag: String) -> String {
        let image = "\(Landscape.registry)/\(Landscape.repository)@\(Landscape.digest(of: tag))"
        let app: JSON = [
            "name": "app", "image": .string(image), "essential": true,
            "environment": [["name": "DB_PASSWORD", "value": .string(Landscape.canary)]],
            "logConfiguration": [
                "logDriver": "awslogs",
                "options": [
                    "awslogs-group": "/ecs/shop", "awslogs-region": .string(Landscape.region),
                    "awslogs-stream-prefix": "ecs",
                ],
            ],
        ]
        let sidecar: JSON = ["name": .string(Landscape.sidecar), "image": "public.ecr.aws/agent:1", "essential": true]
        let answer = found(
            "RegisterTaskDefinition",
            [
                "family": .string(family), "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"],
                "cpu": "256", "memory": "512",
                "containerDefinitions": .array([app] + (hasSidecar ? [sidecar] : [])),
            ])
        return answer["taskDefinition"]?["taskDefinitionArn"]?.string ?? ""
    }

    /// What DescribeTasks shows in the place of a migration's task: another one, which has succeeded; every other time under
    /// the name that was asked for.
    mutating func swapped(_ operation: String, _ input: JSON) -> JSON? {
        let wanted = input["tasks"]?.elements.compactMap(\.string) ?? []
        guard let end = swapsUntil, now < end, operation == "DescribeTasks", wanted.count == 1,
            wanted.contains(where: { !isSucceeded($0) })
        else { return nil }
        let cluster = input["cluster"] ?? ""
        let stopped = asked("ListTasks", ["cluster": cluster, "desiredStatus": "STOPPED"])["taskArns"]?.elements ?? []
        guard let other = stopped.compactMap(\.string).first(where: isSucceeded) else { return nil }
        if end == .max { swapsUntil = now + 3_000 }
        var answer = asked("DescribeTasks", ["cluster": cluster, "tasks": [.string(other)], "include": ["TAGS"]])
        swaps += 1
        if !swaps.isMultiple(of: 2), var task = answer["tasks"]?.elements.first {
            task["taskArn"] = .string(wanted[0])
            answer["tasks"] = [task]
        }
        return answer
    }

    /// Whether all that ran in a task has ended with 0.
    private func isSucceeded(_ task: String) -> Bool {
        tasks([task]).contains { task in
            task["lastStatus"] == "STOPPED" && task["containers"]?.elements.allSatisfy { $0["exitCode"] == 0 } ?? false
        }
    }

    /// Registers a service's scalable target.
    mutating func target(_ service: String, _ bounds: ClosedRange<Int>) {
        _ = call(
            .autoScaling, "RegisterScalableTarget",
            [
                "ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount",
                "ResourceId": .string("service/\(Landscape.cluster)/\(service)"),
                "MinCapacity": .integer(bounds.lowerBound), "MaxCapacity": .integer(bounds.upperBound),
            ])
        targets[service] = bounds
    }

    /// Sets a member of a service.
    mutating func update(_ service: String, _ member: String, _ value: JSON) {
        found(
            "UpdateService",
            JSON(
                dictionaryLiteral: ("cluster", .string(Landscape.cluster)), ("service", .string(service)),
                (member, value)))
    }

    mutating func deregister(family: String) {
        let listed = found("ListTaskDefinitions", ["familyPrefix": .string(family)])
        for arn in listed["taskDefinitionArns"]?.elements ?? [] {
            found("DeregisterTaskDefinition", ["taskDefinition": arn])
        }
    }

    func isActive(_ revision: String) -> Bool {
        var copy = self
        return copy.found("DescribeTaskDefinition", ["taskDefinition": .string(revision)])["taskDefinition"]?["status"]
            == "ACTIVE"
    }

    /// What releases before 0.2 set on revisions.
    mutating func markWithoutCluster(_ family: String, _ version: String) {
        let newest = found("DescribeTaskDefinition", ["taskDefinition": .string(family)])
        found(
            "TagResource",
            [
                "resourceArn": newest["taskDefinition"]?["taskDefinitionArn"] ?? "",
                "tags": [["key": "reconcile:schema", "value": .string("\(Landscape.database)=\(version)")]],
            ])
    }

    private static func creation(
        of service: Landscape.Service, in cluster: String, _ definition: String, _ landscape: Landscape
    ) -> JSON {
        [
            "cluster": .string(cluster), "serviceName": .string(service.name),
            "taskDefinition": .string(definition), "desiredCount": .integer(service.count), "launchType": "FARGATE",
            "networkConfiguration": ["awsvpcConfiguration": ["subnets": ["subnet-1"]]],
            "deploymentConfiguration": landscape.deploymentConfiguration,
        ]
    }

    /// A call that the model cannot refuse; an empty answer shows up at once as a world without services.
    @discardableResult
    mutating func found(_ operation: String, _ input: JSON) -> JSON {
        switch call(.ecs, operation, input) {
        case .success(let answer): answer
        case .failure: [:]
        }
    }
}
