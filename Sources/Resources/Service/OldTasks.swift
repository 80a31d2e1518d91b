import AWS
import Base

/// Whether tasks of older revisions are still alive, also those that ECS has asked to stop and that have not stopped yet: a
/// service's counts leave these out. (ECS Developer Guide, "Task lifecycle": DEACTIVATING, STOPPING, DEPROVISIONING.)
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
        return nil
    }

    private func old(
        _ filter: ECSClient.TaskFilter, besides revision: String, for resource: ResourceID
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
            if let old = tasks.first(where: { $0.taskDefinition != revision && $0.lastStatus != "STOPPED" }) {
                return old
            }
        } while token != nil
        return nil
    }
}
