import Ledger

/// Tasks of this process that go on when the command is interrupted.
struct BackgroundTasks: Background {
    /// How long what must be finished may go on after a signal: a store that does not answer does not hold the process.
    private static let grace = Duration.seconds(5)

    func start(_ body: @escaping @Sendable () async -> Void) -> @Sendable () -> Void {
        let task = Task.detached { await body() }
        return { task.cancel() }
    }

    func finish<Result: Sendable>(_ body: @escaping @Sendable () async -> Result) async -> Result {
        let task = Task { await body() }
        return await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            Task {
                do { try await Task.sleep(for: Self.grace) } catch {}
                task.cancel()
            }
        }
    }
}
