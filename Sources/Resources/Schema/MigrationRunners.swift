import Base
import JSON
import Manifest
import Reconciler

/// All runners: a migration is started by the one that the manifest names, and looked at by the one that has started it.
///
/// A class, because each runner holds a specification of its own: as a value it is copied, member by member, wherever a resource
/// is, and the copying alone makes the program larger by some hundred kilobytes.
final class MigrationRunners: Sendable {
    let task: TaskRunner
    let lambda: LambdaRunner
    let process: ProcessRunner

    init(task: TaskRunner, lambda: LambdaRunner, process: ProcessRunner) {
        self.task = task
        self.lambda = lambda
        self.process = process
    }

    subscript(kind: RunnerKind) -> any MigrationRunner {
        switch kind {
        case .ecsTask: task
        case .lambda: lambda
        case .process: process
        }
    }

    /// The one that an open migration was ordered from.
    subscript(step: MigrationStep) -> any MigrationRunner { self[step.order.runner.kind] }

    func start(_ step: MigrationStep, in context: Context) async throws(Failure) -> ProgramReceipt {
        // A command has the database for itself, too, and runs as a task whatever runs the migrations.
        if step.order.runner.kind != .ecsTask { try await task.refuseOther(step) }
        return try await self[step].start(step, in: context)
    }
}
