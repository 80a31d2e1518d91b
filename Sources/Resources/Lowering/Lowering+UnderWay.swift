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

    /// The steps of a database: its migration, and the one after the services have moved.
    static func schemas(of database: String) -> [ResourceID] {
        [database, "\(database)@after"].map { ResourceID(SchemaResource.kind, $0) }
    }

    /// Sees to it that nothing is at work on a database, whoever has begun it, and that no step of it is open.
    func requireQuiet(_ database: String, _ clusterARN: String) async throws(Failure) {
        let id = ResourceID(SchemaResource.kind, database)
        let open = try await context.ledger.openIntents(environment: context.environment)
        for intent in open where intent.action == .migrate && Self.schemas(of: database).contains(intent.resource) {
            try await requireEnded(intent)
            throw Failure(
                .nothingOpen, "a step of \(intent.resource) is still open", of: id,
                hint: "say first how it ended: reconcile resolve MANIFEST \(intent.resource) "
                    + "--succeeded|--failed|--rerun --reason TEXT")
        }
        let startedBy = MigrationIdentity(clusterARN: clusterARN, database: database, version: "").startedBy
        let tasks = tasks(for: id, readers())
        if let live = try await tasks.live(startedBy: startedBy) { throw tasks.busy(database, by: live) }
    }

    private func tasks(for id: ResourceID, _ readers: Readers) -> OneOffTasks {
        OneOffTasks(
            id: id, cluster: manifest.cluster, service: manifest.services[0].name, launch: LaunchOverrides(),
            taskRoleARN: nil, services: readers.services, definitions: readers.definitions, client: clients.ecs)
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
            guard let task = try await tasks(for: intent.resource, readers).read(arn), task.lastStatus != "STOPPED"
            else { return nil }
            return task.lastStatus
        default: return nil
        }
    }
}
