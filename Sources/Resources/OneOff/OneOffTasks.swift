import AWS
import Base
import JSON
import Ledger
import Manifest
import Reconciler

/// Starts, finds and reads the one-off tasks of one database.
struct OneOffTasks: Sendable {
    let id: ResourceID
    /// The service whose network and capacity they take.
    let service: String
    let launch: LaunchOverrides
    let taskRoleARN: String?
    let access: EnvironmentAccess

    private var cluster: String { access.cluster.name }
    private var client: ECSClient { access.ecs }

    /// What a task runs, and what it is known by.
    struct Order: Sendable {
        /// The ARN of the revision.
        let revision: String
        let container: String
        let command: [String]
        let environment: [String: String]
        let startedBy: String
        /// What the call is repeated with, and the task is tagged with.
        let token: String
        let purpose: String
        /// As settings of the service; the revision's volumes alone are configured.
        let launch: LaunchSettings
    }

    /// Starts a task, or finds the one that the order's token has started already.
    ///
    /// - Throws: ``Failure`` with code `migration-not-started` where ECS takes the request and starts nothing.
    func start(_ order: Order, in context: Context) async throws(Failure) -> TaskReceipt {
        let volumes = try await access.definitions.summary(order.revision, for: id).launchVolumes
        let request = RunTaskRequest(
            cluster: cluster, taskDefinition: order.revision, container: order.container, command: order.command,
            environment: order.environment, taskRoleARN: taskRoleARN,
            launch: MigrationLaunch.limit(order.launch, to: volumes),
            clientToken: order.token, startedBy: order.startedBy,
            tags: [Mark.intent: order.token, Mark.environment: context.environment])
        try await LockProof.current.check()
        let answer: (tasks: [ECSTask], absences: [ECSClient.Absence])
        do {
            answer = try await client.runTask(request)
        } catch {
            // The same token with other parameters: ECS names the task that it belongs to.
            if error.code == "ConflictException", let arn = error.resourceIDs.first,
                ClusterName(cluster).mayHave(task: arn)
            {
                return try await read(arn).map { TaskReceipt(adopting: $0, for: order.revision) }
                    ?? TaskReceipt(arn: arn, revision: "")
            }
            throw .aws(error, id, "start \(order.purpose)")
        }
        guard let task = answer.tasks.first else {
            throw Capacity.refused(answer.absences, order.purpose, id, hiding: client.secrets)
        }
        if task.tags[Mark.intent] == nil { try await refuseOther(task.arn, than: order) }
        return TaskReceipt(arn: task.arn, isStopped: task.lastStatus == "STOPPED")
    }

    /// A repeated RunTask answers with no more than ARN and states, which may be a proxy's answer to another call.
    ///
    /// - Throws: ``Failure`` of unknown effect where ECS shows that the task was started with another token.
    private func refuseOther(_ arn: String, than order: Order) async throws(Failure) {
        let shown: ECSTask?
        // What cannot be read now is compared when the task is looked at.
        do { shown = try await read(arn) } catch { shown = nil }
        guard let tag = shown?.tags[Mark.intent], tag != order.token else { return }
        throw .aws(
            AWSError(
                operation: "ecs:RunTask", kind: .malformed,
                said: Untrusted("the answer has task \(arn), which was not asked for", hiding: client.secrets)),
            id, "start \(order.purpose)")
    }

    /// How its tasks are launched now.
    func settings() async throws(Failure) -> LaunchSettings {
        MigrationLaunch.settings(of: try await access.services.known(service).launch, declared: launch)
    }

    /// The task of a receipt; nil if ECS does not show it.
    ///
    /// - Parameters:
    ///   - ordered: the revision that was to be run.
    ///   - token: what it was started with.
    /// - Throws: ``Failure`` with code `aws-unreadable` where ECS describes a task of another revision, or one that was started
    ///   with another token: nothing is concluded from that.
    func task(of receipt: TaskReceipt, ordered: String, token: String) async throws(Failure) -> ECSTask? {
        guard let task = try await read(receipt.arn) else { return nil }
        let expected = receipt.revision ?? ordered
        let other: String
        if !task.taskDefinition.isEmpty, !expected.isEmpty, task.taskDefinition != expected {
            other =
                "a task of \(RevisionARN.shortName(of: task.taskDefinition)) where one of "
                + "\(RevisionARN.shortName(of: expected)) was started"
        } else if let tag = task.tags[Mark.intent], tag != token {
            other = "a task that was not started for this: its tag \(Mark.intent) is another one"
        } else {
            return task
        }
        throw Failure(
            .awsUnreadable, "AWS describes \(other)", of: id,
            hint: "is the endpoint really AWS? Run the same command again with --verbose to see the calls",
            cause: ["task: \(receipt.arn)"], isTransient: true)
    }

    private func read(_ arn: String) async throws(Failure) -> ECSTask? {
        try await reading(id, "read the task \(arn)") { () throws(AWSError) in
            try await client.describeTasks(cluster: cluster, arns: [arn])
        }.tasks.first
    }

    /// The state of a task whose start got no response, for people.
    static let perhapsStarting = "perhaps starting: its start got no response, and ECS may not list it yet"

    /// The state of a stopped task whose log was not read to its end yet, for people.
    static let readingLog = "stopped, reading the rest of its log"

    /// A task that is not stopped, whoever started it.
    ///
    /// - Parameter token: only the task that was started with it; nil for any.
    func live(startedBy: String, token: String? = nil) async throws(Failure) -> ECSTask? {
        for page in try await list(.startedBy(startedBy), "the running migrations") {
            let answer = try await describe(page)
            let live = answer.tasks.first { task in
                task.lastStatus != "STOPPED" && (token == nil || task.tags[Mark.intent] == token)
            }
            if let live { return live }
            // A task that is listed as live and cannot be described is not known to have ended.
            guard let unseen = answer.absences.first else { continue }
            throw Failure(
                .migrationRunning, "a migration of this database is listed as running, and ECS does not describe it",
                of: id, hint: "run the same command again in a minute",
                cause: ["task: \(unseen.arn)", "reason: \(client.secrets.hide(in: unseen.reason))"], isTransient: true)
        }
        return nil
    }

    /// - Throws: ``Failure`` with code `nothing-open` where the task is not known or has ended.
    func checkStop(of receipt: TaskReceipt?) async throws(Failure) {
        guard let receipt else { throw .notRunning(RunnerKind.ecsTask.noun, of: id) }
        guard try await read(receipt.arn)?.lastStatus == "STOPPED" else { return }
        throw .hasEnded(RunnerKind.ecsTask.noun, of: id)
    }

    func stop(_ receipt: TaskReceipt?, reason: String) async throws(Failure) {
        guard let arn = receipt?.arn else { throw .notRunning(RunnerKind.ecsTask.noun, of: id) }
        try await calling(id, "stop the task \(arn)") { () throws(AWSError) in
            try await client.stopTask(cluster: cluster, arn: arn, reason: "reconcile resolve --stop: \(reason)")
        }
    }

    /// The failure where a live task has a database.
    func busy(_ database: String, by task: ECSTask) -> Failure {
        Failure(
            .migrationRunning, "a migration of \(database), or a command that has it for itself, is running", of: id,
            hint: "wait until it has ended, then run the same command again",
            cause: ["task: \(task.arn)", "state: \(task.lastStatus)"])
    }

    /// A stopped task that an intent has started, as long as ECS shows it: about an hour.
    ///
    /// `startedBy` finds no stopped tasks (ListTasks), so those of the family are gone through.
    ///
    /// - Parameters:
    ///   - token: of the intent.
    ///   - known: tasks of earlier attempts, whose end is recorded.
    func stopped(
        token: String, revision: String, startedBy: String, except known: [String]
    ) async throws(Failure) -> ECSTask? {
        let family = RevisionARN.family(of: revision)
        for page in try await list(.stoppedOfFamily(family), "the stopped tasks of \(family)") {
            let found = try await describe(page).tasks.first { task in
                guard task.startedBy == startedBy, !known.contains(task.arn) else { return false }
                // StopTask deletes a task's tags: then it is known by its revision.
                return task.tags[Mark.intent].map { $0 == token } ?? (task.taskDefinition == revision)
            }
            if let found { return found }
        }
        return nil
    }

    /// More pages than these are not a family's stopped tasks of one hour.
    private static let pages = 50

    private func list(_ filter: ECSClient.TaskFilter, _ what: String) async throws(Failure) -> [[String]] {
        var pages: [[String]] = []
        var token: String?
        repeat {
            let answer = try await reading(id, "list \(what)") { () throws(AWSError) in
                try await client.listTasks(cluster: cluster, filter, after: token)
            }
            if !answer.arns.isEmpty { pages.append(answer.arns) }
            token = answer.next
        } while token != nil && pages.count < Self.pages
        return pages
    }

    /// - Parameter arns: at most 100, as they were listed.
    private func describe(
        _ arns: [String]
    ) async throws(Failure) -> (tasks: [ECSTask], absences: [ECSClient.Absence]) {
        try await reading(id, "read the migrations' tasks") { () throws(AWSError) in
            try await client.describeTasks(cluster: cluster, arns: arns)
        }
    }
}

/// A request that ECS has taken and that started nothing.
enum Capacity {
    static func refused(
        _ absences: [ECSClient.Absence], _ purpose: String, _ id: ResourceID, hiding secrets: Secrets
    ) -> Failure {
        let causes = absences.map { "\(secrets.hide(in: $0.reason))\($0.detail.map { ": \($0)" } ?? "")" }
        return Failure(
            .migrationNotStarted, "ECS did not start \(purpose)", of: id,
            hint: "fix what the cause names, then run the same command again: no service was moved",
            cause: causes.isEmpty ? ["RunTask answered with no task and no reason"] : causes,
            isTransient: absences.contains { isPassing($0.reason) })
    }

    /// A lack of room, which may be over in a moment. (ECS Developer Guide, "API failures messages"; the text is
    /// Fargate's own.)
    private static func isPassing(_ reason: String) -> Bool {
        reason.hasPrefix("RESOURCE:") || reason == "AGENT" || reason.contains("Capacity is unavailable")
    }
}
