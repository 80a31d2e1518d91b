import AWS
import Base

/// Finds out why a rollout failed: what ECS says, how its tasks ended, and the last lines that one of them logged.
struct RolloutDiagnosis: Sendable {
    let access: EnvironmentAccess

    private var client: ECSClient { access.ecs }

    private static let shownTasks = 3
    private static let shownLines = 8
    private static let shownEvents = 3

    /// Lines for people. What cannot be read is left out: the verdict does not depend on it.
    ///
    /// - Parameter since: when the update was announced, by AWS's time in seconds since 1970.
    func cause(
        _ service: ECSService, wanted: String, since: Int64?, reason: String, for resource: ResourceID
    ) async -> [String] {
        await learn(service, wanted: wanted, for: resource)
        var lines = reason.isEmpty ? [] : [client.secrets.hide(in: reason)]
        let news = RolloutEvents.beforeFailure(service, of: wanted, since: since)
        if let news { lines.append(client.secrets.hide(in: news)) }
        let losses = await losses(service, wanted: wanted, for: resource)
        if losses.isEmpty {
            lines += service.events.prefix(Self.shownEvents).map(\.message.description).filter { !lines.contains($0) }
        }
        return lines + losses
    }

    /// How its tasks ended that ECS did not end itself, and the last lines of one of them; none where there are none.
    func losses(_ service: ECSService, wanted: String, for resource: ResourceID) async -> [String] {
        await learn(service, wanted: wanted, for: resource)
        let tasks = await stoppedTasks(service, wanted: wanted)
        var lines: [String] = []
        var seen: [[String]] = []
        for task in tasks {
            let reasons = StopReason.lines(task, container: nil).dropLast().map { "  \($0)" }
            if seen.contains(reasons) || seen.count == Self.shownTasks { continue }
            seen.append(reasons)
            let alike = tasks.count { StopReason.lines($0, container: nil).dropLast().map { "  \($0)" } == reasons } - 1
            lines.append("task \(task.id)\(alike > 0 ? ", and \(alike) more" : ""):")
            lines += reasons
        }
        if let task = tasks.first(where: \.hasStarted) { lines += await lastLines(task, wanted: wanted, for: resource) }
        return lines
    }

    /// Reads what is rolled out and what ran before it: only then the values of their environments are known, and hidden.
    private func learn(_ service: ECSService, wanted: String, for resource: ResourceID) async {
        let others = service.deployments.map(\.taskDefinition).filter { $0 != wanted }
        for arn in [wanted] + others {
            do { _ = try await access.definitions.revision(arn, for: resource) } catch {}
        }
    }

    /// What ECS says of a rollout that does not move on, without values of environments.
    func event(_ service: ECSService, of revision: String, for resource: ResourceID) async -> String? {
        guard let news = RolloutEvents.newest(service, of: revision) else { return nil }
        await learn(service, wanted: revision, for: resource)
        return client.secrets.hide(in: news)
    }

    private func stoppedTasks(_ service: ECSService, wanted: String) async -> [ECSTask] {
        do {
            let arns = try await client.listTasks(cluster: access.cluster.name, .stopped(service: service.name)).arns
            guard !arns.isEmpty else { return [] }
            let answer = try await client.describeTasks(cluster: access.cluster.name, arns: Array(arns.prefix(100)))
            return answer.tasks.filter { $0.taskDefinition == wanted && $0.stopCode != "ServiceSchedulerInitiated" }
        } catch {
            return []
        }
    }

    private func lastLines(_ task: ECSTask, wanted: String, for resource: ResourceID) async -> [String] {
        do {
            let content = TaskDefinitionContent(try await access.definitions.revision(wanted, for: resource).document)
            let culprit = task.containers.first { $0.exitCode != 0 } ?? task.containers.first
            guard let name = culprit?.name, let container = content.container(name),
                let destination = LogDestination(container["logConfiguration"], container: name)
            else { return [] }
            let follower = LogFollower(
                access.clients.logs, destination, task: task.id, mask: Mask(content.environmentValues))
            await follower.drain(clock: access.clock, patience: .seconds(1)) { _ in }
            let tail = await follower.tail.lines.suffix(Self.shownLines)
            return tail.isEmpty
                ? [] : ["last log lines of \(name):"] + tail.map { "  \(client.secrets.hide(in: $0))" }
        } catch {
            return []
        }
    }
}
