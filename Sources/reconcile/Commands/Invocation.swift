import Reconciler

/// What all commands on manifests have in common: one pool of connections, signals that cancel, one exit code.
enum Invocation {
    /// What the manifests of one invocation share.
    struct Shared: Sendable {
        let access: SharedAccess
        let counter: CallCounter
    }

    /// Goes through the manifests in order and ends the process with the exit code that outranks the others.
    static func each(
        _ manifests: [String], _ options: CommonOptions,
        _ body: @escaping @Sendable (String, Shared) async -> Reconciler.ExitCode
    ) async throws {
        let counter = CallCounter(verbose: options.verbose)
        let shared = Shared(access: SharedAccess(observe: counter.record), counter: counter)
        let work = Task {
            var exits: [Reconciler.ExitCode] = []
            for manifest in manifests {
                exits.append(await body(manifest, shared))
                // An interruption is of the invocation: what comes after it is not begun.
                if Task.isCancelled { break }
            }
            return exits
        }
        let interrupts = Interrupts { work.cancel() }
        let exits = await work.value
        await shared.access.close()
        withExtendedLifetime(interrupts) {}
        try Exits.end(exits)
    }
}
