import JSON
import Reconciler

/// All runners: a migration is begun by the one that the manifest names, and looked at by the one that has begun it.
struct MigrationRunners: MigrationRunner {
    /// The manifest's.
    let chosen: RunnerKind
    let task: TaskRunner
    let lambda: LambdaRunner
    let process: ProcessRunner

    private func runner(_ kind: RunnerKind) -> any MigrationRunner {
        switch kind {
        case .ecsTask: task
        case .lambda: lambda
        case .process: process
        }
    }

    func announcement(image: String?) -> JSON { runner(chosen).announcement(image: image) }

    func start(_ intent: Intent, in context: Context) async throws(Failure) -> JSON {
        let kind = RunnerKind(of: intent) ?? chosen
        // A command has the database for itself, too, and runs as a task whatever runs the migrations.
        if kind != .ecsTask { try await task.refuseOther(intent) }
        return try await runner(kind).start(intent, in: context)
    }

    func look(_ intent: Intent, in context: Context) async throws(Failure) -> MigrationLook {
        guard let kind = RunnerKind(of: intent) else {
            return .gone("a runner that this release does not know started it", cause: [])
        }
        return try await runner(kind).look(intent, in: context)
    }

    func withdraw(_ intent: Intent, in context: Context) async throws(Failure) -> MigrationLook? {
        try await runner(RunnerKind(of: intent) ?? chosen).withdraw(intent, in: context)
    }
}
