import ArgumentParser
import Base
import Ledger
import Manifest
import Resources

struct HistoryCommand: AsyncParsableCommand, Bounded {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Show what was done, by whom, and how long it took. The newest run comes first.",
        discussion: """
            Reads only the ledger, and calls nothing in AWS. Without a manifest it shows the runs of all environments.
            """)

    @Argument(
        help: "Manifests, JSON or YAML, and folders with manifests below them.",
        completion: .file(extensions: ["json", "yaml", "yml"]))
    var manifests: [String] = []

    @Option(
        help: ArgumentHelp(
            "Only what was done to this resource, such as schema/checkout, and how long that takes.",
            valueName: "resource"))
    var resource: String?

    @Option(help: ArgumentHelp("Show that many runs of each manifest.", valueName: "number"))
    var limit = 20

    @OptionGroup var variables: VariableOptions

    @Option(help: LedgerPlace.help)
    var ledger: String?

    @OptionGroup var credentials: CredentialOptions

    @OptionGroup var time: TimeLimit

    @Option(help: ArgumentHelp("How the result is shown: text, json or markdown.", valueName: "format"))
    var output: OutputFormat = .text

    @Flag(help: "No colours (also NO_COLOR).")
    var noColor = false

    var timeLimit: Duration? { time.timeout }

    func validate() throws {
        if let resource, ResourceID(resource) == nil {
            throw ValidationError("Write the resource as KIND/NAME, such as schema/main.")
        }
        if limit < 1 { throw ValidationError("--limit must be at least 1.") }
        if manifests.isEmpty, ledger == nil, !LedgerPlace.isNamedByEnvironment {
            throw ValidationError("Name a manifest, or a ledger with --ledger.")
        }
    }

    func run() async throws {
        if manifests.isEmpty { return try Exits.end([await show(nil)]) }
        var exits: [Base.ExitCode] = []
        for place in ManifestFolder.expand(manifests) {
            if !exits.isEmpty, output != .json { Terminal.write("\n", to: .out) }
            exits.append(await show(place.path, failure: place.failure))
        }
        try Exits.end(exits)
    }

    private func show(_ manifest: String?, failure: Failure? = nil) async -> Base.ExitCode {
        var environment: String?
        do throws(Failure) {
            if let failure { throw failure }
            try LedgerPlace.check(ledger)
            let head = try manifest.map(head)
            environment = try head?.environment()
            let found = try FoundLedger(option: ledger, manifest, head, credentials)
            let name = found.place.name
            guard let reader = try await reader(of: found) else {
                say("there is no ledger at \(name) yet", environment)
                return .converged
            }
            var history = History()
            try reader.entries { entry, _ in history.add(entry) }
            show(history.runs(environment: environment, resource: resource.flatMap(ResourceID.init)), environment, name)
            return .converged
        } catch {
            FailureOutput.show(error, manifest: manifest, environment: environment, output, noColor: noColor)
            return error.exit
        }
    }

    /// - Returns: nil where the manifest's ledger is yet to be made. One that is named is meant to be there.
    private func reader(of found: FoundLedger) async throws(Failure) -> LedgerReader? {
        if ledger != nil { return try LedgerReader(path: try await WholeLedger.path(found)) }
        guard let path = try await WholeLedger.path(ifThere: found) else { return nil }
        return try LedgerReader(ifThere: path)
    }

    private func head(_ manifest: String) throws(Failure) -> ManifestHead {
        try ManifestHead(manifest, variables: try variables.read(), read: Inputs.read)
    }

    private func show(_ runs: [HistoryRun], _ environment: String?, _ ledger: String) {
        if runs.isEmpty {
            return say(
                resource.map { "no run in this ledger did anything to \($0)" } ?? "no runs in this ledger", environment)
        }
        let shown = Array(runs.prefix(limit))
        let older = runs.count - shown.count
        let durations = resource.map { _ in StepDurations.all(of: runs, except: [.mark]) }
        let text =
            switch output {
            case .json: shown.map { TerminalText(json: HistoryJSON.render($0, durations: durations)) }.joined()
            case .text:
                HistoryText(style: Style(.out, noColor: noColor), ledger: ledger)
                    .render(shown, older: older, durations: durations ?? [])
            case .markdown:
                TerminalText(Markdown.history(shown, in: ledger, older: older, durations: durations ?? []))
            }
        if output == .json { return Terminal.write(text, to: .out) }
        Terminal.writeFenced(text, to: .out)
    }

    /// That there is nothing is an answer for people; for programs it is no line at all.
    private func say(_ text: String, _ environment: String?) {
        let place = environment.map { "\($0): " } ?? ""
        Terminal.write("\(place)\(text)\n", to: output == .json ? .error : .out)
    }
}
