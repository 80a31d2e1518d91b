import Synchronization
import Testing
import Time

@testable import Base
@testable import Ledger
@testable import Reconciler

@Suite("What is tried again")
struct RetryTests {
    /// An invocation whose pauses pass at once, and what was told of it.
    private final class Fixture: Sendable {
        let told = Mutex<[String]>([])

        func context(limit: Duration? = nil) throws -> Context {
            let clock = EngineClock(StillClock(), wall: { Timestamp(seconds: 0) })
            return Context(
                environment: "test", ledger: try Ledger(.memory) { [UInt8](repeating: 7, count: $0) },
                cache: MemoryCache(), clock: limit.map { clock.ending(after: $0) } ?? clock, awsTime: { nil },
                jitter: { 0 },
                emit: { event in if case .warning(_, let text) = event { self.told.withLock { $0.append(text) } } })
        }
    }

    /// A clock on which only sleeping takes time.
    private final class StillClock: Clock, Sendable {
        struct Moment: InstantProtocol {
            let offset: Swift.Duration
            func advanced(by duration: Swift.Duration) -> Moment { Moment(offset: offset + duration) }
            func duration(to other: Moment) -> Swift.Duration { other.offset - offset }
            static func < (one: Moment, other: Moment) -> Bool { one.offset < other.offset }
        }

        private let time = Mutex(Swift.Duration.zero)
        let minimumResolution = Swift.Duration.zero
        var now: Moment { Moment(offset: time.withLock { $0 }) }

        func sleep(until deadline: Moment, tolerance: Swift.Duration?) async throws {
            time.withLock { $0 = max($0, deadline.offset) }
        }
    }

    private static func failure(_ cause: String...) -> Failure {
        Failure(.migrationNotStarted, "ECS did not start it", hint: "wait", cause: cause, isTransient: true)
    }

    @Test("says each time why, with all that is said of the cause")
    func told() async throws {
        let fixture = Fixture()
        let failures = Mutex([Self.failure("RESOURCE:MEMORY", "RESOURCE:CPU"), Self.failure("AGENT")])
        try await Retry(in: try fixture.context()).reading { () throws(Failure) in
            if let failure = failures.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { throw failure }
        }
        #expect(
            fixture.told.withLock { $0 } == [
                "ECS did not start it: RESOURCE:MEMORY; RESOURCE:CPU; trying again",
                "ECS did not start it: AGENT; trying again",
            ])
    }

    @Test("ends with its last reason and with those before it", arguments: [nil, Duration.seconds(4)])
    func ended(limit: Duration?) async throws {
        let fixture = Fixture()
        let count = Mutex(0)
        let ended = await #expect(throws: Failure.self) {
            try await Retry(in: try fixture.context(limit: limit)).reading { () throws(Failure) in
                let number = count.withLock { count in
                    count += 1
                    return count
                }
                throw Self.failure(number == 1 ? "RESOURCE:MEMORY" : "AGENT")
            }
        }
        #expect(ended?.code == (limit == nil ? .migrationNotStarted : .deadlineReached))
        let cause = ended?.cause ?? []
        #expect(
            cause.suffix(2) == ["AGENT", "before that: ECS did not start it: RESOURCE:MEMORY"], "\(cause)")
    }
}
