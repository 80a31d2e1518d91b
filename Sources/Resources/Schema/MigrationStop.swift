import AWS
import JSON
import Reconciler

/// Ends the program of a migration or a command because a person says so.
public struct MigrationStop: Sendable {
    private let cluster: String
    private let client: ECSClient
    private let host: any ProcessHost

    public init(cluster: String, clients: Clients, processes host: any ProcessHost) {
        self.cluster = cluster
        client = clients.ecs
        self.host = host
    }

    /// - Returns: what was done, in a few words.
    /// - Throws: ``Failure`` with code `nothing-open` where the intent's program is not known, or cannot be ended.
    public func stop(_ intent: Intent, reason: String, in context: Context) async throws(Failure) -> String {
        let migration = MigrationStep(intent)
        let kind = migration?.order.runner.kind ?? (intent.action == .run ? .ecsTask : nil)
        switch kind {
        case .ecsTask:
            guard let arn = (migration?.task ?? CommandStep(intent)?.receipt)?.arn else {
                throw Self.unknown(intent, .ecsTask)
            }
            try await calling(intent.resource, "stop the task \(arn)") { () throws(AWSError) in
                try await client.stopTask(cluster: cluster, arn: arn, reason: "reconcile resolve --stop: \(reason)")
            }
            return "its task is asked to stop"
        case .process:
            let folder = ProcessFolder.path(of: intent, beside: context.ledger.path)
            guard case .process(let process)? = migration?.order.runner, process.host == host.name,
                case .running = host.state(in: folder)
            else { throw Self.unknown(intent, .process) }
            await host.end(in: folder)
            return "its process was ended"
        case .lambda:
            throw Failure(
                .nothingOpen, "a Lambda function cannot be ended from outside", of: intent.resource,
                hint: "it ends at its own time-out; the next apply waits for that")
        case nil: throw Self.unknown(intent, .ecsTask)
        }
    }

    private static func unknown(_ intent: Intent, _ kind: RunnerKind) -> Failure {
        let noun = kind.noun
        return Failure(
            .nothingOpen, "no running \(noun) of \(intent.resource) is known", of: intent.resource,
            hint: "apply once, to find the \(noun) if there is one: reconcile apply MANIFEST")
    }
}
