import Foundation
import JSON
import Support
import Synchronization
import Testing

/// A moment in an apply at which it is killed.
enum Moment: Sendable, Hashable, CustomStringConvertible {
    /// Before the sandbox is told, or after it has answered and before the answer arrives.
    case request(String, occurrence: Int, Relay.Side)
    /// Whatever request that is.
    case requestNumber(Int, Relay.Side)
    /// When the ledger's file is to be on the disk for the so-many-th time.
    case sync(Int, SyncKiller.When)

    var description: String {
        switch self {
        case .request(let operation, let occurrence, let side): "\(side) \(operation) \(occurrence)"
        case .requestNumber(let number, let side): "\(side) request \(number)"
        case .sync(let number, let when): "\(when) sync \(number)"
        }
    }

    func isAt(_ request: Relay.Request, _ side: Relay.Side) -> Bool {
        switch self {
        case .request(let operation, let occurrence, let wanted):
            wanted == side && request.operation == operation && request.occurrence == occurrence
        case .requestNumber(let number, let wanted): wanted == side && request.number == number
        case .sync: false
        }
    }
}

/// An apply that has ended, by itself or not.
struct Trial: Sendable {
    let exit: Int32
    let output: String
    let requests: [Relay.Request]

    var wasKilled: Bool { exit == 128 + SIGKILL }
}

/// An apply that has not ended.
struct Running: Sendable {
    let child: Child
    let relay: Relay
}

/// One world in which applies are killed, and what must hold at each death and when at last one was let be.
final class Ordeal {
    /// What changes the world, and the action of the intent that must stand in the ledger before.
    static let mutating = [
        "RegisterTaskDefinition": "register", "RunTask": "migrate", "TagResource": "mark", "UpdateService": "update",
    ]

    let world: World
    private var tag = "v1"
    private var version = "1"
    /// The ledger as the last apply left it, and as it was when the release began.
    private var ledger: LedgerCopy
    private var start: LedgerCopy
    /// The moments at which applies were killed, or were to be, for the message of a check that fails.
    private var story: [String] = []
    /// The mutating calls of this release that have been sent, answered or not.
    private var sent: Set<String> = []

    private var ledgerPath: String { world.folder + "/.reconcile/ledger.sqlite" }
    private var arguments: [String] {
        [world.folder + "/m.json", "--image-tag", tag, "--schema-version", version]
    }

    init() async throws {
        world = try await World(
            limits: ["provisioning": 1, "pending": 1, "deprovisioning": 1, "healthy": 10])
        try world.manifest()
        try world.image(tag)
        ledger = try LedgerCopy(of: world.folder + "/.reconcile/ledger.sqlite")
        start = ledger
    }

    /// Goes on with another image and another version of the schema.
    func release(_ tag: String, schema version: String) throws {
        try world.image(tag)
        (self.tag, self.version) = (tag, version)
        sent = []
        start = ledger
    }

    /// Runs an apply, which is killed if it comes to that moment.
    @discardableResult
    func apply(killedAt moment: Moment? = nil) async throws -> Trial {
        story.append(moment.map { "killed \($0)" } ?? "let be")
        var environment: [String: String] = [:]
        if case .sync(let number, let when) = moment {
            environment = [
                "LD_PRELOAD": try await SyncKiller.library, "KILL_AT": String(number), "KILL_WHEN": when.rawValue,
            ]
        }
        let running = try start(environment) { child, request, side in
            guard moment?.isAt(request, side) == true else { return true }
            child.signal(SIGKILL)
            return false
        }
        return try await end(running)
    }

    /// Starts an apply, with a hook on its requests.
    func start(
        _ environment: [String: String] = [:],
        hook: @escaping @Sendable (Child, Relay.Request, Relay.Side) -> Bool
    ) throws -> Running {
        let victim = Mutex<Child?>(nil)
        let relay = try Relay(to: world.port) { request, side in
            // Whoever starts it holds the lock until its pid is known.
            guard let child = victim.withLock({ $0 }) else { return false }
            return hook(child, request, side)
        }
        let surroundings = world.environment.merging(environment) { $1 }.merging(["AWS_ENDPOINT_URL": relay.url]) { $1 }
        return try victim.withLock { victim in
            let child = try Child(Project.reconcile, ["apply"] + arguments, environment: surroundings)
            victim = child
            return Running(child: child, relay: relay)
        }
    }

    /// Waits for the end of an apply, and looks at what it left.
    func end(_ running: Running) async throws -> Trial {
        let trial = Trial(
            exit: await running.child.end(), output: running.child.output, requests: running.relay.requests)
        running.relay.stop()
        try examine(trial)
        return trial
    }

    /// Another apply, which nobody stands in the way of, and which does not wait for a lock.
    func second() async throws -> Outcome { try await world.reconcile(["apply"] + arguments) }

    /// What holds whenever an apply has ended, however it did.
    private func examine(_ trial: Trial) throws {
        #expect(trial.wasKilled || trial.exit == 0, "\(story): \(trial.exit): \(trial.output)")
        let now = try LedgerCopy(of: ledgerPath)
        #expect(now.goesOn(from: ledger), "\(story): what was in the ledger is not there any more")
        ledger = now
        sent.formUnion(trial.requests.map(\.operation).filter { Self.mutating[$0] != nil })
        for operation in sent {
            let action = Self.mutating[operation] ?? ""
            #expect(
                now.intents(to: action) > start.intents(to: action),
                "\(story): \(operation) was sent, and no intent was there")
        }
    }

    /// Lets an apply be, and looks at what all of them together have done.
    ///
    /// - Parameter migrations: the images whose migrations have run, one for each time.
    func ends(migrations: [String]) async throws {
        let last = try await apply()
        #expect(last.exit == 0, "\(story): \(last.output)")
        #expect(world.migrated == migrations, "\(story)")
        #expect(ledger.openIntents == 0, "\(story)")
        try expectReleased()
        let plan = try await world.reconcile(["plan", "--detailed-exitcode"] + arguments)
        #expect(plan.exit == 0, "\(story): \(plan.out)\(plan.error)")
        let verified = try await world.reconcile(["ledger", "verify", "--ledger", ledgerPath])
        #expect(verified.exit == 0, "\(story): \(verified.out)\(verified.error)")
    }

    /// One revision of the image, marked with the schema's version, and the service on it and nothing else.
    private func expectReleased() throws {
        let state = try world.state
        let revisions = state["families"]?.elements.first?["revisions"]?.elements ?? []
        let images = revisions.map { $0["document"]?["containerDefinitions"]?.elements.first?["image"]?.string ?? "?" }
        // The first was there before; of each release there is one.
        #expect(Set(images).count == images.count, "\(story): \(images)")
        #expect(images.count == (Int(version) ?? 0) + 1, "\(story): \(images)")
        let tags = revisions.last?["tags"]?.elements ?? []
        #expect(tags.contains(["key": "reconcile:schema:test/main", "value": .string(version)]), "\(story): \(tags)")
        let service = state["clusters"]?.elements.first?["services"]?.elements.first
        #expect(service?["definition"] == revisions.last?["document"]?["taskDefinitionArn"], "\(story)")
        let deployments = service?["deployments"]?.elements ?? []
        #expect(deployments.map { $0["rollout"] } == ["COMPLETED"], "\(story): \(deployments)")
    }
}

/// Goes through items, some at once, in their order.
func inParallel<Item: Sendable, Result: Sendable>(
    _ items: [Item], width: Int = 5, _ body: @escaping @Sendable (Item) async throws -> Result
) async throws -> [Result] {
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
        var results: [Int: Result] = [:]
        for (index, item) in items.enumerated() {
            if index >= width, let (done, result) = try await group.next() { results[done] = result }
            group.addTask { (index, try await body(item)) }
        }
        for try await (done, result) in group { results[done] = result }
        return items.indices.compactMap { results[$0] }
    }
}
