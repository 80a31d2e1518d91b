import ArgumentParser
import Simulation

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

/// Everything that one run of the continuous integration plays.
struct SuiteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suite", abstract: "Play everything: all crash points, all sieges, and many seeds.")

    @Option(help: "The first seed of the swarm.")
    var seed: UInt64 = 1

    @Option(help: "How many seeds with ledgers in memory.")
    var swarm: UInt64 = 5_000

    @Option(help: "How many seeds with ledgers on the disk.")
    var disk: UInt64 = 500

    @Option(help: "How many seeds of several machines with one ledger.")
    var machines: UInt64 = 2_000

    @Option(help: "Play only campaigns whose name has this text.")
    var only: String?

    @Option(help: "Play one of so many crash points; which ones follows from the seed.")
    var part: UInt64 = 1

    @Option(help: "Where the ledgers of the latter are made.")
    var diskFolder = ".build"

    @Option(help: "How many plays at a time.")
    var width = 2

    @Flag(help: "End with the first failure: a few cases of each campaign are played first, then more.")
    var hunt = false

    @Option(help: "How often a hunt goes through the campaigns: 60 cases of each, then 240, then 960, and so on.")
    var rounds = 100

    @Option(help: "Play one story alone, by its name: as it is, and with a death at each point.")
    var story: String?

    private func campaigns(_ suite: Suite) throws -> [Suite.Campaign] {
        guard let story else { return suite.campaigns }
        guard let found = Scenarios.named(story) else { throw ValidationError("There is no story \(story).") }
        return Suite.campaigns(of: found)
    }

    func run() async throws {
        let clock = ContinuousClock()
        let start = clock.now
        var suite = Suite(seed: seed, swarm: swarm, disk: disk, machines: machines, part: part)
        suite.only = only
        let isBroken = hunt ? await hunted(suite) : await played(try campaigns(suite))
        say("\((clock.now - start).components.seconds) s")
        if isBroken { throw ExitCode.failure }
    }

    private func folder(_ campaign: Suite.Campaign) -> String {
        Folder.own(below: campaign.isOnDisk ? diskFolder : Folder.usual)
    }

    private func hunted(_ suite: Suite) async -> Bool {
        await Hunt(suite, rounds: rounds).run(width: width, folder: folder) { report in
            say("\(report.name): \(report.plays) plays, \(report.failures.count) broken")
            for failure in report.failures { say("  \(failure)") }
        }
    }

    private func played(_ campaigns: [Suite.Campaign]) async -> Bool {
        let clock = ContinuousClock()
        var tally = Tally()
        var hasFailed = false
        for campaign in campaigns {
            let began = clock.now
            let report = await campaign.run(in: folder(campaign), width: width, most: 20)
            tally.add(report.tally)
            let seconds = (clock.now - began).components.seconds
            say("\(report.name): \(report.plays) plays, \(report.failures.count) broken, \(seconds) s")
            for failure in report.failures { say("  \(failure)") }
            hasFailed = hasFailed || !report.failures.isEmpty
        }
        let gaps = story == nil && only == nil ? Vacuity.gaps(in: tally) : []
        for gap in gaps { say("too seldom: \(gap)") }
        return hasFailed || !gaps.isEmpty
    }
}
