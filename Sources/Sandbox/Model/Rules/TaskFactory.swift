import JSON

/// Makes tasks out of revisions.
extension ECSModel {
    /// What ECS says when there is no room ("Capacity is unavailable at this time").
    static let noCapacity =
        "Capacity is unavailable at this time. Please try again later or in a different availability zone"

    /// Creates a task of a service.
    ///
    /// - Returns: its id; nil where there is no capacity.
    mutating func createTask(
        of revision: RevisionRecord, for service: ServiceRecord, _ deployment: DeploymentRecord, in cluster: String,
        at now: Int
    ) -> String? {
        var tags = TagList()
        if service.propagateTags == "SERVICE" { tags = service.tags }
        if service.propagateTags == "TASK_DEFINITION" { tags = revision.tags }
        let origin = origin(
            revision, group: "service:\(service.name)", startedBy: deployment.id, service: service.name,
            deployment.settings, overrides: Self.noOverrides)
        return createTask(of: revision, origin, TaskOverrides(), tags, in: cluster, at: now)
    }

    /// Creates a task, PROVISIONING.
    ///
    /// - Returns: its id; nil where there is no capacity.
    mutating func createTask(
        of revision: RevisionRecord, _ origin: TaskRecord.Origin, _ overrides: TaskOverrides, _ tags: TagList,
        in cluster: String, at now: Int
    ) -> String? {
        let living = clusters.values.flatMap { $0.tasks.values.filter(\.isAlive) }
        if let capacity = limits.capacity, living.count >= capacity { return nil }
        guard let address = addresses.take(inUse: Set(living.map(\.address))) else { return nil }
        let id = identifiers.hex()
        taskCount += 1
        let containers = revision.containers.map { definition in
            let name = definition["name"]?.string ?? ""
            let key = ContainerKey(cluster: cluster, task: id, container: name, attempt: 1)
            return ContainerRecord(
                arn: naming.container(identifiers.uuid(), of: id, in: cluster),
                isEssential: definition["essential"]?.bool ?? true,
                restartPolicy: RestartPolicy(definition["restartPolicy"]),
                launch: overrides.launch(of: definition, key, address: address))
        }
        var task = TaskRecord(
            id: id, arn: naming.task(id, in: cluster), sequence: taskCount, origin: origin, address: address,
            createdAt: now, tags: tags, containers: containers)
        task.due = now + limits.provisioning
        clusters[cluster]?.tasks[id] = task
        return id
    }

    func origin(
        _ revision: RevisionRecord, group: String, startedBy: String?, service: String?, _ settings: LaunchSettings,
        overrides: JSON
    ) -> TaskRecord.Origin {
        let provider = settings.capacityProviderStrategy?.elements.first?["capacityProvider"]?.string
        let type = settings.launchType ?? (provider?.hasPrefix("FARGATE") ?? false ? "FARGATE" : "EC2")
        return TaskRecord.Origin(
            definition: revision.arn, family: revision.family, group: group, startedBy: startedBy, service: service,
            launchType: type, capacityProvider: provider,
            platformVersion: type == "FARGATE" ? platform(settings.platformVersion) : nil, overrides: overrides,
            subnet: settings.subnet, usesOwnNetwork: revision.networkMode == "awsvpc",
            cpu: overrides["cpu"]?.string ?? Self.text(revision.document["cpu"]),
            memory: overrides["memory"]?.string ?? Self.text(revision.document["memory"]))
    }

    private func platform(_ version: String?) -> String {
        version == nil || version == "LATEST" ? "1.4.0" : version ?? "1.4.0"
    }

    private static func text(_ json: JSON?) -> String? { json?.string ?? json?.integer.map(String.init) }

    static let noOverrides: JSON = ["containerOverrides": [], "inferenceAcceleratorOverrides": []]
}
