import Base
import JSON
import Resources

/// The machine of one simulated process: each folder of ledgers is on a machine of its own.
struct SimulatedHost: ProcessHost {
    let process: SimulatedProcess

    var name: String { process.launch.machine ?? "machine-\(process.launch.ledger.prefix { $0 != "/" })" }
    var boot: String { "boot" }
    var environment: [String: String] { ["MACHINE_TOKEN": Landscape.canary] }

    func start(_ order: ProcessOrder) async throws(Failure) {
        if process.isDead { throw Self.dead }
        let stage = process.stage
        await process.turn(after: stage.use { $0.plan.latency() })
        stage.catchUp()
        let fault = process.fault(at: .call("StartProcess"))
        switch fault {
        case .crashBefore:
            process.die()
            throw Self.dead
        case .cancelled:
            process.cancel()
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
        if fault == .cancelledAfter { process.cancel() }
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
            if state.world.programs[name] == nil || state.world.forgotten.remove(name) != nil {
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
        program(in: folder) == nil
    }

    func state(in folder: String) -> ProcessState {
        process.stage.catchUp()
        guard let program = program(in: folder) else { return .absent }
        return switch program.end {
        case nil: .running(pid: 1_000, start: "1")
        case .exited(let code): .exited(code)
        case .cutOff: .killed("it was killed after its time-out")
        case .lost: .lost
        case .notFound: .notFound
        }
    }

    func log(in folder: String, from offset: Int) -> [UInt8] {
        let log = program(in: folder)?.log ?? ""
        return Array((log.isEmpty ? "" : log + "\n").utf8.dropFirst(offset))
    }

    /// What a folder has of its program.
    private func program(in folder: String) -> ForeignProgram? {
        let name = "process/\(folder)"
        return process.stage.use { $0.world.forgotten.contains(name) ? nil : $0.world.programs[name] }
    }

    // No story ends a process by hand.
    func end(in folder: String) async {}

    func folders(in root: String) -> [String] {
        let start = "process/\(root)/"
        return process.stage.use { state in
            state.world.programs.keys.filter { $0.hasPrefix(start) && !state.world.forgotten.contains($0) }
                .sorted().map { String($0.dropFirst(start.count)) }
        }
    }

    func remove(_ folder: String) {
        guard program(in: folder)?.end != nil else { return }
        process.stage.use { _ = $0.world.forgotten.insert("process/\(folder)") }
    }

    private static let dead = Failure(.interrupted, "the process is dead", hint: "nobody reads this", effect: .unknown)
}
