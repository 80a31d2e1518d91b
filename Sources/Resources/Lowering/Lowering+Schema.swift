import Reconciler

/// A manifest's schema as a resource.
extension Lowering {
    func schemaResource(
        _ history: SchemaHistory?, image: ResourceID, owners: [Owner], _ services: ServiceReader,
        _ definitions: DefinitionReader
    ) throws(Failure) -> SchemaResource? {
        guard let spec = manifest.schema, let history else { return nil }
        let id = history.resource
        let service = spec.migrate.service ?? manifest.services[0].name
        let owner = Self.owner(of: service, owners)
        let container = owner.base.own
        let kind = RunnerKind(spec.migrate.runner)
        // A probe is a task in any case.
        if kind == .ecsTask || spec.probe != nil { try check(container, of: owner.base, id) }
        let tasks = OneOffTasks(
            id: id, cluster: manifest.cluster, service: service, launch: spec.migrate.launch,
            taskRoleARN: spec.migrate.taskRoleARN, services: services, client: clients.ecs)
        let log = TaskLog(
            id: id, environment: spec.migrate.environment, definitions: definitions, logs: clients.logs)
        let runners = MigrationRunners(
            chosen: kind, task: TaskRunner(id: id, spec: spec, history: history, tasks: tasks, log: log),
            lambda: LambdaRunner(
                id: id, spec: spec, cluster: manifest.cluster, service: service, client: clients.lambda,
                ecs: clients.ecs),
            process: ProcessRunner(id: id, spec: spec, host: processes))
        return SchemaResource(
            id: id, spec: spec, image: image, definition: owner.id,
            otherDefinitions: owners.map(\.id).filter { $0 != owner.id }, container: container.name,
            cluster: manifest.cluster, history: history, runner: runners, kind: kind, client: clients.ecs,
            prober: spec.probe.map { probe in
                Prober(
                    id: id, command: probe.command, environment: spec.migrate.environment, subject: history.subject,
                    tasks: tasks,
                    log: TaskLog(
                        id: id, environment: spec.migrate.environment, pattern: probe.pattern,
                        definitions: definitions, logs: clients.logs))
            },
            probed: scrutiny?.probed, notes: kind == .ecsTask ? notes(container) : [])
    }

    private func notes(_ container: DefinitionSketch.Container) -> [String] {
        var notes: [String] = []
        if container.hasEntryPoint {
            notes.append(
                "container \(container.name) has an entryPoint: the migration's command becomes its arguments, "
                    + "because RunTask replaces the command only")
        }
        // The default of new accounts is to drop lines rather than wait. (ECS API Reference, LogConfiguration, "mode".)
        if let log = container.log, !log.isBlocking {
            notes.append(
                "container \(container.name) logs without \"mode\": \"blocking\": lines that the migration writes fast may "
                    + "be lost")
        }
        return notes
    }
}
