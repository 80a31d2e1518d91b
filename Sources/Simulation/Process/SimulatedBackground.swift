import Ledger

/// Background tasks of a simulated process. Each has a place of its own at the turnstile.
struct SimulatedBackground: Background {
    let process: SimulatedProcess

    func start(_ body: @escaping @Sendable () async -> Void) -> @Sendable () -> Void {
        let turnstile = process.stage.turnstile
        let line = process.newLine()
        turnstile.enter(1)
        let task = Task.detached {
            await SimulatedProcess.$line.withValue(line) {
                await turnstile.wait(line, until: turnstile.now)
                await body()
            }
            turnstile.leave()
        }
        process.beside(task)
        return {
            task.cancel()
            turnstile.hasten(line)
        }
    }

    /// In the place of the one who waits for it.
    func finish<Result: Sendable>(_ body: @escaping @Sendable () async -> Result) async -> Result {
        await Task { await body() }.value
    }
}
