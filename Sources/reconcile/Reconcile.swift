import ArgumentParser
import Glibc

@main
struct Reconcile: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Release code and database changes together on Amazon ECS.",
        discussion: """
            You write a manifest with an image and a schema version. reconcile compares it with what runs in AWS, and changes \
            only what differs, always in this order: register the task definition revision, run the migration as a task of that \
            revision, update the services.

            Exit codes:
              0    converged
              1    failed
              2    drift, or changes (plan --detailed-exitcode)
              3    the migration failed
              4    the rollout failed, or ECS rolled it back
              5    timed out, and AWS is still working
              6    you have to decide
              64   wrong usage
              65   the manifest is invalid
              70   a bug in reconcile
              74   the ledger cannot be used
              75   another run has the lock
              77   AWS denied access
              130  interrupted
            """,
        version: Release.current,
        subcommands: [
            ApplyCommand.self, PlanCommand.self, DriftCommand.self, StatusCommand.self, HistoryCommand.self,
            ReportCommand.self, RunCommand.self, RestartCommand.self, ResolveCommand.self, UnlockCommand.self,
            VerifyCommand.self, PolicyCommand.self, LedgerCommand.self, InitCommand.self, ImportCommand.self,
            SchemaCommand.self, SandboxCommand.self,
        ])

    static func main() async {
        // Writing to a closed pipe is no reason to die: what an apply does goes on when no one looks any more.
        signal(SIGPIPE, SIG_IGN)
        // A limit of file sizes is then an error of the call that meets it, and not the end of the process.
        signal(SIGXFSZ, SIG_IGN)
        keepOutOfCoreDumps()
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
            if end == .validationFailure, let advice = Mistyped.advice(mistyped, known: known, problem: text) {
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

    /// One byte, because a program that takes dumps through a pipe heeds this limit alone. (core(5), "Piping core dumps to
    /// a program"; Linux, fs/coredump.c.)
    private static func keepOutOfCoreDumps() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = min(limit.rlim_max, 1)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
    }

    private static func beginTime(of command: any ParsableCommand) {
        if let bounded = command as? any Bounded { Deadline.begin(bounded.timeLimit ?? Deadline.usual) }
    }
}
