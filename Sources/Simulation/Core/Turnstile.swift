import Synchronization

/// Lets one process of a simulation go on at a time.
///
/// Every input and output parks here. When all processes that live are parked, the seed picks one of those whose time has
/// come; when the time of none has, virtual time jumps to the earliest. So the seed alone decides who overtakes whom.
final class Turnstile: Sendable {
    private struct Waiter {
        let process: Int
        var wake: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var now = 0
        var live = 0
        var waiters: [Waiter] = []
        var generator: SeededGenerator

        /// Whose turn it is; nil while someone is still on the way here.
        mutating func choose() -> CheckedContinuation<Void, Never>? {
            guard !waiters.isEmpty, waiters.count == live else { return nil }
            if let earliest = waiters.map(\.wake).min(), earliest > now { now = earliest }
            let ready = waiters.filter { $0.wake <= now }.sorted { $0.process < $1.process }
            let chosen = ready[generator.below(ready.count)]
            waiters.removeAll { $0.process == chosen.process }
            return chosen.continuation
        }
    }

    private let state: Mutex<State>

    init(seed: UInt64) { state = Mutex(State(generator: SeededGenerator(seed: seed))) }

    /// Virtual milliseconds since the simulation began.
    var now: Int { state.withLock(\.now) }

    /// Lets virtual time pass while no process lives.
    func advance(by milliseconds: Int) { state.withLock { $0.now += milliseconds } }

    /// Announces processes. All are announced before the first begins, so that none runs ahead.
    func enter(_ count: Int) { state.withLock { $0.live += count } }

    /// Parks a process until virtual time has come to `wake` and the seed has picked it.
    func wait(_ process: Int, until wake: Int) async {
        let isAlone = state.withLock { state in
            guard state.live == 1 else { return false }
            state.now = max(state.now, wake)
            return true
        }
        if isAlone { return }
        await withCheckedContinuation { continuation in
            let next = state.withLock { state in
                state.waiters.append(Waiter(process: process, wake: wake, continuation: continuation))
                return state.choose()
            }
            next?.resume()
        }
    }

    /// One that is parked is not waited for until its time has come.
    func hasten(_ process: Int) {
        state.withLock { state in
            for index in state.waiters.indices where state.waiters[index].process == process {
                state.waiters[index].wake = min(state.waiters[index].wake, state.now)
            }
        }
    }

    /// A process has ended.
    func leave() {
        let next = state.withLock { state in
            state.live -= 1
            return state.choose()
        }
        next?.resume()
    }
}
