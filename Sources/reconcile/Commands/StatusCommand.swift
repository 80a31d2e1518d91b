import ArgumentParser
import JSON

struct StatusCommand: AsyncParsableCommand, Bounded {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show what is wanted, what runs, and the last run, on one screen.",
        discussion: "With several manifests, prints one line for each.")

    @OptionGroup var arguments: ManifestArguments
    @OptionGroup var options: CommonOptions
    @OptionGroup var time: TimeLimit

    var limit: Duration? { time.timeout }

    func run() async throws {
        let table = FleetTable()
        let fleet = try Invocation.load(arguments.manifests, options, comparesAsApplied: true)
        try await Invocation.look(fleet, options) {
            [options] member, shared in
            let isTable = shared.isFleet && options.output != .json
            return await Self.status(member, options, shared.access, isTable ? table : nil)
        } finally: { [options] paths in
            // Each of one manifest has shown itself.
            guard paths.count > 1, options.output != .json else { return [] }
            let text =
                options.output == .markdown
                ? TerminalText(await table.markdown(paths)) : await table.text(paths, .out(options))
            Terminal.write(text, to: .out)
            return []
        }
    }

    /// Looking is no judgement: a plan with changes, even a blocked one, is an answer like any other.
    private static func status(
        _ member: Fleet.Member, _ options: CommonOptions, _ access: SharedAccess, _ table: FleetTable?
    ) async -> Invocation.End {
        var environment: String?
        do {
            let manifest = try member.manifest.get()
            environment = manifest.environment
            let session = try await Session.open(
                manifest, options, access: access, ledger: .reading, emit: LookTalk.emit(manifest.environment, options))
            let look = try await session.look()
            let plan = CommandHint(manifest: member.path).fill(try await look.converger.plan())
            let lastRun = try await LastRun.read(session.context)
            let status = EnvironmentStatus(
                manifest: manifest, plan: plan, comparison: look.comparison, lastRun: lastRun)
            if let table {
                await table.take(member.path, status)
                return Invocation.End(exit: .converged) {}
            }
            return Invocation.End(exit: .converged) {
                let text =
                    switch options.output {
                    case .json: TerminalText(json: status.json)
                    case .markdown: TerminalText(status.markdown)
                    case .text: status.text(.out(options))
                    }
                Terminal.write(text, to: .out)
            }
        } catch {
            await table?.take(member.path, environment: environment, error)
            return .failed(error, member, environment: environment, options)
        }
    }
}
