import ArgumentParser
import Glibc
import Reconciler

@main
struct Reconcile: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Releases that change code and database together, on Amazon ECS.",
        discussion: """
            A manifest says which image and which schema version are wanted. reconcile compares them with what is, and \
            converges in the only safe order: register the revision, run the migration as a one-off task of that very \
            revision, then move the services.

            Exit codes: 0 converged, 1 failed, 2 changes pending (plan --detailed-exitcode) or drift, 3 the migration failed, \
            4 the rollout failed or was rolled back, 5 timed out while AWS is still working, 6 needs a decision, \
            64 usage, 65 manifest invalid, 70 a bug, 74 ledger, 75 locked by another run, 77 AWS denied access, \
            130 interrupted.
            """,
        version: Release.current,
        subcommands: [
            ApplyCommand.self, PlanCommand.self, DriftCommand.self, StatusCommand.self, HistoryCommand.self,
            RunCommand.self, ResolveCommand.self, LedgerCommand.self, SandboxCommand.self,
        ])

    static func main() async {
        // Writing to a closed pipe is no reason to die: what an apply does goes on when nobody looks any more.
        signal(SIGPIPE, SIG_IGN)
        // A limit of file sizes is then an error of the call that meets it, and not the end of the process.
        signal(SIGXFSZ, SIG_IGN)
        Descriptor.reserveStreams()
        var end = ArgumentParser.ExitCode.success
        let arguments = Array(CommandLine.arguments.dropFirst())
        let known = configuration.subcommands.compactMap { $0.configuration.commandName }
        do {
            if let topic = Mistyped.unknownTopic(arguments, known: known) {
                throw ValidationError("There is no command '\(topic)'.")
            }
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                beginTime(of: command)
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            end = exitCode(for: error)
            var text = fullMessage(for: error)
            let mistyped = arguments.first == "help" ? Array(arguments.dropFirst()) : arguments
            if end == .validationFailure, let advice = Mistyped.advice(mistyped, known: known) {
                // What the parser takes for meant is only the most similar name.
                if let guess = text.firstRange(of: " Did you mean '"),
                    let end = text[guess.upperBound...].firstIndex(of: "?")
                {
                    text.removeSubrange(guess.lowerBound...end)
                }
                text += "\nNext: \(CommandHint().fill(advice: advice))"
            }
            if !text.isEmpty { Terminal.write(TerminalText(lines: text) + "\n", to: end == .success ? .out : .error) }
        }
        if let failure = Terminal.lostResult {
            FailureOutput.show(failure, noColor: CommandLine.arguments.contains("--no-color"))
            end = Exits.worst(of: end, failure.exit)
        }
        Glibc.exit(end.rawValue)
    }

    private static func beginTime(of command: any ParsableCommand) {
        if let bounded = command as? any Bounded { Deadline.begin(bounded.limit ?? Deadline.usual) }
    }
}
