import Synchronization

/// One launch of the program: what of it can die.
final class SimulatedProcess: Sendable {
    private struct State {
        var isDead = false
        /// Its calls and writes so far.
        var points: [Point.Passed] = []
        var epoch: Int64 = 0
        var pendingFault: Fault?
    }

    /// Its number among the launches of the simulation.
    let id: Int
    let launch: Launch
    let stage: Stage
    /// Whether all that it does happens at one moment.
    private let isInstant: Bool
    /// The call that AWS does not allow it; nil if it may make all.
    let denied: String?
    private let state = Mutex(State())

    init(_ id: Int, _ launch: Launch, on stage: Stage, isInstant: Bool = false, denied: String? = nil) {
        self.id = id
        self.launch = launch
        self.stage = stage
        self.isInstant = isInstant
        self.denied = denied
    }

    /// Lets the others go first, and virtual time pass.
    func turn(after milliseconds: Int) async {
        if !isInstant { await stage.turnstile.wait(id, until: stage.turnstile.now + milliseconds) }
    }

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
    static func cancel() { withUnsafeCurrentTask { $0?.cancel() } }
}
