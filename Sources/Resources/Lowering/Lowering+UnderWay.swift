import Reconciler

/// What a person may not decide on.
extension Lowering {
    /// Sees to it that the program of an open step is not seen at work: as long as it is, nobody can say how it ended.
    ///
    /// - Throws: ``Failure`` with code `migration-running` where it is, or may be.
    public func requireEnded(_ intent: Intent) async throws(Failure) {
        guard let state = try await state(of: intent) else { return }
        throw Failure(
            .migrationRunning,
            "its \((RunnerKind(of: intent) ?? .ecsTask).noun) is \(state): how it ends is not known yet",
            of: intent.resource,
            hint: "wait until it has ended, or end it: "
                + "reconcile resolve MANIFEST \(intent.resource) --stop --reason TEXT",
            cause: ["program: \(intent.program)"])
    }

    /// - Returns: nil where it is not seen at work.
    private func state(of intent: Intent) async throws(Failure) -> String? {
        let readers = readers()
        switch intent.action {
        case .migrate:
            guard let spec = manifest.schema else { return nil }
            let owners = Self.owners(of: try await bases(readers))
            let clusterARN = try await readers.services.known(manifest.services[0].name).clusterARN
            let image = ImageResource(manifest.image, resolver: ImageResolver(clients.ecr, shared: pools?.images))
            let schema = try schema(spec, clusterARN, image: image.id, owners, readers, after: nil)
            guard case .running(let state) = try await schema.runner.look(intent, in: context) else { return nil }
            return state
        case .run:
            guard let arn = intent.acceptance?["task"]?.string else { return nil }
            let tasks = OneOffTasks(
                id: intent.resource, cluster: manifest.cluster, service: manifest.services[0].name,
                launch: LaunchOverrides(), taskRoleARN: nil, services: readers.services, client: clients.ecs)
            guard let task = try await tasks.read(arn), task.lastStatus != "STOPPED" else { return nil }
            return task.lastStatus
        default: return nil
        }
    }
}
