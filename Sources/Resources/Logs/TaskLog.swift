import AWS
import Base
import JSON
import Manifest
import Reconciler

/// The logs of one-off tasks, each followed from where it was read last.
actor TaskLog {
    private let id: ResourceID
    private let environment: [String: String]
    private let pattern: VersionPattern?
    private let access: EnvironmentAccess
    private var followers: [String: LogFollower] = [:]

    /// - Parameters:
    ///   - environment: the values that the manifest gives the command: hidden, like those of the definition.
    ///   - pattern: how the version is reported, where it is not by `RECONCILE_SCHEMA=`.
    init(
        id: ResourceID, environment: [String: String], pattern: VersionPattern? = nil, access: EnvironmentAccess
    ) {
        self.id = id
        self.environment = environment
        self.pattern = pattern
        self.access = access
    }

    /// Reads what is new: of a running task where it is worth a call, of one that has stopped to the end.
    ///
    /// What the task was started with is hidden, too: an earlier run may have set other values than this one knows.
    ///
    /// - Parameters:
    ///   - revision: the one that the task was started from; empty for the one that ECS shows.
    ///   - container: the one in which its program runs.
    ///   - isShown: whether the lines are what is waited for now.
    ///   - isFinal: whether nothing needs to be waited for behind the last line.
    /// - Returns: the last lines, and whether they are.
    func read(
        _ task: ECSTask, from revision: String, container: String, isShown: Bool = true, in context: Context,
        isFinal: @escaping @Sendable (LogTail) -> Bool = { _ in false }
    ) async -> LogTail {
        let follower: LogFollower
        do {
            guard let found = try await self.follower(task, revision, container) else { return LogTail() }
            follower = found
        } catch {
            // What a later look may read is no reason to ask a person now.
            return LogTail(end: error.isTransient ? .open : .unread(error.summary))
        }
        let show: (String) -> Void = { [id] in if isShown { context.emit(.log(id, $0)) } }
        if task.lastStatus == "STOPPED" {
            guard task.hasStarted else { return await follower.tail }
            await follower.finish(
                ended: Self.age(of: task, in: context), at: context.clock.elapsed(), isFinal: isFinal, show)
        } else if !Self.isYetToStart(task) {
            await follower.glance(at: context.clock.elapsed(), show)
        }
        return await follower.tail
    }

    private static func age(of task: ECSTask, in context: Context) -> Duration? {
        guard let end = task.executionStoppedAt, let now = context.awsTime(), now.seconds >= end else { return nil }
        return .seconds(now.seconds - end)
    }

    /// Whether ECS is still getting it ready: an early line can wait. (Amazon ECS Developer Guide, "Task lifecycle".)
    private static func isYetToStart(_ task: ECSTask) -> Bool {
        !task.hasStarted && ["PROVISIONING", "PENDING"].contains(task.lastStatus)
    }

    /// The values of what the services run. What cannot be read is left out: the task's own values are the ones that matter.
    private func earlier(than revision: String) async -> [[String: String]] {
        var values: [[String: String]] = []
        var running: Set<String> = []
        for name in access.serviceNames {
            do {
                let service = try await access.services.known(name)
                running.formUnion([service.taskDefinition] + service.deployments.map(\.taskDefinition))
            } catch {}
        }
        for arn in running.subtracting([revision]).sorted(by: { $0.precedes($1) }) {
            do {
                values.append(
                    TaskDefinitionContent(try await access.definitions.revision(arn, for: id).document)
                        .environmentValues)
            } catch {}
        }
        return values
    }

    /// - Returns: nil for a container whose log goes where it cannot be read.
    private func follower(
        _ task: ECSTask, _ revision: String, _ name: String
    ) async throws(Failure) -> LogFollower? {
        if let known = followers[task.arn] { return known }
        let arn = revision.isEmpty ? task.taskDefinition : revision
        let document = TaskDefinitionContent(try await access.definitions.revision(arn, for: id).document)
        guard let container = document.container(name),
            let destination = LogDestination(container["logConfiguration"], container: name)
        else { return nil }
        // What we give it ourselves is no secret, and is in many a line.
        let given = task.environments.map { $0.filter { $0.key != SchemaSpec.versionVariable } }
        var values = [document.environmentValues, environment] + given + (await earlier(than: arn))
        if task.taskDefinition != arn, !task.taskDefinition.isEmpty {
            // A token or a list may have led to a task of another revision, such as one of another ledger's run.
            let own = try await access.definitions.revision(task.taskDefinition, for: id).document
            values.append(TaskDefinitionContent(own).environmentValues)
        }
        let mask = Mask(values)
        let follower = LogFollower(
            access.clients.logs, destination, task: task.id, mask: mask, pattern: pattern)
        followers[task.arn] = follower
        return follower
    }
}
