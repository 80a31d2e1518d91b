import AWS
import Base
import Manifest
import Reconciler

/// The schema of a manifest's database as resources.
extension Blueprint {
    func history(_ spec: SchemaSpec) -> SchemaHistory {
        SchemaHistory(
            spec: spec, family: migration?.family ?? definition(of: migratingService).base.family, access: access,
            believesCache: surroundings.driftScope != nil)
    }

    /// - Parameter first: the migration that went before, for one that waits until the services have moved.
    func schema(_ spec: SchemaSpec, after first: ResourceID?) throws(Failure) -> SchemaResource {
        let history = history(spec)
        let id = first == nil ? history.resource : history.resourceAfter
        let shared = definition(of: migratingService)
        let own = migration?.id ?? shared.id
        let container = migration?.container ?? shared.own(of: migratingService)
        // A probe is a task in any case.
        let isTask = spec.migrate.runner.kind == .ecsTask
        let commands = (isTask ? [spec.migrate.command] : []) + (spec.probe.map { [$0.command] } ?? [])
        let shown = commands.map { $0.map(Mask(spec.environment).apply) }
        if !commands.isEmpty { try ContainerFitness.check(container, of: history.family, running: shown, id) }
        let use = use(of: spec, by: id)
        return SchemaResource(
            spec: spec,
            inputs: SchemaResource.Inputs(
                image: image.dependency, definition: Dependency(own),
                otherDefinitions: definitions.map(\.id).filter { $0 != own }.map { Dependency($0) },
                services: first == nil
                    ? [] : access.serviceNames.map { Dependency(ResourceID(Kind.service, $0)) },
                schedules: first == nil ? [] : manifest.schedules.map { ResourceID(Kind.schedule, $0.name) }),
            container: container.name, history: history, use: use,
            prober: spec.probe.map { probe in
                Prober(
                    id: id, probe: probe, environment: spec.migrate.environment, subject: history.subject,
                    tasks: use.tasks, log: log(id, spec, probe.pattern))
            },
            probed: first == nil ? surroundings.driftScope?.probed : nil, notes: notes(spec.migrate.runner, container))
    }

    /// Who is at work on a database.
    ///
    /// - Parameter id: the resource that asks.
    func use(of spec: SchemaSpec, by id: ResourceID) -> DatabaseUse {
        let history = history(spec)
        let tasks = OneOffTasks(
            id: id, service: migratingService, launch: spec.migrate.launch, taskRoleARN: spec.migrate.taskRoleARN,
            access: access)
        let runners = MigrationRunners(
            task: TaskRunner(id: id, spec: spec, history: history, tasks: tasks, log: log(id, spec, nil)),
            lambda: LambdaRunner(id: id, spec: spec, client: access.clients.lambda),
            process: ProcessRunner(id: id, spec: spec, host: surroundings.processes, digest: access.ledger.digest))
        return DatabaseUse(subject: history.subject, database: spec.database, runners: runners, tasks: tasks)
    }

    private func log(_ id: ResourceID, _ spec: SchemaSpec, _ pattern: VersionPattern?) -> TaskLog {
        TaskLog(id: id, environment: spec.migrate.environment, pattern: pattern, access: access)
    }

    /// A plan says where the migration runs, and what is unusual about that.
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
