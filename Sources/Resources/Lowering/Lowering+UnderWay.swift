import Reconciler

/// What a person may not decide on.
extension Lowering {
    /// Sees to it that the program of an open step is not seen at work: as long as it is, nobody can say how it ended.
    ///
    /// - Throws: ``Failure`` with code `migration-running` where it is, or may be.
    public func requireEnded(_ intent: Intent) async throws(Failure) {
        guard let state = try await state(of: intent) else { return }
        // Nothing is known that could be ended, and ECS shows within a minute whether there is something.
        let hint =
            state == OneOffTasks.perhapsStarting
            ? "run the same command again in a minute"
            : "wait until it has ended, or end it: "
                + "reconcile resolve MANIFEST \(intent.resource) --stop --reason TEXT"
        throw Failure(
            .migrationRunning,
            "its \((MigrationStep(intent)?.order.runner.kind ?? .ecsTask).noun) is \(state): how it ends is not known yet",
            of: intent.resource, hint: hint,
            cause: ["program: \(DatabaseUse.program(of: intent))"])
    }

    /// The steps of a database: its migration, and the one after the services have moved.
    static func schemas(of database: String) -> [ResourceID] {
        [database, "\(database)@after"].map { ResourceID(Kind.schema, $0) }
    }

    /// What a person's decision on a resource is about, and what is locked for it.
    public func decision(on resource: ResourceID) async throws(Failure) -> (target: Resolution.Target, locks: [String])
    {
        let clusterARN = try await readers().services.known(manifest.services[0].name).clusterARN
        let target: Resolution.Target
        switch (resource.kind, manifest.schema) {
        case (Kind.schema, let schema?):
            target = .init(
                resource, subject: Subject.schema(schema.database, clusterARN), isShared: true)
        case (Kind.command, _):
            target = .init(resource, subject: Subject.command(resource.name, clusterARN))
        case (Kind.service, _):
            target = .init(resource, subject: Subject.service(resource.name, clusterARN))
        default: target = .init(resource)
        }
        return (target, locks(clusterARN))
    }

    /// Sees to it that nothing is at work on a database, whatever started it, and that no step of it is open.
    func requireQuiet(_ database: String, _ clusterARN: String) async throws(Failure) {
        let id = ResourceID(Kind.schema, database)
        let readers = readers()
        let owners = Self.owners(of: try await bases(readers))
        guard let use = use(of: id, clusterARN, owners, readers) else { return }
        if let occupant = try await use.occupant(in: context) { throw occupant }
        if let intent = try await use.open(in: context).first(where: { $0.action == .migrate }) {
            throw Failure(
                .nothingOpen, "a step of \(intent.resource) is still open", of: id,
                hint: "say first how it ended: reconcile resolve MANIFEST \(intent.resource) "
                    + "--succeeded|--failed|--rerun --reason TEXT")
        }
        let startedBy = MigrationIdentity(clusterARN: clusterARN, database: database, version: "").startedBy
        if let live = try await use.tasks.live(startedBy: startedBy) { throw use.tasks.busy(database, by: live) }
    }

    /// - Returns: nil if it is not at work.
    private func state(of intent: Intent) async throws(Failure) -> String? {
        let readers = readers()
        switch intent.action {
        case .migrate:
            let owners = Self.owners(of: try await bases(readers))
            let clusterARN = try await readers.services.known(manifest.services[0].name).clusterARN
            return try await use(of: intent.resource, clusterARN, owners, readers)?.state(of: intent, in: context)
        case .run:
            let tasks = OneOffTasks(
                id: intent.resource, cluster: manifest.cluster, service: manifest.services[0].name,
                launch: LaunchOverrides(), taskRoleARN: nil, services: readers.services,
                definitions: readers.definitions, client: clients.ecs)
            guard let step = CommandStep(intent) else { throw intent.unreadable }
            return try await tasks.state(of: step, in: context)
        default: return nil
        }
    }
}
