import JSON
import Synchronization

@testable import Base
@testable import Ledger
@testable import Reconciler

/// A thing of the world that resources of tests look at and change.
final class World: Sendable {
    struct Thing: Sendable, Equatable {
        var value = "old"
        /// How many looks an update takes until it is visible.
        var slow = 0
        /// What a change ends in.
        var end = End.success
        /// Whether the ledger does not hold yet who left it like that.
        var isUnrecorded = false
    }

    enum End: Sendable, Equatable { case success, failure, refusal, lostResponse, throttled }

    private let things = Mutex<[String: Thing]>([:])
    private let calls = Mutex<[String]>([])

    var log: [String] { calls.withLock(\.self) }
    func note(_ call: String) { calls.withLock { $0.append(call) } }

    subscript(name: String) -> Thing {
        get { things.withLock { $0[name] ?? Thing() } }
        set { things.withLock { $0[name] = newValue } }
    }

    func mutate(_ name: String, _ change: (inout Thing) -> Void) {
        things.withLock { things in
            var thing = things[name] ?? Thing()
            change(&thing)
            things[name] = thing
        }
    }
}

extension Action {
    static let register = Action("register")
    static let update = Action("update")
    static let mark = Action("mark")
}

/// A resource that wants a value.
struct FakeResource: Resource {
    typealias Order = JSON
    typealias Receipt = JSON

    let id: ResourceID
    var subject: String { id.description }
    var dependencies: [ResourceID] = []
    let wanted: String
    let world: World
    var isOptional = false
    var blocker: Failure?
    /// What the world tells, although nothing is to be changed.
    var news: Fact?

    init(_ name: String, after: [String] = [], wanted: String = "new", in world: World) {
        id = ResourceID("thing", name)
        dependencies = after.map { ResourceID("thing", $0) }
        self.wanted = wanted
        self.world = world
    }

    func observe(
        pending: Step?, upstream: Outputs, in context: Context
    ) async throws(Failure) -> ObservationResult<World.Thing, String> {
        world.note("look \(id.name)")
        world.mutate(id.name) { thing in
            if thing.slow > 0 { thing.slow -= 1 }
        }
        var thing = world[id.name]
        if let news { thing.isUnrecorded = try await context.ledger.fact(news.subject, news.name) != news.value }
        var settlement: Settlement?
        if pending != nil {
            if thing.end == .failure {
                let failure = Failure(.rolloutFailed, "it broke", of: id, hint: "mend it")
                settlement = .failed(failure, evidence: [:], facts: [])
            } else if thing.value == wanted, thing.slow == 0 {
                settlement = .succeeded(
                    evidence: ["summary": "done"], facts: [Fact(subject: id.description, name: "value", value: wanted)])
            } else if thing.value != wanted {
                settlement = .abandoned("no trace")
            }
        }
        return ObservationResult(
            .present(thing), output: thing.value, settlement: settlement,
            adopted: thing.isUnrecorded ? news.map { [$0] } ?? [] : [])
    }

    func diff(_ observed: Observation<World.Thing>, upstream: Outputs) -> Change {
        if let blocker { return .blocked(blocker) }
        guard case .present(let thing) = observed else { return Change(.update, "unknown") }
        if thing.value != wanted {
            return Change(isOptional ? .note(.mark) : .change(.update), "\(thing.value) -> \(wanted)")
        }
        if thing.slow > 0 {
            return .wait("\(thing.slow) to go", Need.Patience(limit: .seconds(60), hint: "Look again"))
        }
        var change = Change.none("as wanted")
        change.isUnrecorded = thing.isUnrecorded
        return change
    }

    func intention(_ change: Change, upstream: Outputs, observed: Observation<World.Thing>) -> Intention<JSON> {
        Intention(token: "token of \(id.name)", order: ["wanted": .string(wanted)])
    }

    func converge(
        _ change: Change, as step: Step, observed: Observation<World.Thing>, in context: Context
    ) async throws(Failure) -> Reply<JSON> {
        world.note("change \(id.name)")
        switch world[id.name].end {
        case .refusal: throw Failure(.awsRefused, "refused", of: id, hint: "ask for less")
        case .throttled:
            throw Failure(.awsThrottled, "slow down", of: id, hint: "again", isTransient: true)
        case .lostResponse:
            world.mutate(id.name) { thing in
                thing.value = wanted
                thing.end = .success
            }
            throw Failure(.awsUnreachable, "no answer", of: id, hint: "again", effect: .unknown, isTransient: true)
        case .success, .failure:
            let wanted = wanted
            world.mutate(id.name) { $0.value = wanted }
            return .accepted(["at": "once"])
        }
    }
}

/// Time that passes when someone waits.
struct TestTime {
    static func context(_ ledger: Ledger, events: @escaping @Sendable (Event) -> Void = { _ in }) -> Context {
        Context(
            environment: "test", ledger: ledger, cache: MemoryCache(),
            clock: EngineClock(InstantClock(), wall: { .init(seconds: 1_000) }),
            awsTime: { .init(seconds: 2_000) }, jitter: { 0.5 }, emit: events)
    }

    static func ledger(_ path: String? = nil, checkpointing: Int64 = Ledger.checkpointing) throws -> Ledger {
        try Ledger(path.map(LedgerLocation.file) ?? .memory, checkpointing: checkpointing) { count in
            (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        }
    }
}

/// A clock whose sleeps end at once and move its time on.
final class InstantClock: Clock, Sendable {
    struct Instant: InstantProtocol {
        var offset: Swift.Duration
        func advanced(by duration: Swift.Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Swift.Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private let time = Mutex(Instant(offset: .zero))
    var now: Instant { time.withLock(\.self) }
    var minimumResolution: Swift.Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Swift.Duration?) async throws {
        try Task.checkCancellation()
        time.withLock { $0 = max($0, deadline) }
    }
}
