import Base
import JSON
import Resources

/// Plays a scenario once: its acts under faults, then in good weather until it has converged, then once more in silence.
public struct Play: Sendable {
    /// How a play went.
    public struct Outcome: Sendable {
        public var violations: [Violation]
        public let trace: Trace
        public let tally: Tally
        /// How each launch of the acts ended, in order.
        public let ends: [Int32]
        /// Of each launch, its calls and writes.
        let points: [[Point.Passed]]
        /// Where the world has come to.
        public let summary: [String]
        /// How often the ledger was read or written.
        public let ledgerUses: Int
        /// The faults that struck.
        public let struck: [FaultPlan.Strike]
    }

    private let scenario: Scenario
    private let stage: Stage
    private let shelf: LedgerShelf
    private var processes: [SimulatedProcess] = []
    private var ends: [Int32] = []

    private init(_ scenario: Scenario, _ plan: FaultPlan, seed: UInt64, shelf: LedgerShelf, keepsTrace: Bool) {
        self.scenario = scenario
        self.shelf = shelf
        stage = Stage(scenario.landscape, plan: plan, seed: seed, keepsTrace: keepsTrace)
    }

    /// - Parameters:
    ///   - folder: where the ledgers' files are made, and removed afterwards.
    public static func run(
        _ scenario: Scenario, _ plan: FaultPlan, seed: UInt64, in folder: String, keepsTrace: Bool = false
    ) async -> Outcome {
        let shelf = LedgerShelf(folder: folder)
        shelf.clear()
        var play = Play(scenario, plan, seed: seed, shelf: shelf, keepsTrace: keepsTrace)
        await play.acts()
        await play.finish()
        shelf.clear()
        return play.outcome
    }

    private var outcome: Outcome {
        stage.use { state in
            Outcome(
                violations: state.referee.violations, trace: state.trace, tally: state.tally, ends: ends,
                points: processes.map(\.points), summary: state.world.summary(of: scenario.last, scenario.landscape),
                ledgerUses: state.plan.ledgerUses,
                struck: state.plan.struck)
        }
    }

    // MARK: - Acts

    private mutating func acts() async {
        for act in scenario.acts {
            stage.catchUp()
            switch act {
            case .run(let launches): await run(launches)
            case .rollBackBeside(let launch, let milliseconds, let version, let other):
                let human = Human(stage: stage, path: shelf.path(of: other.place))
                await run([launch]) { await human.rollBack(to: version, other, after: milliseconds) }
            case .pass(let milliseconds): stage.turnstile.advance(by: milliseconds)
            case .change(let tag, let script):
                stage.use { $0.world.images[Landscape.digest(of: tag)] = script }
            case .lose(let ledger):
                shelf.remove(ledger)
                stage.use { $0.referee.lost(ledger) }
            case .renew(let machine): shelf.remove("\(machine)-a")
            case .copy(let ledger):
                shelf.copy(ledger)
                stage.use { $0.referee.copied(ledger) }
            case .restore(let ledger):
                shelf.restore(ledger)
                stage.use { $0.referee.restored(ledger) }
            case .damage(let ledger, let damage): shelf.damage(ledger, damage)
            case .elsewhere(let deed): Self.elsewhere(deed, on: stage)
            case .beside(let launches, let milliseconds, let deed):
                let stage = stage
                await run(launches) {
                    await stage.turnstile.wait(Human.number, until: stage.turnstile.now + milliseconds)
                    Self.elsewhere(deed, on: stage)
                    stage.turnstile.leave()
                }
            case .rollBack(let version, let launch, let isTold):
                stage.use { $0.world.rollBack(to: version, in: launch.cluster) }
                let human = Human(stage: stage, path: shelf.path(of: launch.place))
                let failure = await human.declare(version, launch, isTold: isTold)
                guard let failure, failure.code != .awsDenied || isTold else { break }
                stage.use { $0.referee.report("L1", "a person cannot declare \(version): \(failure.summary)") }
            }
        }
    }

    private static func elsewhere(_ deed: Scenario.Elsewhere, on stage: Stage) {
        stage.use { state in
            state.trace.note("elsewhere \(deed)")
            switch deed {
            case .scale(let service, let count): state.world.update(service, "desiredCount", .integer(count))
            case .redeploy(let service):
                for _ in 0..<50 { state.world.update(service, "forceNewDeployment", true) }
            case .letGoOn(let service): state.world.letGoOn(service)
            case .move(let service, let revision): state.world.update(service, "taskDefinition", .string(revision))
            case .target(let service, let bounds): state.world.target(service, bounds)
            case .register(let family, let tag): state.world.register(family: family, tag: tag)
            case .deregister(let family): state.world.deregister(family: family)
            case .mark(let family, let version): state.world.markWithoutCluster(family, version)
            }
            state.remember()
        }
    }

    /// Runs launches side by side, and those that died, or whose ledger failed, once more.
    ///
    /// - Parameter beside: what somebody does during the first of them.
    private mutating func run(_ launches: [Launch], beside: (@Sendable () async -> Void)? = nil) async {
        var beside = beside
        var left = launches
        // A person gives up after some tries.
        for _ in 0..<4 where !left.isEmpty {
            let begun = await launchAll(left, beside: beside)
            beside = nil
            for (process, ending) in begun where !process.isDead { ends.append(ending.exit.rawValue) }
            left = begun.filter { $0.0.isDead || $0.1.exit == .ledger }.map(\.0.launch).filter { !$0.isLeftDead }
        }
    }

    private mutating func launchAll(
        _ launches: [Launch], beside: (@Sendable () async -> Void)? = nil
    ) async -> [(SimulatedProcess, Program.Ending)] {
        let begun = launches.map { launch in
            let process = SimulatedProcess(processes.count, launch, on: stage)
            processes.append(process)
            return Program(process: process, path: shelf.path(of: launch.place))
        }
        let turnstile = stage.turnstile
        turnstile.enter(begun.count + (beside == nil ? 0 : 1))
        let start = turnstile.now
        var endings: [Int: Program.Ending] = [:]
        await withTaskGroup(of: (Int, Program.Ending)?.self) { group in
            if let beside {
                group.addTask {
                    await beside()
                    return nil
                }
            }
            for program in begun {
                group.addTask {
                    let process = program.process
                    await turnstile.wait(process.id, until: turnstile.now + process.launch.delay)
                    let ending = await process.run {
                        var ending = await program.run()
                        ending.milliseconds = turnstile.now - start - process.frozen
                        return ending
                    }
                    return (process.id, ending)
                }
            }
            for await case (let id, let ending)? in group { endings[id] = ending }
        }
        return begun.compactMap { program in
            endings[program.process.id].map { ending in
                note(program.process, ending, isAlone: begun.count == 1)
                return (program.process, ending)
            }
        }
    }

    private func note(_ process: SimulatedProcess, _ ending: Program.Ending, isAlone: Bool) {
        stage.use { state in
            let isDead = process.isDead
            state.trace.note(
                "\(process.id) ended: \(isDead ? "dead" : ending.failure?.code.rawValue ?? "converged")")
            state.tally.count(isDead ? "branch process died" : "end \(ending.failure?.code.rawValue ?? "converged")")
            guard !isDead else { return }
            state.referee.sound(ending.failure, of: process.launch)
            state.referee.ended(ending.failure, of: process.launch, after: ending.milliseconds, state.world)
            if state.plan.struck.isEmpty, ending.failure?.code == .rolloutRefused {
                state.referee.refused(state.changes[process.id] ?? [])
            }
            // Between its plan and its locks another machine may have done all of it.
            let isAsPlanned = isAlone || process.launch.machine == nil
            if isAsPlanned, state.plan.struck.isEmpty, ending.failure == nil, let plan = ending.plan {
                state.referee.kept(plan, state.changes[process.id] ?? [], by: process.launch)
            }
        }
    }

    // MARK: - The end

    /// Faults off: the world must come to what is wanted, with a person's help only where no one else can know.
    private mutating func finish() async {
        let isPaused = stage.landscape.hook == .pause
        stage.use { state in
            state.plan.calm()
            state.world.isAttended = isPaused
        }
        // Stale reads, young tokens, leases and shown failures are over.
        stage.turnstile.advance(by: 90_000)
        stage.catchUp()
        var launch = scenario.last
        launch.lockPatience = 0
        for _ in 0..<12 {
            let ending = await launchAll([launch])[0].1
            guard let failure = ending.failure else { return await silence(launch) }
            guard await help(failure, &launch) else {
                return stage.use {
                    $0.referee.report("L1", "does not converge: \(failure.code.rawValue), \(failure.summary)")
                }
            }
        }
        stage.use { $0.referee.report("L1", "12 launches without faults did not converge") }
    }

    /// What a person does about a failure that names a person.
    private mutating func help(_ failure: Failure, _ launch: inout Launch) async -> Bool {
        stage.use { $0.tally.count("branch help for \(failure.code.rawValue)") }
        let image = launch.digest
        switch failure.code {
        case .schemaUndecided:
            let human = Human(stage: stage, path: shelf.path(of: launch.place))
            if await human.resolve(launch) {
                stage.use { $0.world.heal(image) }
                return true
            }
            // Of two declarations a person makes one.
            let version = stage.use { $0.world[launch.cluster].applied.last ?? "none" }
            guard await human.declare(version, launch) == nil else { return false }
            stage.use { $0.world.heal(image) }
        case .migrationFailed, .migrationNotStarted, .rolloutFailed, .rolloutRolledBack, .rolloutRefused,
            .rolloutUndecided:
            stage.use { $0.world.heal(image) }
            launch.retriesFailed = true
        // The function is made.
        case .awsRefused where launch.runner == .lambda: stage.use { $0.world.heal(image) }
        case .timedOut, .deadlineReached, .migrationRunning:
            stage.turnstile.advance(by: 60_000)
            stage.catchUp()
            stage.use { state in
                state.world.stopHanging()
                state.world.heal(image)
            }
        case .ledgerDamaged:
            shelf.remove(launch.ledger)
            let ledger = launch.ledger
            stage.use { $0.referee.lost(ledger) }
        case .rolloutReplaced: break
        case .awsUnreadable where stage.landscape.swapsTask: stage.turnstile.advance(by: 60_000)
        default: return false
        }
        return true
    }

    /// A machine that has nothing of a shared ledger must find all that was ever appended to it.
    private func audit(_ launch: Launch) async {
        var launch = launch
        launch.machine = "auditor"
        let process = SimulatedProcess(Human.number, launch, on: stage, isInstant: true)
        stage.turnstile.enter(1)
        defer { stage.turnstile.leave() }
        do throws(Failure) {
            let entries = try await Program(process: process, path: shelf.path(of: launch.place)).entries()
            stage.use { $0.referee.opened(launch.ledger, entries) }
        } catch {
            stage.use { $0.referee.report("S6", "a shared ledger: \(error.summary) \(error.cause)") }
        }
    }

    /// Once more on the converged world: nothing may be written anywhere.
    private mutating func silence(_ launch: Launch) async {
        let before = stage.use { $0.referee.shadows[launch.ledger]?.entries.count ?? 0 }
        let (process, ending) = await launchAll([launch])[0]
        if launch.machine != nil { await audit(launch) }
        stage.use { state in
            if let failure = ending.failure { state.referee.report("L2", "a converged world: \(failure.summary)") }
            if let changes = state.changes[process.id] { state.referee.report("L2", "a converged world: \(changes)") }
            let after = state.referee.shadows[launch.ledger]?.entries.count ?? 0
            if after != before { state.referee.report("L2", "\(after - before) entries about a converged world") }
            // The end of a command is recorded by the next command, and not by an apply.
            let open =
                state.referee.shadows[launch.ledger]?.open.values.filter { intent in
                    // What is open of another cluster, or another environment, is not this launch's to settle.
                    intent.payload["action"] != "run" && intent.environment == launch.environment
                        && World.cluster(of: intent.payload["subject"]?.string) == launch.cluster
                }
                .map(\.sequence).sorted() ?? []
            if !open.isEmpty { state.referee.report("L2", "a converged world, and the intents \(open) have no end") }
        }
    }
}
