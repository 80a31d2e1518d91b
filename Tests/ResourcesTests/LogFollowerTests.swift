import AWS
import JSON
import Synchronization
import Testing
import Time

@testable import Base
@testable import Reconciler
@testable import Resources

@Suite("Following a log")
struct LogFollowerTests {
    /// A log that grows with time that passes when someone waits. Counts the calls.
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
        /// How many calls fail before one succeeds.
        let failing: Int
        /// How the first calls fail.
        let code: String
        let said: String
        /// Lines of a page at most.
        private static let page = 20

        init(_ lines: [(at: Duration, text: String)] = [], failing: Int = 0, code: String = "", said: String = "no") {
            (self.code, self.said) = (code, said)
            self.lines = lines
            self.failing = failing
        }

        var calls: Int { state.withLock(\.calls) }
        var clock: EngineClock { EngineClock(Clock(stream: self)) { Timestamp(seconds: 0) } }
        func pass(_ time: Duration) { state.withLock { $0.time += time } }

        func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
            let (time, call) = state.withLock { state in
                state.calls += 1
                return (state.time, state.calls)
            }
            guard call > failing else {
                let body = Array("{\"__type\":\"\(code)\",\"message\":\"\(said)\"}".utf8)
                return HTTPResponse(status: 400, headers: [], body: body)
            }
            let token: JSON?
            do { token = try JSON.parse(request.body)["nextToken"] } catch { token = nil }
            let from = token?.string.flatMap { Int($0) } ?? 0
            let there = min(lines.count { $0.at <= time }, from + Self.page)
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

        /// Looks at a running task as often as a wait does.
        func watch(
            _ follower: LogFollower, for duration: Duration, _ show: @escaping @Sendable (String) -> Void = { _ in }
        ) async {
            let engine = clock
            var waited = Duration.zero
            while waited < duration {
                await follower.glance(at: engine.elapsed(), show)
                let pause = PollSchedule.pause(after: waited)
                pass(pause)
                waited += pause
            }
        }
    }

    @Test(
        "the log of a running task is read once a second at most, and at each look of a long wait",
        arguments: [(1, 2), (30, 31), (600, 380)])
    func silence(seconds: Int, most: Int) async throws {
        let stream = Stream()
        let follower = try stream.follower()
        await stream.watch(follower, for: .seconds(seconds))
        #expect(stream.calls <= most)
    }

    /// How a log looks to a run that finds the task stopped.
    struct Row: Sendable {
        let story: String
        var lines: [(at: Duration, text: String)] = []
        /// Calls that fail, beginning with the first.
        var failing = 0
        var code = "ThrottlingException"
        var said = "no"
        /// How long ago the container ended when it is first looked at; nil if AWS does not tell.
        var ended: Duration?
        let end: LogEnd
        let answer: ProbeAnswer?
        /// When the end is known, in seconds after the first look.
        let within: ClosedRange<Double>
    }

    private static let dirty = ProbeAnswer.version("0001", isDirty: true)
    private static let denied = "logs:GetLogEvents: AccessDeniedException: no"
    private static let noGroup = "The specified log group does not exist."
    private static let throttled = "logs:GetLogEvents: ThrottlingException: no"

    @Test(
        "a stopped task's log is read to its end, or its end is unknown",
        arguments: [
            Row(story: "nothing was printed", end: .complete, answer: nil, within: 5...5.6),
            Row(
                story: "its container ended long ago", ended: .seconds(60), end: .complete, answer: nil, within: 2...2.6
            ),
            Row(
                story: "the last line is a second late",
                lines: [(.zero, "migrating"), (.seconds(1), "RECONCILE_SCHEMA=0001 dirty")], end: .complete,
                answer: dirty, within: 5...5.6),
            Row(
                story: "the last line is late although its container ended long ago",
                lines: [(.zero, "migrating"), (.seconds(1), "RECONCILE_SCHEMA=0001 dirty")], ended: .seconds(60),
                end: .complete, answer: dirty, within: 2...2.6),
            Row(
                story: "it is throttled for a while", lines: [(.zero, "RECONCILE_SCHEMA=0001 dirty")], failing: 100,
                end: .complete, answer: dirty, within: 20...40),
            Row(
                story: "it is throttled for good", failing: .max, end: .unread(throttled), answer: nil, within: 60...61),
            Row(
                story: "it is denied for a while", lines: [(.zero, "RECONCILE_SCHEMA=0001 dirty")], failing: 20,
                code: "AccessDeniedException", end: .complete, answer: dirty, within: 2...10),
            Row(
                story: "it is denied for good", failing: .max, code: "AccessDeniedException", end: .unread(denied),
                answer: nil, within: 10...11),
            Row(
                story: "its group is gone", failing: .max, code: "ResourceNotFoundException", said: noGroup,
                end: .unread("logs:GetLogEvents: ResourceNotFoundException: \(noGroup)"), answer: nil, within: 10...11),
            Row(
                story: "its group is gone, and its container ended a minute ago", failing: .max,
                code: "ResourceNotFoundException", said: noGroup, ended: .seconds(60),
                end: .unread("logs:GetLogEvents: ResourceNotFoundException: \(noGroup)"), answer: nil, within: 2...2.6),
            Row(
                story: "it has no stream", failing: .max, code: "ResourceNotFoundException",
                said: "The specified log stream does not exist.", end: .complete, answer: nil, within: 5...5.6),
            Row(
                story: "it says that all is well", lines: [(.zero, "RECONCILE_SCHEMA=0002")], end: .complete,
                answer: .version("0002", isDirty: false), within: 0...0),
            Row(
                story: "it is long",
                lines: (0..<3_000).map { (.zero, "line \($0)") } + [(.zero, "RECONCILE_SCHEMA=0001 dirty")],
                end: .complete, answer: dirty, within: 5...60),
        ])
    func ends(row: Row) async throws {
        let stream = Stream(row.lines, failing: row.failing, code: row.code, said: row.said)
        let follower = try stream.follower()
        let clock = stream.clock
        func finish() async -> LogTail {
            let now = clock.elapsed()
            await follower.finish(
                ended: row.ended.map { $0 + now }, at: now,
                isFinal: { $0.answer == .version("0002", isDirty: false) }, { _ in })
            return await follower.tail
        }
        var tail = await finish()
        while tail.end == .open, clock.elapsed() < .seconds(600) {
            stream.pass(.milliseconds(300))
            tail = await finish()
        }
        #expect(tail.end == row.end, "\(row.story)")
        #expect(tail.answer == row.answer, "\(row.story)")
        #expect(row.within.contains(clock.elapsed() / .seconds(1)), "\(row.story): \(clock.elapsed())")
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
}
