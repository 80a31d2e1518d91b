import ArgumentParser

@main
struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Plays the engine against a simulated AWS with seeded faults, and judges every event.",
        discussion: """
            The engine and the resources are the real ones, on a real ledger; the network, the clock, chance and the \
            disk's faults are simulated. The same seed plays the same story in every process.
            """,
        subcommands: [PlayCommand.self, SuiteCommand.self, HashCommand.self], defaultSubcommand: PlayCommand.self)
}
