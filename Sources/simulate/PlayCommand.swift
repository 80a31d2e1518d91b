import ArgumentParser
import Simulation

/// Plays one case and says how it went.
struct PlayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "play", abstract: "Play one seed, or one scenario.")

    @Option(help: "Decides everything that chance decides.")
    var seed: UInt64 = 1

    @Option(help: "A story by its name, instead of one that the seed makes up.")
    var scenario: String?

    @Option(help: ArgumentHelp("The first process dies at its K-th call or write, after the effect.", valueName: "k"))
    var crash: Int?

    @Option(help: ArgumentHelp("A fault at one point. May be repeated.", valueName: "launch:index:fault"))
    var strike: [FaultPlan.Strike] = []

    @Option(help: ArgumentHelp("A fault of every call of a name.", valueName: "call:fault:times[:fault]"))
    var siege: FaultPlan.Siege?

    @Option(help: ArgumentHelp("A fault of the ledger's n-th use.", valueName: "n:fault:once|always"))
    var ledger: FaultPlan.LedgerFault?

    @Flag(help: "Let the seed make up runs of several machines with one ledger.")
    var machines = false

    @Flag(help: "No faults by chance.")
    var calm = false

    @Flag(help: "Show every event.")
    var trace = false

    @Option(help: "Where the ledgers are made.")
    var folder = Folder.usual

    func run() async throws {
        let folder = Folder.own(below: folder)
        let made = try wanted()
        let outcome = await made.play(in: folder, keepsTrace: trace)
        for line in outcome.trace.lines { say(line) }
        say(
            "seed \(seed), \(made.scenario.name), ends \(outcome.ends), trace \(String(outcome.trace.hash, radix: 16))")
        for line in outcome.summary { say("  \(line)") }
        guard let first = outcome.violations.first else { return say("no promise was broken") }
        say("broken: \(first)")
        if let smaller = await Shrinker.shrink(made, in: folder) { say("smallest: simulate \(smaller.replay)") }
        throw ExitCode.failure
    }

    private func wanted() throws -> Case {
        var wanted = machines ? Machines.made(by: seed) : Swarm.made(by: seed)
        if let scenario {
            guard let found = Scenarios.named(scenario) else {
                let names = Scenarios.all.map(\.name).joined(separator: ", ")
                throw ValidationError("There is no scenario \(scenario). There are: \(names).")
            }
            wanted = Case(found, FaultPlan(seed: seed), seed: seed, replay: "--seed \(seed) --scenario \(scenario)")
        }
        if calm || !strike.isEmpty || crash != nil { wanted.plan.calm() }
        wanted.plan.strikes =
            strike + (crash.map { [FaultPlan.Strike(launch: 0, index: $0, fault: .crashAfter)] } ?? [])
        wanted.plan.siege = siege ?? wanted.plan.siege
        wanted.plan.ledger = ledger ?? wanted.plan.ledger
        return wanted
    }
}

extension FaultPlan.Strike: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

extension FaultPlan.Siege: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

extension FaultPlan.LedgerFault: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
