import AWS
import Reconciler

/// Ends a migration's task because a person says so.
public struct MigrationStop: Sendable {
    private let cluster: String
    private let client: ECSClient

    public init(cluster: String, clients: Clients) {
        self.cluster = cluster
        client = clients.ecs
    }

    /// - Throws: ``Failure`` with code `nothing-open` where the intent's task is not known.
    public func stop(_ intent: Intent, reason: String) async throws(Failure) {
        guard intent.action == .migrate, let arn = intent.acceptance?["task"]?.string else {
            throw Failure(
                .nothingOpen, "no running task of \(intent.resource) is known", of: intent.resource,
                hint: "run apply once: it finds the task, if there is one")
        }
        try await calling(intent.resource, "stop the task \(arn)") { () throws(AWSError) in
            try await client.stopTask(cluster: cluster, arn: arn, reason: "reconcile resolve --stop: \(reason)")
        }
    }
}
