import AWS
import Base

/// Whether tasks of older revisions are still alive, also those that ECS has asked to stop and that have not stopped yet: a
/// service's counts leave these out. Tasks that no service has started, such as those of a rule or a schedule, count as well. (ECS Developer Guide, "Task lifecycle": DEACTIVATING, STOPPING, DEPROVISIONING.)
struct OldTasks: Sendable {
    let cluster: String
    let services: [String]
    let client: ECSClient

    /// - Parameter revisions: what each service runs now; those that are not known are passed over.
    /// - Returns: what is still alive, for people; nil where nothing is.
    func alive(besides revisions: [String: String], for resource: ResourceID) async throws(Failure) -> String? {
        for service in services {
            guard let revision = revisions[service] else { continue }
            for filter in [ECSClient.TaskFilter.running(service: service), .stopped(service: service)] {
                if let old = try await old(filter, besides: revision, for: resource) {
                    return
                        "a task of \(RevisionARN.shortName(of: old.taskDefinition)) on \(service) is still "
                        + old.lastStatus
                }
            }
        }
        return try await scheduled(besides: Set(revisions.values), for: resource)
    }

    /// Of tasks that nothing but their family ties to the environment. Those of services are looked at above, and those of
    /// reconcile by `DatabaseUse`. (ECS API Reference, Task, "startedBy": a service's tasks have the deployment's id.)
    private func scheduled(besides revisions: Set<String>, for resource: ResourceID) async throws(Failure) -> String? {
        for family in Set(revisions.map(RevisionARN.family)).sorted(by: { $0.precedes($1) }) {
            for filter in [ECSClient.TaskFilter.runningOfFamily(family), .stoppedOfFamily(family)] {
                let old = try await first(filter, for: resource) { task in
                    let isElsewhere = ["ecs-svc/", "reconcile/"].contains { task.startedBy?.hasPrefix($0) == true }
                    return !isElsewhere && RevisionARN.family(of: task.taskDefinition) == family
                        && !revisions.contains(task.taskDefinition)
                }
                if let old {
                    let starter = old.startedBy.map { ", started by \(client.secrets.hide(in: $0))," } ?? ""
                    return
                        "a task of \(RevisionARN.shortName(of: old.taskDefinition))\(starter) is still \(old.lastStatus)"
                }
            }
        }
        return nil
    }

    private func old(
        _ filter: ECSClient.TaskFilter, besides revision: String, for resource: ResourceID
    ) async throws(Failure) -> ECSTask? {
        try await first(filter, for: resource) { $0.taskDefinition != revision }
    }

    /// The first task that is not over yet and is one of those.
    private func first(
        _ filter: ECSClient.TaskFilter, for resource: ResourceID, where isOld: (ECSTask) -> Bool
    ) async throws(Failure) -> ECSTask? {
        var token: String?
        repeat {
            let page = try await reading(resource, "list the services' tasks") { () throws(AWSError) in
                try await client.listTasks(cluster: cluster, filter, after: token)
            }
            token = page.next
            guard !page.arns.isEmpty else { continue }
            let tasks = try await reading(resource, "read the services' tasks") { () throws(AWSError) in
                try await client.describeTasks(cluster: cluster, arns: page.arns)
            }.tasks
            // A status that this release does not know is none in which a task has stopped.
            if let old = tasks.first(where: { $0.lastStatus != "STOPPED" && isOld($0) }) {
                return old
            }
        } while token != nil
        return nil
    }
}
