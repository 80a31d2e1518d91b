import AWS
import JSON
import Reconciler

/// Runs a migration as a one-off ECS task of the revision that the services get.
struct TaskRunner: MigrationRunner {
    let id: ResourceID
    let spec: SchemaSpec
    let history: SchemaHistory
    let tasks: OneOffTasks
    let log: TaskLog

    func announcement(image: String?) -> JSON { [:] }

    // MARK: - Starting

    /// Starts the task, or finds the one that this intent's token has started already.
    ///
    /// - Returns: the acceptance: the task's ARN, and whether it had ended before this run asked for it: an attempt of a run
    ///   whose ledger is not at hand.
    func start(_ intent: Intent, in context: Context) async throws(Failure) -> JSON {
        let startedBy = identity(of: intent).startedBy
        if let task = try await tasks.live(startedBy: startedBy) {
            if task.tags[Mark.intent] == intent.token { return ["task": .string(task.arn)] }
            throw tasks.busy(spec.database, by: task)
        }
        let order = OneOffTasks.order(
            intent, command: spec.migrate.command, environment: spec.environment, startedBy: startedBy,
            purpose: "the migration's task")
        let started = try await tasks.start(order, in: context)
        return .object(dropping: ["task": .string(started.arn), "stopped": started.isStopped ? true : nil])
    }

    private func identity(of intent: Intent) -> MigrationIdentity {
        MigrationIdentity(
            clusterARN: history.clusterARN, database: spec.database, version: intent.payload["version"]?.string ?? "")
    }

    // MARK: - Watching

    /// What has become of an intent.
    func look(_ intent: Intent, in context: Context) async throws(Failure) -> MigrationLook {
        guard let arn = intent.acceptance?["task"]?.string else { return try await unanswered(intent, in: context) }
        if let task = try await tasks.read(arn) { return await judge(task, intent, in: context) }
        if IntentAge(intent, in: context).maySeeStale { return .running("not visible yet") }
        return .gone("ECS no longer shows its task", cause: ["task: \(arn)"])
    }

    private func judge(_ task: ECSTask, _ intent: Intent, in context: Context) async -> MigrationLook {
        // For a failure the last lines are worth waiting for.
        let hasFailed = task.containers.contains { $0.exitCode != 0 }
        let tail = await log.read(
            task, intent, patience: hasFailed ? .seconds(3) : .milliseconds(400), in: context)
        let container = intent.payload["container"]?.string ?? ""
        if let end = MigrationEnd(task, container: container, log: tail) { return .ended(end) }
        context.emit(.progress(id, Progress(task.lastStatus)))
        return .running(task.lastStatus)
    }

    /// An intent whose call was never answered. Its token lives at least as long as the bound; after that it would start
    /// another task, and only a task that is still shown can be told from one that never was.
    private func unanswered(_ intent: Intent, in context: Context) async throws(Failure) -> MigrationLook {
        if IntentAge(intent, in: context).mayResend { return .unanswered }
        let identity = identity(of: intent)
        if let task = try await tasks.live(startedBy: identity.startedBy), task.tags[Mark.intent] == intent.token {
            return await judge(task, intent, in: context)
        }
        let earlier = try await context.ledger.facts(history.subject, FactName.failed(identity.digest))
        if let task = try await tasks.stopped(of: intent, startedBy: identity.startedBy, except: earlier) {
            return await judge(task, intent, in: context)
        }
        return .gone("an earlier run was cut off while it started it, and ECS shows no task of it", cause: [])
    }
}
