import ArgumentParser
import JSON
import Reconciler

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what apply would do. Changes nothing.")

    @OptionGroup var arguments: ManifestArguments
    @OptionGroup var options: CommonOptions

    @Flag(help: "Exit 2 where there are changes.")
    var detailedExitcode = false

    func run() async throws {
        try await Invocation.each(arguments.manifests, options) { [options, detailedExitcode] manifest, shared in
            await Self.plan(manifest, options, shared.access, detailed: detailedExitcode)
        }
    }

    private static func plan(
        _ path: String, _ options: CommonOptions, _ access: SharedAccess, detailed: Bool
    ) async -> Reconciler.ExitCode {
        var environment: String?
        do {
            let manifest = try Session.manifest(path, options)
            environment = manifest.environment
            let session = try await Session.open(
                manifest, options, access: access, ledger: .reading, emit: { _ in })
            let plan = try await session.converger().plan()
            show(plan, environment: session.manifest.environment, options)
            if let blocker = plan.blocker { return blocker.exit }
            return detailed && !plan.isConverged ? .changesPending : .converged
        } catch {
            FailureOutput.show(error, manifest: path, environment: environment, options)
            return error.exit
        }
    }

    private static func show(_ plan: Plan, environment: String, _ options: CommonOptions) {
        let text =
            switch options.output {
            case .json: PlanJSON.render(plan, environment: environment).compact + "\n"
            case .markdown: Markdown.plan(plan, environment: environment)
            case .text:
                PlanText(style: Style(isOn: outColour(options)))
                    .render(plan, environment: environment, ending: ". Nothing was done.")
            }
        Terminal.write(text, to: .out)
    }

    private static func outColour(_ options: CommonOptions) -> Bool {
        Terminal(.out, environment: Machine.environment, noColor: options.noColor).hasColour
    }
}
