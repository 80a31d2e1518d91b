/// Stories and weather that a seed makes up. Each seed turns off a part of the fault kinds, so that some runs see much of few.
public struct Swarm {
    private var generator: SeededGenerator
    /// One of its own: the stories of other runners are the same ones.
    private var runners: SeededGenerator
    private var newest = 1
    private var version: Bool
    private var hasStaging = false

    private init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        runners = SeededGenerator(seed: seed ^ 0x4a11)
        version = false
    }

    /// The case of a seed.
    public static func made(by seed: UInt64) -> Case {
        var swarm = Swarm(seed: seed)
        let scenario = swarm.scenario()
        return Case(scenario, swarm.plan(seed), seed: seed, replay: "--seed \(seed)")
    }

    private mutating func scenario() -> Scenario {
        version = generator.once(in: 2)
        var landscape = Landscape()
        if generator.once(in: 3) {
            let family = generator.once(in: 2) ? "shop" : "shop-worker"
            landscape.services.append(.init("worker", family: family, count: 1))
        }
        landscape.hasSchema = !generator.once(in: 12)
        landscape.hasMigrator = generator.once(in: 5)
        hasStaging = generator.once(in: 4)
        landscape.hasStaging = hasStaging
        landscape.logDelay = generator.pick([0, 0, 500, 1_500])
        landscape.hasBreaker = !generator.once(in: 5)
        landscape.rollsBack = !generator.once(in: 4)
        for tag in ["v2", "v3"] {
            landscape.images[tag]?.migration = migration()
            if generator.once(in: 7) { landscape.images[tag]?.app = .crashes(after: 20 + generator.below(60)) }
        }
        var acts: [Scenario.Act] = []
        for _ in 0..<1 + generator.below(4) { acts.append(act()) }
        let last = launch(newest: true)
        return run(Scenario("swarm", acts, last: last, ends: []) { $0 = landscape })
    }

    /// Has the migrations of some stories run by something else than ECS: of those with one ledger that is never lost. Of
    /// two ledgers neither could see what the other has started.
    private mutating func run(_ scenario: Scenario) -> Scenario {
        var scenario = scenario
        let isSafe = scenario.acts.allSatisfy { act in
            switch act {
            case .lose: false
            case .run(let launches): launches.allSatisfy { $0.ledger == "a" }
            default: true
            }
        }
        guard isSafe, scenario.landscape.hasSchema, runners.once(in: 2) else { return scenario }
        let runner: Launch.Runner = runners.once(in: 2) ? .lambda : .process
        scenario.acts = scenario.acts.map { act in
            guard case .run(var launches) = act else { return act }
            for index in launches.indices { launches[index].runner = runner }
            return .run(launches)
        }
        scenario.last.runner = runner
        return scenario
    }

    private mutating func migration() -> ImageScript.Migration {
        let time = generator.pick([20, 20, 100, 400, 1_500, 12_000]) + generator.below(100)
        switch generator.below(17) {
        case 16: return .saysDirty(after: time)
        case 0, 1: return .fails(code: generator.pick([1, 2, 137, 255]), after: time)
        case 2: return .vanishes(applied: generator.once(in: 2), after: time)
        case 3: return .hangs
        case 4: return .cannotStart
        case 5: return .breaks(after: time)
        default: return .succeeds(after: time)
        }
    }

    private mutating func act() -> Scenario.Act {
        switch generator.below(12) {
        case 0: return .pass(generator.pick([1_000, 120_000, 3_000_000, 5_000_000]))
        case 1: return .change(tag: "v\(newest)", ImageScript(version: "000\(newest)"))
        case 2: return .lose(ledger: "a")
        case 3: return .elsewhere(.scale(service: "web", to: 1 + generator.below(3)))
        case 4: return .elsewhere(.register(family: "shop", tag: "v\(1 + generator.below(newest))"))
        case 5, 6:
            let first = launch(newest: false)
            var second = first
            // Two ledgers that want different things are kept apart by nothing but the database's own lock.
            second.ledger = generator.pick(["a", "b"])
            if second.ledger == first.ledger { second.lockPatience = generator.pick([0, 5, 600]) }
            return .run([first, second])
        default: return .run([launch(newest: false)])
        }
    }

    private mutating func launch(newest isNewest: Bool) -> Launch {
        if newest == 1 || (newest == 2 && generator.once(in: 2) && !isNewest) { newest += 1 }
        var launch = Launch("v\(newest)", version: version ? "000\(newest)" : nil)
        launch.isRerunnable = generator.once(in: 5)
        launch.hasProbe = generator.once(in: 3)
        if generator.once(in: 8) { launch.skew = generator.pick([-31_536_000, -600, 400, 31_536_000]) }
        if generator.once(in: 8), !isNewest { launch.timeout = 1 + generator.below(20) }
        if hasStaging, !isNewest, generator.once(in: 2) {
            launch.cluster = Landscape.staging
            if generator.once(in: 2) { launch.environment = "shop-staging" }
        }
        if generator.once(in: 6) { launch.desiredCount = 1 + generator.below(3) }
        return launch
    }

    private mutating func plan(_ seed: UInt64) -> FaultPlan {
        var plan = FaultPlan(seed: seed ^ 0x5eed)
        let kinds = Fault.usual.filter { _ in generator.once(in: 2) }
        guard !kinds.isEmpty else { return plan }
        plan.weather = FaultPlan.Weather(
            kinds: kinds, onceIn: generator.pick([6, 15, 40, 100]), most: 1 + generator.below(8))
        plan.staleness = generator.pick([2_000, 20_000, 55_000])
        return plan
    }
}
