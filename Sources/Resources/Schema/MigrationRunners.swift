import Base
import JSON
import Reconciler

/// All runners: a migration is started by the one that the manifest names, and looked at by the one that has started it.
///
/// A class, because each runner holds a specification of its own: as a value it is copied, member by member, wherever a resource
/// is, and the copying alone makes the program larger by some hundred kilobytes.
final class MigrationRunners: MigrationRunner {
    /// The manifest's.
    let chosen: RunnerKind
    let task: TaskRunner
    let lambda: LambdaRunner
    let process: ProcessRunner

    init(chosen: RunnerKind, task: TaskRunner, lambda: LambdaRunner, process: ProcessRunner) {
        self.chosen = chosen
        self.task = task
        self.lambda = lambda
        self.process = process
    }

    private func runner(_ kind: RunnerKind) -> any MigrationRunner {
        switch kind {
        case .ecsTask: task
        case .lambda: lambda
        case .process: process
        }
    }

    func announcement(image: String?) -> RunnerOrder { runner(chosen).announcement(image: image) }

    func start(_ step: MigrationStep, in context: Context) async throws(Failure) -> ProgramReceipt {
        let kind = step.order.runner.kind
        // A command has the database for itself, too, and runs as a task whatever runs the migrations.
        if kind != .ecsTask { try await task.refuseOther(step) }
        return try await runner(kind).start(step, in: context)
    }

    func look(_ step: MigrationStep, in context: Context) async throws(Failure) -> MigrationLook {
        try await runner(step.order.runner.kind).look(step, in: context)
    }

    func withdraw(_ step: MigrationStep, in context: Context) async throws(Failure) -> MigrationLook? {
        try await runner(step.order.runner.kind).withdraw(step, in: context)
    }

    func checkStop(of step: MigrationStep, in context: Context) async throws(Failure) {
        try await runner(step.order.runner.kind).checkStop(of: step, in: context)
    }

    func stop(_ step: MigrationStep, reason: String, in context: Context) async throws(Failure) -> String {
        try await runner(step.order.runner.kind).stop(step, reason: reason, in: context)
    }
}
