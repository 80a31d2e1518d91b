import ArgumentParser
import Reconciler

struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Bring an environment to what its manifest says.",
        discussion: """
            Registers the revision, runs the migration from it, then moves the services, and waits until ECS says that \
            they are there. What is in place already is left alone: a second apply changes nothing.
            """)

    @OptionGroup var options: CommonOptions

    @Option(help: ArgumentHelp("Stop waiting after that time; AWS goes on (exit 5).", valueName: "90s|15m|2h"))
    var timeout: DurationOption?

    @Flag(help: "Deploy a content again that ECS rolled back before.")
    var retryFailed = false

    func run() async throws {
        let reporter = Reporters.make(options)
        let counter = CallCounter(verbose: options.verbose)
        let access = SharedAccess(observe: counter.record)
        let work = Task { await apply(reporter, counter, access) }
        let interrupts = Interrupts { work.cancel() }
        let spinner = (reporter as? LiveReporter).map { live in Task { await live.animate() } }
        let exits = await work.value
        spinner?.cancel()
        await access.close()
        withExtendedLifetime(interrupts) {}
        try Exits.end(exits)
    }

    private func apply(
        _ reporter: any Reporter, _ counter: CallCounter, _ access: SharedAccess
    ) async -> [Reconciler.ExitCode] {
        var exits: [Reconciler.ExitCode] = []
        for manifest in options.manifests {
            let end = await applyOne(manifest, reporter, counter, access)
            reporter.finish(end)
            exits.append(end.exit)
        }
        return exits
    }

    private func applyOne(
        _ path: String, _ reporter: any Reporter, _ counter: CallCounter, _ access: SharedAccess
    ) async -> RunEnd {
        let start = ContinuousClock.now
        var environment: String?
        var plan: Plan?
        var failure: Failure?
        do {
            let session = try await Session.open(
                path, options, access: access, ledger: .writing, retriesFailed: retryFailed, emit: reporter.show)
            environment = session.manifest.environment
            var limits = Converger.Limits()
            if let timeout { limits.run = timeout.value }
            plan = try await session.converger(limits: limits).apply {
                await session.record(command: "apply")
            }
        } catch {
            failure = error
        }
        return RunEnd(
            manifest: path, environment: environment, plan: plan, failure: failure,
            elapsed: ContinuousClock.now - start, calls: counter.total)
    }
}
