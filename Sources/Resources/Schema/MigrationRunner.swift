import AWS
import JSON
import Reconciler

/// Runs a migration as a one-off ECS task, and finds out what has become of it.
actor MigrationRunner {
    private let id: ResourceID
    private let spec: SchemaSpec
    private let cluster: String
    private let history: SchemaHistory
    private let service: String
    private let services: ServiceReader
    private let definitions: DefinitionReader
    private let client: ECSClient
    private let logs: LogsClient
    private var followers: [String: LogFollower] = [:]

    /// How long a task that was just started may be unknown to a read (ECS is eventually consistent). In seconds of AWS's time.
    private static let settleBound: Int64 = 60
    /// How long an unanswered RunTask may be sent again: the token lives at least an hour after its task stopped.
    private static let resendBound: Int64 = 50 * 60

    init(
        id: ResourceID, spec: SchemaSpec, cluster: String, history: SchemaHistory, service: String,
        services: ServiceReader, definitions: DefinitionReader, client: ECSClient, logs: LogsClient
    ) {
        self.id = id
        self.spec = spec
        self.cluster = cluster
        self.history = history
        self.service = service
        self.services = services
        self.definitions = definitions
        self.client = client
        self.logs = logs
    }

    // MARK: - Starting

    /// Starts the task, or finds the one that this intent's token has started already.
    ///
    /// - Returns: the acceptance: the task's ARN.
    func start(_ intent: Intent, in context: Context) async throws(Failure) -> JSON {
        let identity = MigrationIdentity(
            clusterARN: history.clusterARN, database: spec.database, version: intent.payload["version"]?.string ?? "")
        if let task = try await liveTask(startedBy: identity.startedBy) {
            if task.tags[Mark.intent] == intent.token { return ["task": .string(task.arn)] }
            throw Failure(
                .migrationRunning, "another migration of \(spec.database) is running", of: id,
                hint: "wait until it has ended, then run the same command again",
                cause: ["task: \(task.arn)", "state: \(task.lastStatus)"])
        }
        let launch = try await services.known(service).launch
        let request = MigrationLaunch.request(
            cluster: cluster, revision: intent.payload["revision"]?.string ?? "",
            container: intent.payload["container"]?.string ?? "", spec: spec.migrate, service: launch,
            identity: identity, intent: intent, environment: context.environment)
        let answer: (tasks: [ECSTask], absences: [ECSClient.Absence])
        do {
            answer = try await client.runTask(request)
        } catch {
            // The same token with other parameters: ECS names the task that it belongs to.
            if error.code == "ConflictException", let arn = error.resourceIDs.first {
                return Self.acceptance(arn, isStopped: try await read(arn)?.lastStatus == "STOPPED")
            }
            throw .aws(error, id, "start the migration's task")
        }
        guard let task = answer.tasks.first else { throw refused(answer.absences) }
        return Self.acceptance(task.arn, isStopped: task.lastStatus == "STOPPED")
    }

    /// - Parameter isStopped: whether the task had ended before this run asked for it: an attempt of a run whose ledger is
    ///   not at hand.
    private static func acceptance(_ arn: String, isStopped: Bool) -> JSON {
        .object(dropping: ["task": .string(arn), "stopped": isStopped ? true : nil])
    }

    private func read(_ arn: String) async throws(Failure) -> ECSTask? {
        try await calling(id, "read the migration's task") { () throws(AWSError) in
            try await client.describeTasks(cluster: cluster, arns: [arn])
        }.tasks.first
    }

    /// A task of this database that is not stopped, whoever started it.
    private func liveTask(startedBy: String) async throws(Failure) -> ECSTask? {
        let arns = try await calling(id, "list the running migrations") { () throws(AWSError) in
            try await client.listTasks(cluster: cluster, .startedBy(startedBy))
        }
        guard !arns.isEmpty else { return nil }
        let answer = try await calling(id, "read the running migrations") { () throws(AWSError) in
            try await client.describeTasks(cluster: cluster, arns: Array(arns.prefix(100)))
        }
        if let live = answer.tasks.first(where: { $0.lastStatus != "STOPPED" }) { return live }
        // A task that is listed as live and cannot be described is not known to have ended.
        if let unseen = answer.absences.first {
            throw Failure(
                .migrationRunning, "a migration of this database is listed as running, and ECS does not describe it",
                of: id,
                hint: "run the same command again in a minute",
                cause: ["task: \(unseen.arn)", "reason: \(unseen.reason)"], isTransient: true)
        }
        return nil
    }

    private func refused(_ absences: [ECSClient.Absence]) -> Failure {
        let causes = absences.map { "\($0.reason)\($0.detail.map { ": \($0)" } ?? "")" }
        return Failure(
            .migrationNotStarted, "ECS did not start the migration's task", of: id,
            hint: "mend what the cause names, then run the same command again: no service was moved",
            cause: causes.isEmpty ? ["RunTask answered with no task and no reason"] : causes)
    }

    // MARK: - Watching

    enum Look: Sendable {
        case running(String)
        /// Its call was never answered: the same call with the same token finds the task, or starts the one and only.
        case unanswered
        case settled(Settlement)
    }

    /// What has become of an intent.
    func look(_ intent: Intent, in context: Context) async throws(Failure) -> Look {
        guard let arn = intent.acceptance?["task"]?.string else { return try await unanswered(intent, in: context) }
        guard let task = try await read(arn) else {
            if age(intent, in: context) < Self.settleBound { return .running("not visible yet") }
            return .settled(
                .indeterminate(MigrationVerdict.undecided("ECS no longer shows its task", id, ["task: \(arn)"])))
        }
        let tail = await readLog(task, intent, in: context)
        let container = intent.payload["container"]?.string ?? ""
        switch MigrationVerdict.judge(
            task, container: container, rerunnable: spec.migrate.rerunnable, of: id, log: tail)
        {
        case .running(let state):
            context.emit(.progress(id, Progress(state)))
            return .running(state)
        case .succeeded:
            return .settled(
                .succeeded(
                    evidence: evidence(task, tail), facts: MigrationFacts.succeeded(intent, subject: history.subject)))
        case .failed(let failure):
            let facts = MigrationFacts.failed(intent, subject: history.subject, task: task.arn)
            let evidence = evidence(task, tail)
            // An attempt that had failed before this run began has been told of then: the next one is made.
            let isOld = intent.acceptance?["stopped"] == true
            return .settled(
                isOld
                    ? .overtaken(failure, evidence: evidence, facts: facts)
                    : .failed(failure, evidence: evidence, facts: facts))
        case .undecided(let failure): return .settled(.indeterminate(failure))
        }
    }

    /// An intent whose call was never answered. Its token lives at least as long as the bound; after that it would start
    /// another task, and only a task that is still there can be told from one that never was.
    private func unanswered(_ intent: Intent, in context: Context) async throws(Failure) -> Look {
        if age(intent, in: context) < Self.resendBound { return .unanswered }
        let identity = MigrationIdentity(
            clusterARN: history.clusterARN, database: spec.database, version: intent.payload["version"]?.string ?? "")
        if let task = try await liveTask(startedBy: identity.startedBy), task.tags[Mark.intent] == intent.token {
            return .running(task.lastStatus)
        }
        return .settled(
            .indeterminate(
                MigrationVerdict.undecided("an earlier run was cut off while it started it", id, [])))
    }

    /// Seconds of AWS's time since the intent; without AWS's time it counts as old.
    private func age(_ intent: Intent, in context: Context) -> Int64 {
        guard let then = intent.awsTime, let now = context.awsTime(), now >= then else { return .max }
        return now.since(then)
    }

    /// What is kept of a stopped task, which ECS forgets after about an hour. No values.
    private func evidence(_ task: ECSTask, _ tail: [String]) -> JSON {
        .object(dropping: [
            "summary": "migrated", "task": .string(task.arn), "lastStatus": .string(task.lastStatus),
            "stopCode": task.stopCode.map(JSON.string), "stoppedReason": task.stoppedReason.map(JSON.string),
            "containers": .array(
                task.containers.map { container in
                    .object(dropping: [
                        "name": .string(container.name), "exitCode": container.exitCode.map(JSON.integer),
                        "reason": container.reason.map(JSON.string),
                        "imageDigest": container.imageDigest.map(JSON.string),
                    ])
                }),
            "log": JSON(tail),
        ])
    }

    private func readLog(_ task: ECSTask, _ intent: Intent, in context: Context) async -> [String] {
        guard let follower = await follower(task, intent) else { return [] }
        let show: (String) -> Void = { [id] in context.emit(.log(id, $0)) }
        if task.lastStatus == "STOPPED" {
            let failed = task.containers.contains { $0.exitCode != 0 }
            // For a failure the last lines are worth waiting for; a task that never started has none.
            let patience: Duration = !task.hasStarted ? .zero : failed ? .seconds(3) : .milliseconds(400)
            await follower.drain(clock: context.clock, patience: patience, show)
            if let complaint = await follower.complaint {
                context.emit(.warning(id, "the migration's log could not be read: \(complaint)"))
            }
        } else {
            await follower.read(show)
        }
        return await follower.tail
    }

    private func follower(_ task: ECSTask, _ intent: Intent) async -> LogFollower? {
        if let known = followers[task.arn] { return known }
        let name = intent.payload["container"]?.string ?? ""
        let arn = intent.payload["revision"]?.string ?? ""
        do {
            let document = DefinitionContent(try await definitions.revision(arn, for: id).document)
            guard let container = document.container(name),
                let destination = LogDestination(container["logConfiguration"], container: name)
            else { return nil }
            let secrets = document.environmentValues.merging(spec.migrate.environment) { $1 }
            let follower = LogFollower(logs, destination, task: task.id, mask: Mask(secrets))
            followers[task.arn] = follower
            return follower
        } catch {
            return nil
        }
    }

    // MARK: - Marking

    func mark(_ revision: String, _ tags: [String: String]) async throws(Failure) {
        try await calling(id, "mark the revision \(DefinitionSketch.shortName(of: revision))") { () throws(AWSError) in
            try await client.tagResource(arn: revision, tags: tags)
        }
    }
}
