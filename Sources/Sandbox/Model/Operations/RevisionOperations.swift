import JSON

extension ECSModel {
    /// What deployments really run (ECS API Reference, DescribeServiceRevisions). Digests are those that its tasks were
    /// started with.
    func describeServiceRevisions(_ input: Input) throws(ECSFault) -> JSON {
        let arns = try input.strings("serviceRevisionArns") ?? []
        guard !arns.isEmpty, arns.count <= 20 else { throw .parameter("1 to 20 service revisions can be described.") }
        var found: [JSON] = []
        var failures: [JSON] = []
        for arn in arns {
            if let revision = serviceRevision(arn) {
                found.append(revision)
            } else {
                failures.append(Self.missing(arn))
            }
        }
        return ["serviceRevisions": .array(found), "failures": .array(failures)]
    }

    private func serviceRevision(_ arn: String) -> JSON? {
        for (cluster, record) in clusters {
            for service in record.services.values {
                let known = service.history.flatMap { history in
                    history.definitions.map { (id: $0.key, definition: $0.value, createdAt: history.createdAt) }
                }
                guard let revision = known.last(where: { service.revisionARN($0.id) == arn }) else { continue }
                let task = livingTasks(service.name, cluster).first { $0.origin.startedBy == revision.id }
                return [
                    "serviceRevisionArn": .string(arn), "serviceArn": .string(service.arn),
                    "clusterArn": .string(naming.cluster(cluster)), "taskDefinition": .string(revision.definition),
                    "createdAt": .seconds(revision.createdAt),
                    "containerImages": .array(
                        (task?.containers ?? []).map { container in
                            .object(dropping: [
                                "containerName": .string(container.launch.key.container),
                                "image": .string(container.launch.image),
                                "imageDigest": container.imageDigest.map(JSON.string),
                            ])
                        }),
                ]
            }
        }
        return nil
    }
}
