import JSON
import Sandbox

/// The simulated AWS: the sandbox's pure model, with scripts instead of processes, and the one truth about the database.
struct World: Sendable {
    private struct Coming {
        let time: Int
        let order: Int
        let event: Happening
        let migration: Migration?
    }

    /// What happens to a program, wherever it runs.
    enum Happening: Sendable {
        case container(ProcessEvent)
        case program(String, ProgramEnd)
        /// The function of a lifecycle hook answers.
        case hook(String, HookAnswer)
        case alarm(isOn: Bool)
        /// A line of a log can be read.
        case line(String, LogStreamName)
    }

    /// A migration's process.
    struct Migration: Sendable, Equatable {
        let version: String
        let applies: Bool
        var breaks = false
    }

    /// What is true of the database, whoever knows it.
    struct Database: Sendable, Equatable {
        /// In the order in which migrations brought it there.
        var applied = ["0001"]
        /// What was taken back by hand.
        var undone: Set<String> = []
        /// Migration tasks that run now.
        var running: [ContainerKey: String] = [:]
        /// Migrations that run elsewhere, by their programs' names.
        var programs: [String: String] = [:]
        /// How often a process of a version was started.
        var starts: [String: Int] = [:]
        /// Versions whose last process ended without an exit code.
        var undecided: Set<String> = []
        /// The version that it has half of.
        var dirty: String?
        /// Versions of which a migration has said, ending with 0, that it has half of them.
        var saidDirty: Set<String> = []
        /// Commands that run now.
        var errands: [ContainerKey: Errand] = [:]
        /// Two processes at once, should that ever be.
        var collision: String?
    }

    /// 2023-11-14T22:13:20Z
    static let birth = 1_700_000_000_000

    private(set) var model: AWSModel
    private(set) var now = World.birth
    /// By cluster: each has a database of the same name.
    private(set) var databases: [String: Database]
    private let logDelay: Int
    let hasSidecar: Bool
    /// Up to when readings of a task are answered with another task; nil for none.
    var swapsUntil: Int?
    /// Whether a person lets paused deployments go on as soon as they wait.
    var isAttended = false
    /// How many were.
    var swaps = 0
    /// Containers that end with 0 when they are stopped.
    private var orderly: Set<ContainerKey> = []
    /// By digest.
    var images: [String: ImageScript] = [:]
    /// Functions' invocations and processes of machines, by name.
    var programs: [String: ForeignProgram] = [:]
    /// Those of them whose folders are gone.
    var forgotten: Set<String> = []
    /// Within which bounds auto scaling owns the counts of services.
    var targets: [String: ClosedRange<Int>] = [:]
    private var coming: [Coming] = []
    private var order = 0

    /// - Parameter landscape: whose images there are; its services are founded by calls.
    init(imagesOf landscape: Landscape) {
        var limits = Limits()
        // Short, so that little is spent on looking at what goes on; the order of events does not change.
        limits.provisioning = 10
        limits.pending = 10
        limits.deprovisioning = 10
        limits.healthy = 90
        limits.stage = 20
        limits.minute = 300
        limits.failedDeploymentShown = landscape.failureShown
        model = AWSModel(
            ecs: ECSModel(account: Landscape.account, region: Landscape.region, seed: "simulation", limits: limits))
        model.images.repositories = [
            Landscape.repository: Dictionary(
                uniqueKeysWithValues: landscape.images.keys.map { ($0, Landscape.digest(of: $0)) })
        ]
        databases = Dictionary(uniqueKeysWithValues: landscape.clusters.map { ($0, Database()) })
        logDelay = landscape.logDelay
        hasSidecar = landscape.hasSidecar
        swapsUntil = landscape.swapsTask ? .max : nil
        for (tag, script) in landscape.images { images[Landscape.digest(of: tag)] = script }
    }

    subscript(cluster: String) -> Database {
        get { databases[cluster] ?? Database() }
        set { databases[cluster] = newValue }
    }

    /// Answers a call at this moment.
    mutating func call(_ service: AWSModel.Service, _ operation: String, _ input: JSON) -> Result<JSON, ECSFault> {
        let answer = model.handle(service, operation, input, at: now)
        carryOut()
        return answer
    }

    /// Lets time pass up to a moment, each thing happening at its own time.
    mutating func pass(to end: Int) {
        while let moment = [coming.first?.time, model.ecs.nextWake(after: now)].compactMap(\.self).min(),
            moment <= end
        {
            now = max(now, moment)
            if isAttended { letGoOn("web") }
            while let next = coming.first, next.time <= now {
                coming.removeFirst()
                happen(next)
            }
            carryOut()
        }
        now = max(now, end)
        carryOut()
    }

    private mutating func happen(_ next: Coming) {
        switch next.event {
        case .container(let event):
            if case .started = event { return model.ecs.report(event, at: now) }
            let cluster = event.key.cluster
            self[cluster].errands[event.key] = nil
            // A container ends once, whatever was planned for it.
            let wasRunning = self[cluster].running.removeValue(forKey: event.key) != nil
            let isUndecided = if case .vanished = event { true } else { false }
            if wasRunning, let migration = next.migration {
                effect(of: migration, in: cluster, isUndecided: isUndecided)
            }
            model.ecs.report(event, at: now)
        case .hook(let id, let answer): model.ecs.report(answer, of: id, at: now)
        case .alarm(let isOn): model.ecs.sound(isOn ? [Landscape.alarm] : [], at: now)
        case .line(let line, let log): model.logs.append([line], to: log, at: now)
        case .program(let name, let end):
            guard let cluster = programs[name]?.cluster else { return }
            self[cluster].programs[name] = nil
            programs[name]?.end = end
            if let migration = next.migration { effect(of: migration, in: cluster, isUndecided: end.isUndecided) }
        }
    }

    /// What a migration that has ended has done to the database.
    private mutating func effect(of migration: Migration, in cluster: String, isUndecided: Bool) {
        if migration.applies { self[cluster].applied.append(migration.version) }
        if migration.applies || migration.breaks { self[cluster].dirty = migration.breaks ? migration.version : nil }
        if isUndecided { self[cluster].undecided.insert(migration.version) }
    }

    private mutating func carryOut() {
        for effect in model.ecs.advance(to: now) {
            switch effect {
            case .start(let launch): start(launch)
            case .stop(let key, _): plan(.exited(key, code: orderly.contains(key) ? 0 : 143), after: 10)
            case .invoke(let call): ask(call)
            }
        }
    }

    private mutating func start(_ launch: ContainerLaunch) {
        let digest = launch.image.split(separator: "@").last.map(String.init) ?? launch.image
        let script = images[digest] ?? ImageScript(version: "unknown")
        switch launch.command?.first {
        case "db-migrate": migrate(launch, script, digest)
        case "db-version":
            plan(.started(launch.key, imageDigest: digest), after: 5)
            // Whoever reads it knows how the last migration ended.
            let cluster = launch.key.cluster
            self[cluster].undecided.removeAll()
            let version = self[cluster].dirty.map { "\($0) dirty" } ?? self[cluster].applied.last ?? "none"
            write("RECONCILE_SCHEMA=\(version)", launch)
            plan(.exited(launch.key, code: 0), after: 50)
        case Errand.program: run(launch, digest)
        default:
            plan(.started(launch.key, imageDigest: digest), after: 5)
            if let after = script.alarm {
                plan(.alarm(isOn: true), after: after, nil)
                plan(.alarm(isOn: false), after: after + 500, nil)
            }
            if case .crashes(let after) = script.app { plan(.exited(launch.key, code: 1), after: 5 + after) }
        }
    }

    private mutating func migrate(_ launch: ContainerLaunch, _ script: ImageScript, _ digest: String) {
        if script.migration == .cannotStart {
            plan(
                .couldNotStart(launch.key, reason: "CannotPullContainerError: pull image manifest has been retried"),
                after: 5)
            return
        }
        let version = script.version(asked: launch.environment.first { $0.name == "RECONCILE_SCHEMA_VERSION" }?.value)
        begin(version, in: launch.key.cluster)
        self[launch.key.cluster].running[launch.key] = version
        write("migrating to \(version), password \(Landscape.canary)", launch)
        plan(.started(launch.key, imageDigest: digest), after: 5)
        let nothing = Migration(version: version, applies: false)
        switch script.migration {
        case .succeeds(let after):
            plan(.exited(launch.key, code: 0), after: 5 + after, Migration(version: version, applies: true))
        case .fails(let code, let after): plan(.exited(launch.key, code: code), after: 5 + after, nothing)
        case .vanishes(let applied, let after):
            plan(.vanished(launch.key), after: 5 + after, Migration(version: version, applies: applied))
        case .breaks(let after):
            let half = Migration(version: version, applies: false, breaks: true)
            plan(.vanished(launch.key), after: 5 + after, half)
        case .saysDirty(let after):
            let half = Migration(version: version, applies: false, breaks: true)
            self[launch.key.cluster].saidDirty.insert(version)
            plan(.exited(launch.key, code: 0), after: 5 + after, half)
            write("RECONCILE_SCHEMA=\(version) dirty", launch, after: 5 + after)
        case .outlived(let after):
            orderly.insert(launch.key)
            self[launch.key.cluster].undecided.insert(version)
            let other = ContainerKey(
                cluster: launch.key.cluster, task: launch.key.task, container: Landscape.sidecar, attempt: 1)
            plan(.exited(other, code: 1), after: 50 + after)
        case .hangs, .cannotStart: break
        }
    }

    private mutating func run(_ launch: ContainerLaunch, _ digest: String) {
        guard let errand = Errand(words: launch.command ?? []) else { return }
        let cluster = launch.key.cluster
        if errand.isAlone, let other = busy(cluster) {
            self[cluster].collision = "the command \(errand.name) starts while \(other) runs"
        }
        self[cluster].errands[launch.key] = errand
        write("at work, password \(errand.password)", launch)
        plan(.started(launch.key, imageDigest: digest), after: 5)
        switch errand.end {
        case .exits(let code): plan(.exited(launch.key, code: code), after: 5 + errand.lasts)
        case .vanishes: plan(.vanished(launch.key), after: 5 + errand.lasts)
        }
    }

    /// What has the database for itself now.
    private func busy(_ cluster: String) -> String? {
        let database = self[cluster]
        return (database.running.values.first ?? database.programs.values.first).map { "a migration to \($0)" }
            ?? database.errands.values.first(where: \.isAlone).map { "the command \($0.name)" }
    }

    /// Takes note of a migration's program that begins.
    mutating func begin(_ version: String, in cluster: String) {
        if let other = busy(cluster) {
            self[cluster].collision = "a migration to \(version) starts while \(other) runs"
        }
        self[cluster].starts[version, default: 0] += 1
    }

    private mutating func write(_ line: String, _ launch: ContainerLaunch, after milliseconds: Int = 0) {
        guard let log = launch.log else { return }
        let delay = milliseconds + logDelay
        if delay == 0 { return model.logs.append([line], to: log, at: now) }
        plan(Happening.line(line, log), after: delay, nil)
    }

    private mutating func plan(_ event: ProcessEvent, after milliseconds: Int, _ migration: Migration? = nil) {
        plan(Happening.container(event), after: milliseconds, migration)
    }

    mutating func plan(_ event: Happening, after milliseconds: Int, _ migration: Migration?) {
        order += 1
        coming.append(Coming(time: now + milliseconds, order: order, event: event, migration: migration))
        coming.sort { $0.time == $1.time ? $0.order < $1.order : $0.time < $1.time }
    }

    /// A person stops the migrations that will never end.
    mutating func stopHanging() {
        let ending = Set(
            coming.compactMap { next -> ContainerKey? in
                guard case .container(let event) = next.event else { return nil }
                if case .started = event { return nil }
                return event.key
            })
        let hanging = databases.values.flatMap(\.running.keys).filter { !ending.contains($0) }
        for key in hanging.sorted(by: { $0.task < $1.task }) {
            _ = call(.ecs, "StopTask", ["cluster": .string(key.cluster), "task": .string(key.task)])
        }
    }
}
