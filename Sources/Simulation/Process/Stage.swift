import JSON
import Reconciler
import Sandbox
import Synchronization

/// All that the processes of one simulation share: the world, its faults, and who judges.
final class Stage: Sendable {
    struct State {
        var world: World
        /// Where ledgers are that machines share.
        var bucket = Bucket()
        var plan: FaultPlan
        var referee: Referee
        var trace: Trace
        var tally = Tally()
        /// The world after each write, for stale reads: the moments, in milliseconds, and the worlds.
        private(set) var history: [(now: Int, world: World)] = []
        /// Mutating calls that had their effect, by launch.
        var changes: [Int: [String]] = [:]
        /// The last answers to mutating calls, by operation.
        var answers: [String: JSON] = [:]
        /// Calls of each launch.
        var calls: [Int: Int] = [:]

        /// Keeps the world as it is now. What is read late is as old as that read, and no write of before it is missing.
        mutating func remember() { history.append((world.now, world)) }
    }

    let turnstile: Turnstile
    let landscape: Landscape
    /// After how many entries the ledgers get a checkpoint: so few that a release has one in its middle.
    let checkpointing: Int64
    /// Each ledger's machine has one, which outlives the ledger.
    private let caches = MemoryCache()
    private let state: Mutex<State>

    func cache(ofLedger ledger: String) -> CachePart { CachePart(caches, ledger) }

    init(_ landscape: Landscape, plan: FaultPlan, seed: UInt64, keepsTrace: Bool) {
        let world = World.founded(landscape)
        turnstile = Turnstile(seed: seed)
        turnstile.advance(by: world.now - World.birth)
        self.landscape = landscape
        checkpointing = 4 + Int64(seed % 13)
        state = Mutex(
            State(world: world, plan: plan, referee: Referee(landscape), trace: Trace(keepsLines: keepsTrace)))
        use { $0.remember() }
    }

    func use<Result: Sendable>(_ body: (inout State) -> Result) -> Result { state.withLock { body(&$0) } }

    /// Brings the world to the present.
    func catchUp() {
        let present = World.birth + turnstile.now
        use { state in
            state.world.pass(to: present)
            state.receive(by: present)
            state.referee.watch(state.world)
        }
    }
}
