import Base
import JSON
import Resources

/// The machine of one simulated process: each ledger is on a machine of its own.
struct SimulatedHost: ProcessHost {
    let process: SimulatedProcess

    var name: String { "machine-\(process.launch.ledger)" }
    var boot: String { "boot" }
    var environment: [String: String] { ["MACHINE_TOKEN": Landscape.canary] }

    func start(_ order: ProcessOrder) async throws(Failure) {
        if process.isDead { throw Self.dead }
        let stage = process.stage
        await stage.turnstile.wait(process.id, until: stage.turnstile.now + stage.use { $0.plan.latency() })
        stage.catchUp()
        let fault = process.fault(at: .call("StartProcess"))
        switch fault {
        case .crashBefore:
            process.die()
            throw Self.dead
        case .cancelled:
            SimulatedProcess.cancel()
            throw Failure(.interrupted, "interrupted", hint: "run it again")
        case .unavailable, .throttled:
            throw Failure(.migrationNotStarted, "no process could be made", hint: "try later")
        default: break
        }
        begin(order)
        if fault == .crashAfter {
            process.die()
            throw Self.dead
        }
        if fault == .cancelledAfter { SimulatedProcess.cancel() }
    }

    /// A second start finds the folder claimed.
    private func begin(_ order: ProcessOrder) {
        let name = "process/\(order.folder)"
        process.stage.use { state in
            let number = order.folder.split(separator: "/").last?.split(separator: "-").first.flatMap { Int64($0) }
            let token = state.referee.shadows[process.launch.ledger]?.open[number ?? 0]?.token ?? "none"
            let input: JSON = ["token": .string(token)]
            state.referee.sees("StartProcess", input, by: process.launch, epoch: process.epoch, state.world)
            let before = state.world
            if state.world.programs[name] == nil {
                state.world.startProgram(
                    name, in: process.launch.cluster, image: process.launch.digest, timeout: order.timeout * 1_000,
                    vanished: .lost)
            }
            state.remember()
            state.changes[process.id, default: []].append("StartProcess")
            state.referee.saw(
                "StartProcess", input, ["program": .string(name)], by: process.launch, before: before,
                after: state.world)
            state.trace.note("\(state.world.now) \(process.id) StartProcess \(token)")
        }
    }

    func withdraw(_ folder: String) -> Bool {
        process.stage.use { $0.world.programs["process/\(folder)"] == nil }
    }

    func state(in folder: String) -> ProcessState {
        process.stage.catchUp()
        guard let program = process.stage.use({ $0.world.programs["process/\(folder)"] }) else { return .absent }
        return switch program.end {
        case nil: .running(pid: 1_000, start: "1")
        case .exited(let code): .exited(code)
        case .cutOff: .killed("it was killed after its time-out")
        case .lost: .lost
        case .notFound: .notFound
        }
    }

    func log(in folder: String, from offset: Int) -> [UInt8] {
        let log = process.stage.use { $0.world.programs["process/\(folder)"]?.log ?? "" }
        return Array((log.isEmpty ? "" : log + "\n").utf8.dropFirst(offset))
    }

    // No story ends a process by hand, and no folder is in the way of another.
    func end(in folder: String) async {}
    func folders(in root: String) -> [(path: String, owner: String)] { [] }
    func remove(_ folder: String) {}

    private static let dead = Failure(.interrupted, "the process is dead", hint: "nobody reads this", effect: .unknown)
}
