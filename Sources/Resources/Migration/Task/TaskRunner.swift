import AWS
import Base
import JSON
import Manifest
import Reconciler

/// Runs a migration as a one-off ECS task of the revision that the services get.
struct TaskRunner: MigrationRunner {
    let id: ResourceID
    let spec: SchemaSpec
    let history: SchemaHistory
    let tasks: OneOffTasks
    let log: TaskLog
    private let stopped = StoppedTasks()

    func announcement(image: String?) -> RunnerOrder { .task }

    // MARK: - Starting

    /// Starts the task, or finds the one that this intent's token has started already.
    ///
    func start(_ step: MigrationStep, in context: Context) async throws(Failure) -> ProgramReceipt {
        if let own = try await refuseOther(step) {
            return .task(TaskReceipt(adopting: own, for: step.order.revision))
        }
        let launch = if let planned = step.launch { planned } else { try await tasks.settings() }
        let order = OneOffTasks.Order(
            revision: step.order.revision, container: step.order.container, command: spec.migrate.command,
            environment: spec.environment, startedBy: identity(of: step).startedBy, token: step.intent.token,
            purpose: "the migration's task", launch: launch)
        return .task(try await tasks.start(order, in: context))
    }

    /// - Returns: the live task that the intent has started, if there is one.
    /// - Throws: ``Failure`` with code `migration-running` if another task has the database.
    @discardableResult
    func refuseOther(_ step: MigrationStep) async throws(Failure) -> ECSTask? {
        guard let task = try await tasks.live(startedBy: identity(of: step).startedBy) else { return nil }
        if task.tags[Mark.intent] == step.intent.token { return task }
        throw tasks.busy(spec.database, by: task)
    }

    private func identity(of step: MigrationStep) -> MigrationIdentity {
        MigrationIdentity(clusterARN: tasks.access.cluster.arn, database: spec.database, version: step.order.version)
    }

    // MARK: - Watching

    /// What has become of an intent.
    func look(_ step: MigrationStep, in context: Context) async throws(Failure) -> ObservedMigration {
        guard let receipt = step.task else { return try await unanswered(step, in: context) }
        if let task = await stopped.task(receipt.arn) { return try await judge(task, step, in: context) }
        if let task = try await tasks.task(
            of: receipt, ordered: step.order.revision, token: step.intent.token)
        {
            return try await judge(task, step, in: context)
        }
        if IntentAge(step.intent, in: context).maySeeStale { return .running("not visible yet") }
        return .gone("ECS no longer shows its task", cause: ["task: \(receipt.arn)"])
    }

    private func judge(
        _ task: ECSTask, _ step: MigrationStep, in context: Context
    ) async throws(Failure) -> ObservedMigration {
        let hasJustStopped = await stopped.remember(task)
        let wanted = WantedVersion(of: step.order, spec)
        let container = step.order.container
        let read = {
            await log.read(task, from: step.order.revision, container: container, in: context) {
                wanted?.isReached(by: $0.answer) ?? false
            }
        }
        let tail =
            hasJustStopped
            ? await context.clock.beside({ await tasks.access.readAhead(after: step.order.revision, for: id) }, read)
            : await read()
        var end = MigrationEnd(
            task, container: container, optional: try await optional(task, beside: container), log: tail)
        end?.mayLackLog = spec.migrate.log == .optional
        if let end, tail.end != .open || !end.dependsOnLog {
            if case .unread(let why) = tail.end, end.mayLackLog {
                context.emit(.warning(id, "the end of the migration's log could not be read: \(why)"))
            }
            return .ended(end)
        }
        context.emit(.progress(id, Progress(end == nil ? task.lastStatus : OneOffTasks.readingLog)))
        return end.map(ObservedMigration.closing) ?? .running(task.lastStatus)
    }

    /// Which of its containers are not essential; only where one of them failed, because else nothing depends on it.
    private func optional(_ task: ECSTask, beside container: String) async throws(Failure) -> Set<String> {
        guard !task.taskDefinition.isEmpty, !MigrationEnd.failed(in: task, beside: container).isEmpty else { return [] }
        let containers = try await tasks.access.definitions.summary(task.taskDefinition, for: id).containers
        return Set(containers.filter { !$0.isEssential }.map(\.name))
    }

    /// An intent whose call was never answered. Its token lives at least as long as the bound; after that it would start
    /// another task, and only a task that is still shown can be distinguished from one that never was.
    private func unanswered(_ step: MigrationStep, in context: Context) async throws(Failure) -> ObservedMigration {
        if IntentAge(step.intent, in: context).mayResend { return .unanswered }
        return try await withdraw(step, in: context)
            ?? .gone("an earlier run was cut off while it started it, and ECS shows no task of it", cause: [])
    }

    func withdraw(_ step: MigrationStep, in context: Context) async throws(Failure) -> ObservedMigration? {
        let identity = identity(of: step)
        if let task = try await tasks.live(startedBy: identity.startedBy, token: step.intent.token) {
            return try await judge(task, step, in: context)
        }
        let earlier = try await context.ledger.facts(history.subject, FactName.failed(identity.digest))
        if let task = try await tasks.stopped(
            token: step.intent.token, revision: step.order.revision, startedBy: identity.startedBy, except: earlier)
        {
            return try await judge(task, step, in: context)
        }
        // A list may be some seconds behind a start.
        return IntentAge(step.intent, in: context).maySeeStale ? .running(OneOffTasks.perhapsStarting) : nil
    }

    // MARK: - Stopping

    func checkStop(of step: MigrationStep, in context: Context) async throws(Failure) {
        try await tasks.checkStop(of: step.task)
    }

    func stop(_ step: MigrationStep, reason: String, in context: Context) async throws(Failure) -> String {
        try await tasks.stop(step.task, reason: reason)
        return "its task is asked to stop"
    }
}

/// Tasks that have stopped, each as it was when that was seen: they change no more, and need not be read again while their
/// logs are.
actor StoppedTasks {
    private var tasks: [String: ECSTask] = [:]

    /// - Returns: whether it is seen for the first time that it has stopped.
    func remember(_ task: ECSTask) -> Bool {
        guard task.lastStatus == "STOPPED" else { return false }
        return tasks.updateValue(task, forKey: task.arn) == nil
    }

    func task(_ arn: String) -> ECSTask? { tasks[arn] }
}
