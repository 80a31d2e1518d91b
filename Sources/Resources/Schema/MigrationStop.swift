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

    /// Looks whether there is something to end.
    ///
    /// - Throws: ``Failure`` with code `nothing-open` where the intent's program is not known, has ended, or cannot be ended.
    public func check(_ intent: Intent, in context: Context) async throws(Failure) {
        switch Self.kind(of: intent) {
        case .ecsTask:
            guard let arn = Self.task(of: intent) else { throw Self.unknown(intent, .ecsTask) }
            let task = try await reading(intent.resource, "read the task \(arn)") { () throws(AWSError) in
                try await client.describeTasks(cluster: cluster, arns: [arn])
            }.tasks.first
            if task?.lastStatus == "STOPPED" { throw Self.ended(intent) }
        case .process:
            let folder = ProcessFolder.path(of: intent, beside: context.ledger.path)
            guard case .process(let process)? = MigrationStep(intent)?.order.runner, process.host == host.name,
                case .running = host.state(in: folder)
            else { throw Self.unknown(intent, .process) }
        case .lambda:
            throw Failure(
                .nothingOpen, "a Lambda function cannot be ended from outside", of: intent.resource,
                hint: "it ends at its own time-out; the next apply waits for that")
        case nil: throw Self.unknown(intent, .ecsTask)
        }
    }

    /// - Returns: what was done, in a few words.
    public func stop(_ intent: Intent, reason: String, in context: Context) async throws(Failure) -> String {
        if Self.kind(of: intent) == .process {
            await host.end(in: ProcessFolder.path(of: intent, beside: context.ledger.path))
            return "its process was ended"
        }
        guard let arn = Self.task(of: intent) else { throw Self.unknown(intent, .ecsTask) }
        try await calling(intent.resource, "stop the task \(arn)") { () throws(AWSError) in
            try await client.stopTask(cluster: cluster, arn: arn, reason: "reconcile resolve --stop: \(reason)")
        }
        return "its task is asked to stop"
    }

    private static func kind(of intent: Intent) -> RunnerKind? {
        MigrationStep(intent)?.order.runner.kind ?? (intent.action == .run ? .ecsTask : nil)
    }

    private static func task(of intent: Intent) -> String? {
        (MigrationStep(intent)?.task ?? CommandStep(intent)?.receipt)?.arn
    }

    private static func ended(_ intent: Intent) -> Failure {
        Failure(
            .nothingOpen, "the task of \(intent.resource) has ended already", of: intent.resource,
            hint: "look at how it ended: reconcile \(intent.action == .run ? "run" : "apply") MANIFEST")
    }

    private static func unknown(_ intent: Intent, _ kind: RunnerKind) -> Failure {
        let noun = kind.noun
        return Failure(
            .nothingOpen, "no running \(noun) of \(intent.resource) is known", of: intent.resource,
            hint: "apply once, to find the \(noun) if there is one: reconcile apply MANIFEST")
    }
}
