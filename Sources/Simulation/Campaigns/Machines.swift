/// Runs of several machines that share a ledger in a bucket, with the weather of that bucket, as a seed makes them up.
public struct Machines {
    private var generator: SeededGenerator
    private var newest = 2
    /// Whether machines only stand still, and migrations take longer than a lease.
    private let isSleepy: Bool

    private init(seed: UInt64) {
        generator = SeededGenerator(seed: seed ^ 0xb0c4e7)
        isSleepy = seed.isMultiple(of: 3)
    }

    /// The case of a seed.
    public static func made(by seed: UInt64) -> Case {
        var machines = Machines(seed: seed)
        let scenario = machines.scenario()
        return Case(scenario, machines.plan(seed), seed: seed, replay: "--seed \(seed) --machines")
    }

    private mutating func scenario() -> Scenario {
        var landscape = Landscape()
        if generator.once(in: 4) { landscape.services.append(.init("worker", count: 1)) }
        let time = isSleepy ? 50_000 : generator.pick([20, 400, 5_000, 45_000])
        for tag in ["v2", "v3"] {
            landscape.images[tag]?.migration =
                generator.once(in: 8) ? .fails(code: 1, after: time) : .succeeds(after: time)
        }
        var acts: [Scenario.Act] = []
        for _ in 0..<1 + generator.below(3) {
            if generator.once(in: 5) { acts.append(.renew(machine: machine(generator.below(4)))) }
            if generator.once(in: 6) { acts.append(.pass(generator.pick([1_000, 40_000, 3_000_000]))) }
            if newest == 2, generator.once(in: 3) { newest = 3 }
            acts.append(.run((0..<1 + generator.below(4)).map { launch($0) }))
        }
        newest = 3
        var last = launch(generator.below(4))
        (last.delay, last.timeout, last.lockPatience) = (0, 3_600, 0)
        return Scenario("machines", acts, last: last, ends: []) { $0 = landscape }
    }

    private func machine(_ number: Int) -> String { "m\(number)" }

    private mutating func launch(_ number: Int) -> Launch {
        let tag = generator.once(in: 3) ? newest : 2
        var launch = Launch("v\(tag)", version: "000\(tag)")
        launch.machine = machine(number)
        launch.acceptsNewer = true
        launch.lockPatience = generator.pick([0, 5, 100, 600])
        launch.delay = generator.pick([0, 0, generator.below(200), generator.below(isSleepy ? 20_000 : 60_000)])
        launch.isLeftDead = generator.once(in: 3)
        if generator.once(in: 4) { launch.skew = generator.pick([-31_536_000, -600, 400, 31_536_000]) }
        if generator.once(in: 3) { launch.pace = generator.pick([97, 99, 101, 103]) }
        if generator.once(in: 8) { launch.timeout = 1 + generator.below(60) }
        return launch
    }

    private mutating func plan(_ seed: UInt64) -> FaultPlan {
        var plan = FaultPlan(seed: seed ^ 0x5703e)
        var kinds = (Fault.ofStores + Fault.ends).filter { _ in generator.once(in: 2) }
        // Most of what can go wrong between machines.
        kinds += [.late, .lost, .paused, .dateAhead, .dateAhead].filter { _ in generator.once(in: 2) }
        var onceIn = generator.pick([8, 20, 50])
        if isSleepy { (kinds, onceIn) = ([.paused], 8) }
        guard !kinds.isEmpty else { return plan }
        plan.weather = FaultPlan.Weather(kinds: kinds, onceIn: onceIn, most: 1 + generator.below(8))
        plan.staleness = generator.pick([500, 5_000, 30_000])
        return plan
    }
}
