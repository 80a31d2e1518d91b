import AWS
import Base
import JSON
import Ledger
import Reconciler

/// Who is at work on a database, as far as the ledger has it open: migrations of whatever runner, and commands that have the
/// database for themselves, of all environments that share it. What other ledgers have started, only ECS can show.
struct DatabaseUse: Sendable {
    /// The name under which facts of the database are filed.
    let subject: String
    let database: String
    let runners: MigrationRunners
    let tasks: OneOffTasks

    /// - Parameters:
    ///   - own: what does not count.
    ///   - first: a resource that has its turn before, and goes on with its open steps itself.
    /// - Returns: why the database is not free; nil if nothing is at work on it.
    func occupant(
        except own: Intent? = nil, after first: ResourceID? = nil, in context: Context
    ) async throws(Failure) -> Failure? {
        for intent in try await open(in: context) where intent.sequence != own?.sequence && intent.resource != first {
            if let state = try await state(of: intent, in: context) {
                return Failure(
                    .migrationRunning,
                    "\(intent.resource) of environment \(intent.environment) is at work on \(database): \(state)",
                    of: tasks.id, hint: "wait until it has ended, then run the same command again",
                    cause: ["program: \(Self.program(of: intent))"])
            }
        }
        return nil
    }

    /// The open intents about the database, oldest first.
    func open(in context: Context) async throws(Failure) -> [Intent] {
        try await context.ledger.openIntents(kinds: [Kind.schema, Kind.command]).filter { intent in
            switch intent.action {
            case .migrate: intent.subject == subject
            // What cannot be read may be about it.
            case .run: CommandStep(intent).map { $0.order.database == subject } ?? true
            default: false
            }
        }
    }

    /// - Returns: what its program is doing; nil if it is not at work.
    func state(of intent: Intent, in context: Context) async throws(Failure) -> String? {
        if let command = CommandStep(intent) { return try await tasks.state(of: command, in: context) }
        guard let step = MigrationStep(intent) else { throw intent.unreadable }
        // Its lines and its progress are its own run's to show.
        var look = try await runners[step].look(step, in: context.silent)
        if look == .unanswered {
            guard let found = try await runners[step].withdraw(step, in: context.silent) else { return nil }
            look = found
        }
        return if case .running(let state) = look { state } else { nil }
    }

    /// What the program of an open step is known by.
    static func program(of intent: Intent) -> String {
        MigrationStep(intent)?.program ?? CommandStep(intent)?.receipt?.arn ?? "unknown"
    }
}

extension OneOffTasks {
    /// What the task of a command is doing; nil if it is not at work.
    func state(of step: CommandStep, in context: Context) async throws(Failure) -> String? {
        let token = CommandToken.of(step.intent, in: context)
        let task: ECSTask? =
            if let receipt = step.receipt {
                try await self.task(of: receipt, ordered: step.order.revision, token: token)
            } else {
                try await live(startedBy: step.order.startedBy, token: token)
            }
        if let task { return task.lastStatus == "STOPPED" ? nil : task.lastStatus }
        // What was just started may not be shown yet.
        return IntentAge(step.intent, in: context).maySeeStale ? Self.perhapsStarting : nil
    }
}
