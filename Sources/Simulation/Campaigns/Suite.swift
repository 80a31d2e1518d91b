/// All campaigns of one run of the suite, in order.
public struct Suite: Sendable {
    /// A named lot of cases. They are made when their turn comes.
    public struct Campaign: Sendable {
        public let name: String
        public let isOnDisk: Bool
        let cases: @Sendable (_ folder: String) async -> [Case]

        init(_ name: String, isOnDisk: Bool = false, cases: @escaping @Sendable (String) async -> [Case]) {
            self.name = name
            self.isOnDisk = isOnDisk
            self.cases = cases
        }

        public func run(in folder: String, width: Int, most: Int) async -> Report {
            await Report.of(name, await cases(folder), in: folder, width: width, most: most)
        }
    }

    private let seed: UInt64
    private let swarm: UInt64
    private let disk: UInt64
    private let machines: UInt64
    private let part: UInt64
    /// A text in the names of the campaigns that are played; nil for all.
    public var only: String?

    /// - Parameter part: of the crash points of all stories every so many are played; which ones follows from the seed.
    public init(seed: UInt64, swarm: UInt64, disk: UInt64, machines: UInt64, part: UInt64 = 1) {
        self.machines = machines
        self.part = max(1, part)
        self.seed = seed
        self.swarm = swarm
        self.disk = disk
    }

    /// One story: as it is, with a death at each point, and with lists that are behind after each.
    public static func campaigns(of story: Scenario) -> [Campaign] {
        [
            Campaign("\(story.name) without faults") { _ in [Baseline.of(story)] },
            Campaign("every crash point of \(story.name)") { folder in
                await Baseline.each([story], in: folder) {
                    CrashSweep.cases(of: $0, baseline: $1, faults: CrashSweep.deaths)
                }
            },
            Campaign("lists that are behind after each death of \(story.name)") { folder in
                await Baseline.each([story], in: folder) { Sieges.ofStaleLists($0, baseline: $1) }
            },
        ]
    }

    public var campaigns: [Campaign] { all.filter { only.map($0.name.contains) ?? true } }

    private var all: [Campaign] {
        let (seed, swarm, disk, machines, part) = (seed, swarm, disk, machines, part)
        return [
            Campaign("scenarios without faults") { _ in Scenarios.all.map { Baseline.of($0) } },
            Campaign(
                part == 1
                    ? "every crash point of \(Scenarios.all.count) scenarios"
                    : "one of \(part) crash points of \(Scenarios.all.count) scenarios"
            ) { folder in
                let all = await Baseline.each(Scenarios.all, in: folder) {
                    CrashSweep.cases(of: $0, baseline: $1, faults: CrashSweep.deaths)
                }
                return all.indices.filter { UInt64($0) % part == seed % part }.map { all[$0] }
            },
            Campaign("a signal at every point of 6 scenarios") { folder in
                let scenarios =
                    [
                        Scenarios.release, Scenarios.failingMigration, Scenarios.rolledBack, Scenarios.twoServices,
                    ] + Scenarios.releasesOfRunners
                return await Baseline.each(scenarios, in: folder) {
                    CrashSweep.cases(of: $0, baseline: $1, faults: CrashSweep.signals)
                }
            },
            Campaign("every pair of crash points of \(Scenarios.smallest.count) scenarios") { folder in
                var cases: [Case] = []
                for scenario in Scenarios.smallest {
                    let baseline = await Baseline.of(scenario).play(in: folder)
                    cases += await CrashSweep.doubles(of: scenario, baseline: baseline, in: folder)
                }
                return cases
            },
            Campaign("every call with every fault") { _ in
                Sieges.ofCalls(Scenarios.release)
                    + Sieges.ofCalls(Scenarios.releasedMeanwhile, ["RegisterTaskDefinition"])
                    + Sieges.ofCalls(Scenarios.newServiceAlone, ["CreateService"])
                    + Sieges.ofCalls(Scenarios.saysDirty(.task), ["GetLogEvents"])
                    + Scenarios.releasesOfRunners.flatMap { Sieges.ofCalls($0, ["InvokeFunction", "StartProcess"]) }
            },
            Campaign("reads that never tell the truth") { _ in
                [
                    Scenarios.release, Scenarios.failingMigration, Scenarios.rolledBack, Scenarios.retried,
                    Scenarios.givenUp, Scenarios.bareAnswerToRetry, Scenarios.bareAnswerToForced,
                ].flatMap(Sieges.ofLies)
            },
            Campaign("lists that are behind after each death") { folder in
                await Baseline.each([Scenarios.changedVersion], in: folder) { Sieges.ofStaleLists($0, baseline: $1) }
            },
            Campaign("every repeat of a call that may have had its effect") { _ in
                let calls = ["RegisterTaskDefinition", "RunTask", "UpdateService", "TagResource"]
                return Sieges.ofRepeats(Scenarios.release, of: calls)
                    + Sieges.ofRepeats(Scenarios.newServiceAlone, of: ["CreateService"])
                    + Scenarios.releasesOfRunners.flatMap {
                        Sieges.ofRepeats($0, of: ["InvokeFunction", "StartProcess"])
                    }
                    + [Scenarios.foundLate, Scenarios.clockChanged, Scenarios.commandBeside].flatMap {
                        Sieges.ofRepeats($0, of: ["RunTask"])
                    }
            },
            Campaign("every use of the ledger with every fault") { folder in
                await Baseline.each([Scenarios.release, Scenarios.rolledBack], in: folder) {
                    Sieges.ofLedger($0, uses: $1.ledgerUses)
                }
            },
            Campaign("machines that share a ledger") { _ in (seed..<seed &+ machines).map(Machines.made) },
            Campaign("swarm, ledgers in memory") { _ in (seed..<seed &+ swarm).map(Swarm.made) },
            Campaign("swarm, ledgers on the disk", isOnDisk: true) { _ in
                (seed &+ swarm..<seed &+ swarm &+ disk).map(Swarm.made)
            },
        ]
    }
}

/// Plays without faults: they must end as the story says, and they tell how many points there are.
enum Baseline {
    static func of(_ scenario: Scenario) -> Case {
        Case(
            scenario, FaultPlan(seed: 1), seed: 1, ends: scenario.ends,
            replay: "--seed 1 --scenario \(scenario.name) --calm")
    }

    static func each(
        _ scenarios: [Scenario], in folder: String, _ cases: (Scenario, Play.Outcome) -> [Case]
    ) async -> [Case] {
        var all: [Case] = []
        for scenario in scenarios { all += cases(scenario, await of(scenario).play(in: folder)) }
        return all
    }
}
