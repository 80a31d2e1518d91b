import AWS
import JSON
import Reconciler
import Synchronization
import Testing
import Time

@testable import Resources

@Suite("Following a log")
struct LogFollowerTests {
    /// A log that grows with time that passes when somebody waits. Counts the calls.
    final class Stream: Transport {
        struct Clock: _Concurrency.Clock {
            struct Instant: InstantProtocol {
                var offset: Duration
                func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
                func duration(to other: Instant) -> Duration { other.offset - offset }
                static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
            }

            let stream: Stream
            var now: Instant { Instant(offset: stream.state.withLock(\.time)) }
            var minimumResolution: Duration { .nanoseconds(1) }
            func sleep(until deadline: Instant, tolerance: Duration?) async throws {
                stream.pass(deadline.offset - now.offset)
            }
        }

        struct State {
            var time = Duration.zero
            var calls = 0
        }

        let state = Mutex(State())
        /// When each line can be read.
        let lines: [(at: Duration, text: String)]

        init(_ lines: [(at: Duration, text: String)] = []) { self.lines = lines }

        var calls: Int { state.withLock(\.calls) }
        var clock: EngineClock { EngineClock(Clock(stream: self)) { Timestamp(seconds: 0) } }
        func pass(_ time: Duration) { state.withLock { $0.time += time } }

        func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
            let time = state.withLock { state in
                state.calls += 1
                return state.time
            }
            let token: JSON?
            do { token = try JSON.parse(request.body)["nextToken"] } catch { token = nil }
            let from = token?.string.flatMap { Int($0) } ?? 0
            let there = lines.count { $0.at <= time }
            let page: JSON = [
                "events": .array(
                    lines[min(from, there)..<there].map { ["timestamp": 0, "message": .string($0.text)] }),
                "nextForwardToken": .string(String(there)),
            ]
            return HTTPResponse(status: 200, headers: [], body: Array(page.compact.utf8))
        }

        func follower() throws -> LogFollower {
            let settings = Settings(
                region: "us-east-1", credentials: Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "secret"))
            let caller = Caller(
                settings: settings, transport: self,
                clock: ServerClock(machine: { Timestamp(seconds: 1_000) }, elapsed: { .zero }))
            let destination = try #require(
                LogDestination(
                    ["logDriver": "awslogs", "options": ["awslogs-group": "g", "awslogs-stream-prefix": "p"]],
                    container: "app"))
            return LogFollower(LogsClient(caller), destination, task: "t", mask: Mask([:]))
        }

        /// Looks at a running task as often as a wait without history does.
        func watch(
            _ follower: LogFollower, for duration: Duration, _ show: @escaping @Sendable (String) -> Void = { _ in }
        ) async {
            let schedule = PollSchedule()
            let engine = clock
            var waited = Duration.zero
            while waited < duration {
                await follower.glance(at: engine.elapsed(), show)
                let pause = schedule.pause(after: waited)
                pass(pause)
                waited += pause
            }
        }
    }

    @Test("a silent log costs few calls however long the task runs", arguments: [(1, 6), (30, 16), (600, 80)])
    func silence(seconds: Int, most: Int) async throws {
        let stream = Stream()
        let follower = try stream.follower()
        await stream.watch(follower, for: .seconds(seconds))
        #expect(stream.calls <= most)
    }

    @Test("after the silent end of a success the log is read three times at most, and a failure is waited for")
    func silentEnds() async throws {
        for (patience, most) in [(Duration.milliseconds(400), 4), (.seconds(3), 6), (.zero, 2)] {
            let stream = Stream()
            let follower = try stream.follower()
            await follower.drain(clock: stream.clock, patience: patience) { _ in }
            // The first reading takes a call more: it is what brings the token by which an end is known.
            #expect(stream.calls <= most, "\(patience)")
            #expect(stream.state.withLock(\.time) == patience)
        }
    }

    @Test("the first lines of a failure are seen as late as its patience allows")
    func lateLines() async throws {
        let stream = Stream([(.milliseconds(2_900), "no such table")])
        let follower = try stream.follower()
        await follower.drain(clock: stream.clock, patience: .seconds(3)) { _ in }
        #expect(await follower.tail.lines == ["no such table"])
    }

    @Test("no line is lost by seldom readings: what came while nobody looked is shown in order, once")
    func noneIsLost() async throws {
        let lines = (0..<40).map { (at: Duration.milliseconds(1_500 * $0 * $0 / 3), text: "line \($0)") }
        let stream = Stream(lines)
        let follower = try stream.follower()
        let shown = Mutex<[String]>([])
        await stream.watch(follower, for: .seconds(700)) { line in shown.withLock { $0.append(line) } }
        stream.pass(.seconds(100))
        await follower.drain(clock: stream.clock, patience: .milliseconds(400)) { line in
            shown.withLock { $0.append(line) }
        }
        #expect(shown.withLock(\.self) == lines.map(\.text))
    }

    @Test("while lines come the log is read at each look, and after a while of quiet at few")
    func pace() {
        var pace = LogPace()
        #expect(pace.isDue(at: .zero))
        pace.read(at: .seconds(1), found: true)
        #expect(pace.isDue(at: .milliseconds(1_060)))
        pace.read(at: .seconds(2), found: false)
        #expect(!pace.isDue(at: .milliseconds(2_400)))
        #expect(pace.isDue(at: .milliseconds(2_500)))
        pace.read(at: .seconds(900), found: false)
        #expect(!pace.isDue(at: .seconds(909)))
        #expect(pace.isDue(at: .seconds(910)))
    }
}
