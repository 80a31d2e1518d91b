import AWS
import Base
import Manifest
import Reconciler

/// The schema of a manifest's database as resources.
extension Lowering {
    func history(
        _ spec: SchemaSpec, _ clusterARN: String, _ owners: [Owner], _ readers: Readers
    ) -> SchemaHistory {
        let migrating = spec.migrate.service ?? manifest.services[0].name
        return SchemaHistory(
            clusterARN: clusterARN, database: spec.database, version: spec.version, order: spec.order,
            successor: spec.successor,
            family: Self.owner(of: migrating, owners).base.family, services: readers.services,
            serviceNames: manifest.services.map(\.name), definitions: readers.definitions,
            resource: ResourceID(Kind.schema, spec.database), believesCache: driftScope != nil)
    }

    /// - Parameter first: the migration that went before, for one that waits until the services have moved.
    func schema(
        _ spec: SchemaSpec, _ clusterARN: String, image: Dependency<ImageResource.Resolved>, _ owners: [Owner],
        _ readers: Readers,
        after first: ResourceID?
    ) throws(Failure) -> SchemaResource {
        let history = history(spec, clusterARN, owners, readers)
        let id = first.map { ResourceID(Kind.schema, "\($0.name)@after") } ?? history.resource
        let service = spec.migrate.service ?? manifest.services[0].name
        let owner = Self.owner(of: service, owners)
        let container = owner.own(of: service)
        let kind = RunnerKind(spec.migrate.runner)
        // A probe is a task in any case.
        let commands = (kind == .ecsTask ? [spec.migrate.command] : []) + (spec.probe.map { [$0.command] } ?? [])
        let shown = commands.map { $0.map(Mask(spec.environment).apply) }
        if !commands.isEmpty { try check(container, of: owner.base, running: shown, id) }
        let tasks = tasks(of: id, spec, readers)
        let runner = runners(of: id, spec, history, tasks, readers)
        let services = manifest.services.map(\.name)
        return SchemaResource(
            id: id, spec: spec, image: image, definition: Dependency(owner.id),
            otherDefinitions: owners.map(\.id).filter { $0 != owner.id }.map { Dependency($0) },
            container: container.name,
            cluster: manifest.cluster, history: history,
            runner: runner,
            use: DatabaseUse(subject: history.subject, database: spec.database, runner: runner, tasks: tasks),
            kind: kind, client: clients.ecs,
            prober: spec.probe.map { probe in
                Prober(
                    id: id, command: probe.command, pattern: probe.pattern, environment: spec.migrate.environment,
                    subject: history.subject, tasks: tasks, log: log(id, spec, probe.pattern, readers))
            },
            services: first == nil ? [] : services.map { Dependency(ResourceID(Kind.service, $0)) },
            oldTasks: first.map { _ in OldTasks(cluster: manifest.cluster, services: services, client: clients.ecs) },
            probed: first == nil ? driftScope?.probed : nil, notes: notes(spec.migrate.runner, container),
            digest: context.ledger.digest)
    }

    private func tasks(of id: ResourceID, _ spec: SchemaSpec, _ readers: Readers) -> OneOffTasks {
        OneOffTasks(
            id: id, cluster: manifest.cluster, service: spec.migrate.service ?? manifest.services[0].name,
            launch: spec.migrate.launch, taskRoleARN: spec.migrate.taskRoleARN, services: readers.services,
            definitions: readers.definitions, client: clients.ecs)
    }

    private func runners(
        of id: ResourceID, _ spec: SchemaSpec, _ history: SchemaHistory, _ tasks: OneOffTasks, _ readers: Readers
    ) -> MigrationRunners {
        MigrationRunners(
            chosen: RunnerKind(spec.migrate.runner),
            task: TaskRunner(id: id, spec: spec, history: history, tasks: tasks, log: log(id, spec, nil, readers)),
            lambda: LambdaRunner(id: id, spec: spec, client: clients.lambda),
            process: ProcessRunner(id: id, spec: spec, host: processes, digest: context.ledger.digest))
    }

    /// Who is at work on the manifest's database; nil if it has none.
    ///
    /// - Parameter id: the resource that asks.
    func use(of id: ResourceID, _ clusterARN: String, _ owners: [Owner], _ readers: Readers) -> DatabaseUse? {
        guard let spec = manifest.schema else { return nil }
        let history = history(spec, clusterARN, owners, readers)
        let tasks = tasks(of: id, spec, readers)
        return DatabaseUse(
            subject: history.subject, database: spec.database,
            runner: runners(of: id, spec, history, tasks, readers), tasks: tasks)
    }

    private func log(
        _ id: ResourceID, _ spec: SchemaSpec, _ pattern: VersionPattern?, _ readers: Readers
    ) -> TaskLog {
        TaskLog(
            id: id, environment: spec.migrate.environment, pattern: pattern, services: readers.services,
            of: manifest.services.map(\.name), definitions: readers.definitions, logs: clients.logs)
    }

    /// Whoever approves a plan reads where the migration runs, and what is odd about that.
    private func notes(_ runner: MigrateSpec.Runner, _ container: TaskDefinitionSummary.Container) -> [String] {
        switch runner {
        case .ecsTask: notes(container)
        case .lambda(let function): ["it is run by the Lambda function \(function)"]
        case .process: ["it is run on the machine of reconcile"]
        }
    }

    private func notes(_ container: TaskDefinitionSummary.Container) -> [String] {
        var notes: [String] = []
        if container.entryPoint != .none {
            notes.append(
                "container \(container.name) has an entryPoint: the migration's command becomes its arguments, "
                    + "because RunTask replaces the command only")
        }
        if container.log == nil {
            notes.append(
                "container \(container.name) \(Self.logging(container)): reconcile cannot read the migration's log, neither "
                    + "to show it nor for RECONCILE_SCHEMA")
        }
        // The default of new accounts is to drop lines rather than wait. (ECS API Reference, LogConfiguration, "mode".)
        if let log = container.log, !log.isBlocking {
            notes.append(
                "container \(container.name) logs without \"mode\": \"blocking\": lines that the migration writes fast may "
                    + "be lost")
        }
        return notes
    }

    /// How a container logs whose log cannot be read. (ECS API Reference, LogConfiguration.)
    private static func logging(_ container: TaskDefinitionSummary.Container) -> String {
        switch container.logDriver {
        case nil: "has no logConfiguration"
        case "awslogs": "logs without \"awslogs-group\" or \"awslogs-stream-prefix\""
        case let driver?: "logs with \(driver), not with awslogs"
        }
    }
}
