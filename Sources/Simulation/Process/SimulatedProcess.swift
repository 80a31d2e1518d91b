import Synchronization

/// One launch of the program: what of it can die.
final class SimulatedProcess: Sendable {
    private struct State {
        var isDead = false
        /// Its calls and writes so far.
        var points: [Point.Passed] = []
        var epoch: Int64 = 0
        var pendingFault: Fault?
        /// Until when all of it stands still.
        var frozenUntil = 0
        var frozen = 0
        var lines = 0
        var beside: [Task<Void, Never>] = []
        var cancelRun: (@Sendable () -> Void)?
        var generator: SeededGenerator
    }

    /// Its number among the launches of the simulation.
    let id: Int
    let launch: Launch
    let stage: Stage
    /// Whether all that it does happens at one moment.
    private let isInstant: Bool
    /// The call that AWS does not allow it; nil if it may make all.
    let denied: String?
    private let state: Mutex<State>

    init(_ id: Int, _ launch: Launch, on stage: Stage, isInstant: Bool = false, denied: String? = nil) {
        self.id = id
        self.launch = launch
        self.stage = stage
        self.isInstant = isInstant
        self.denied = denied
        state = Mutex(State(generator: SeededGenerator(seed: UInt64(id))))
    }

    /// What goes on beside its run waits in a line of its own.
    @TaskLocal static var line: Int?

    func newLine() -> Int {
        state.withLock { state in
            state.lines += 1
            return (id + 1) * 10_000_000 + state.lines
        }
    }

    func beside(_ task: Task<Void, Never>) { state.withLock { $0.beside.append(task) } }

    /// Runs it to its end, and what it has begun beside that.
    func run<Ending: Sendable>(_ body: @escaping @Sendable () async -> Ending) async -> Ending {
        let task = Task { await body() }
        state.withLock { $0.cancelRun = { task.cancel() } }
        let ending = await task.value
        stage.turnstile.leave()
        await join()
        return ending
    }

    /// Waits for what it has begun beside its run, which has ended by now.
    func join() async {
        for task in state.withLock(\.beside) { await task.value }
    }

    /// Lets the others go first, and virtual time pass.
    func turn(after milliseconds: Int) async {
        if !isInstant { await wait(until: stage.turnstile.now + milliseconds) }
    }

    func wait(until moment: Int) async {
        await stage.turnstile.wait(Self.line ?? id, until: moment)
        await thaw()
    }

    /// What was sent is on its way, although the process stands still.
    func travel(_ milliseconds: Int) async {
        if isInstant { return }
        await stage.turnstile.wait(Self.line ?? id, until: stage.turnstile.now + milliseconds)
    }

    /// Returns when it does not stand still any more.
    func thaw() async {
        while case let end = state.withLock(\.frozenUntil), end > stage.turnstile.now {
            await stage.turnstile.wait(Self.line ?? id, until: end)
        }
    }

    /// Stands still as after SIGSTOP, or in a machine that sleeps.
    func pause() async {
        let end = stage.turnstile.now + 20_000 + 1_000 * stage.use { $0.plan.latency() }
        state.withLock { state in
            state.frozen += end - stage.turnstile.now
            state.frozenUntil = max(state.frozenUntil, end)
        }
        await turn(after: 0)
    }

    func entropy(_ count: Int) -> [UInt8] {
        state.withLock { state in
            (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &state.generator) }
        }
    }

    /// How long it stood still, in milliseconds.
    var frozen: Int { state.withLock(\.frozen) }

    /// A dead process goes on running, for no one can stop its code; but nothing that it does has an effect any more.
    var isDead: Bool { state.withLock(\.isDead) }
    func die() { state.withLock { $0.isDead = true } }

    /// The epoch of its run, once it has one.
    var epoch: Int64 {
        get { state.withLock(\.epoch) }
        set { state.withLock { $0.epoch = newValue } }
    }

    /// A fault that strikes once the commit under way has happened.
    var pendingFault: Fault? {
        get { state.withLock(\.pendingFault) }
        set { state.withLock { $0.pendingFault = newValue } }
    }

    /// How many calls and writes it has made.
    var touched: Int { points.count }

    var points: [Point.Passed] { state.withLock(\.points) }

    /// The fault that strikes here, if one does.
    func fault(at kind: Point.Kind) -> Fault? {
        let now = stage.turnstile.now
        let index = state.withLock { state in
            if kind != .ledgerRead {
                state.points.append(Point.Passed(hasEffect: Point.hasEffect(kind), moment: now))
            }
            return state.points.count - 1
        }
        let point = Point(launch: id, index: index, kind: kind)
        return stage.use { state in
            guard let fault = state.plan.fault(at: point) else { return nil }
            state.tally.count("fault \(fault.rawValue)")
            state.referee.note(fault, at: point.name)
            state.trace.note("\(id) \(point.name): \(fault.rawValue)")
            return fault
        }
    }

    /// A signal asks the process to end.
    func cancel() {
        // A machine of its own does things that a signal to its run does not end.
        guard launch.machine != nil, let cancelRun = state.withLock(\.cancelRun) else {
            return withUnsafeCurrentTask { $0?.cancel() }
        }
        cancelRun()
    }
}
