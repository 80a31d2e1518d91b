import ArgumentParser
import Reconciler
import Resources

struct ResolveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve", abstract: "Settle a step whose end could not be told (exit 6).",
        discussion: """
            Look at the database first. What you say is written into the ledger with your name and reason, and the next \
            apply goes on from it: after --succeeded the migration is not run again, after --failed or --rerun it is.
            """)

    @Argument(help: "The manifest.", completion: .file(extensions: ["json", "yaml", "yml"]))
    var manifest: String

    @Argument(help: "The resource, such as schema/checkout.")
    var resource: String

    @Flag(help: "What you found.")
    var verdict: Verdict

    @Option(help: "Why, for whoever reads the ledger later.")
    var reason: String

    @Option(help: ArgumentHelp("The ledger (default: beside the manifest).", valueName: "path"))
    var ledger: String?

    enum Verdict: String, EnumerableFlag {
        case succeeded, failed, rerun

        static func help(for value: Verdict) -> ArgumentHelp? {
            switch value {
            case .succeeded: "The migration has done its work."
            case .failed: "It has not, and what it left is mended."
            case .rerun: "Running it again is safe, whatever it did."
            }
        }
    }

    func validate() throws {
        if ResourceID(resource) == nil {
            throw ValidationError("Write the resource as KIND/NAME, such as schema/main.")
        }
        if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason must say something.") }
    }

    func run() async throws {
        var arguments = [manifest]
        if let ledger { arguments += ["--ledger", ledger] }
        let options = try CommonOptions.parse(arguments)
        let access = SharedAccess(observe: { _ in })
        do {
            let session = try await Session.open(
                try Session.manifest(manifest, options), options, access: access, ledger: .writing, emit: { _ in })
            guard let id = ResourceID(resource), let said = Resolution.Verdict(rawValue: verdict.rawValue) else {
                return
            }
            let record = await session.record(command: "resolve")
            let intent = try await Resolution(in: session.context).settle(
                id, as: said, reason: reason, record: record, facts: { SchemaDecision.facts($0, said) })
            Terminal.write("\(id): \(intent.action.rawValue) is settled as \(said.rawValue)\n", to: .out)
        } catch {
            FailureOutput.show(error)
            throw ArgumentParser.ExitCode(error.exit.rawValue)
        }
    }
}
