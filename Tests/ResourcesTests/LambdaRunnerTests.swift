import AWS
import Hashing
import JSON
import Synchronization
import Testing
import Time

@testable import Base
@testable import Manifest
@testable import Resources

@Suite("A migration by a Lambda function")
struct LambdaRunnerTests {
    /// Answers every invocation with the same.
    final class Server: Transport {
        let answer: Result<HTTPResponse, TransportError>

        let invocations = Mutex<[JSON]>([])

        init(_ answer: Result<HTTPResponse, TransportError>) { self.answer = answer }

        convenience init(_ status: Int, _ body: String, log: String? = nil, error: String? = nil, kind: String? = nil) {
            var headers = [HTTPHeader("X-Amz-Executed-Version", "7"), HTTPHeader("x-amzn-RequestId", "r-1")]
            if let log { headers.append(HTTPHeader("X-Amz-Log-Result", Base64.encode(Array(log.utf8)))) }
            if let error { headers.append(HTTPHeader("X-Amz-Function-Error", error)) }
            if let kind { headers.append(HTTPHeader("x-amzn-ErrorType", kind)) }
            self.init(.success(HTTPResponse(status: status, headers: headers, body: Array(body.utf8))))
        }

        func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
            do {
                let payload = try JSON.parse(request.body)
                invocations.withLock { $0.append(payload) }
            } catch { Issue.record("the payload is no JSON") }
            return try answer.get()
        }

        var caller: Caller {
            Caller(
                settings: Settings(
                    region: "us-east-1", credentials: Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "s")),
                transport: self, clock: ServerClock(machine: { RunnerFixture.began }, elapsed: { .zero }))
        }
    }

    static func runner(_ caller: Caller, _ spec: SchemaSpec = RunnerFixture.spec(.lambda(function: "migrator:live")))
        -> LambdaRunner
    {
        LambdaRunner(
            id: RunnerFixture.id, spec: spec, client: LambdaClient(caller))
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let body: String
        var log = ""
        var error: String?
        let verdict: String
        var testDescription: String { name }

        init(_ name: String, _ body: String, log: String = "", error: String? = nil, _ verdict: String) {
            self.name = name
            self.body = body
            self.log = log
            self.error = error
            self.verdict = verdict
        }
    }

    @Test(
        "is judged by its answer, fresh or read back from the ledger",
        arguments: [
            Row("nothing said", "null", "succeeded"),
            Row("an empty object", "{}", "undecided: the function's answer is an empty object"),
            Row("exit code 0", #"{"exitCode":0}"#, "succeeded"),
            Row("exit code 3", #"{"exitCode":3}"#, "migration-failed"),
            Row(
                "an exit code that is none", #"{"exitCode":"0"}"#,
                "undecided: the function returned an exitCode that is not a whole number"),
            Row("an error", #"{"errorType":"E","errorMessage":"no"}"#, error: "Unhandled", "migration-failed"),
            // It may have been its time-out.
            Row(
                "an error that says nothing", "{}", error: "Unhandled",
                "undecided: the function ended with an error and did not say with which"),
            Row("an error with the exit code 0", #"{"exitCode":0}"#, error: "Handled", "migration-failed"),
            Row(
                "its time-out", #"{"errorMessage":"2026-01-01 r-1 Task timed out after 3.00 seconds"}"#,
                error: "Unhandled",
                "undecided: Lambda ended the function at its time-out"),
            Row("the wanted version returned", #"{"schema":"0002"}"#, "succeeded at 0002"),
            Row("another version returned", #"{"schema":"0001"}"#, "migration-failed, at 0001"),
            Row(
                "a version, and dirty", #"{"schema":"0002","dirty":true}"#,
                "undecided: it ended with exit code 0, and says that the database is at 0002, and dirty"),
            Row("the version in its log", "null", log: "up\nRECONCILE_SCHEMA=0002\nEND r-1\n", "succeeded at 0002"),
            Row("another one in its log", "null", log: "RECONCILE_SCHEMA=0001\n", "migration-failed, at 0001"),
            Row(
                "what is returned outranks the log", #"{"schema":"0002"}"#, log: "RECONCILE_SCHEMA=0001\n",
                "succeeded at 0002"),
            Row(
                "a number for a version", #"{"schema":2}"#,
                "undecided: it ended with exit code 0, but its answer's \"schema\" must be a string, a number found"),
            Row(
                "a text that is no version", #"{"schema":"2 pending"}"#,
                "undecided: it ended with exit code 0, but its answer's \"schema\" is not a version"),
            Row(
                "a text for dirty", #"{"schema":"0002","dirty":"true"}"#,
                "undecided: it ended with exit code 0, but its answer's \"dirty\" must be true or false, a string found"
            ),
            Row(
                "a number for dirty, and no version", #"{"dirty":1}"#,
                "undecided: it ended with exit code 0, but its answer's \"dirty\" must be true or false, a number found"
            ),
            Row(
                "dirty without a version", #"{"dirty":true}"#, log: "RECONCILE_SCHEMA=0002\n",
                "undecided: it ended with exit code 0, but its answer says dirty, and no version"),
            Row(
                "not dirty, and the version in its log", #"{"dirty":false}"#, log: "RECONCILE_SCHEMA=0002\n",
                "succeeded at 0002"),
            Row(
                "a text", #""failed""#,
                "undecided: the function's answer must be an object or null, a string found"),
            Row("a list", "[]", "undecided: the function's answer must be an object or null, a list found"),
            Row("true", "true", "undecided: the function's answer must be an object or null, a truth value found"),
            Row("keys that nobody asked for", #"{"statusCode":200}"#, "succeeded"),
            Row("failed, and a number for a version", #"{"exitCode":1,"schema":2}"#, "migration-failed"),
            Row("failed, at a version", #"{"exitCode":1,"schema":"0001"}"#, "migration-failed, at 0001"),
        ])
    func verdicts(row: Row) async throws {
        let fixture = try RunnerFixture()
        let runner = Self.runner(Server(200, row.body, log: row.log, error: row.error).caller)
        let step = try RunnerFixture.step(runner.announcement(image: nil))
        let receipt = try await runner.start(step, in: fixture.context())
        // The ledger keeps it as text.
        let kept = try #require(ProgramReceipt(try JSON.parse(receipt.json.canonical)))
        let look = try await runner.look(
            RunnerFixture.step(runner.announcement(image: nil), answered: kept), in: fixture.context())
        #expect(RunnerFixture.verdict(look) == row.verdict)
    }

    @Test("gets the command, the version, the image and the intent's token; no version where the image decides")
    func payload() async throws {
        let fixture = try RunnerFixture()
        let server = Server(200, "null")
        for version in [SchemaSpec.Version.declared("0002"), .image] {
            let runner = Self.runner(server.caller, RunnerFixture.spec(.lambda(function: "f"), version: version))
            _ = try await runner.start(
                RunnerFixture.step(runner.announcement(image: "r@sha256:1")), in: fixture.context())
        }
        let sent = server.invocations.withLock { $0.map(\.canonical) }
        #expect(
            sent == [
                #"{"command":["up","all"],"database":"main","environment":{"PASSWORD":"canary-1","RECONCILE_SCHEMA_VERSION":"0002"},"image":"r@sha256:1","token":"0123456789abcdef","version":"0002"}"#,
                #"{"command":["up","all"],"database":"main","environment":{"PASSWORD":"canary-1"},"image":"r@sha256:1","token":"0123456789abcdef","version":null}"#,
            ])
    }

    @Test("shows its log without values and control characters, and keeps none of them")
    func secrets() async throws {
        let fixture = try RunnerFixture()
        let runner = Self.runner(
            Server(
                200, #"{"errorType":"E","errorMessage":"line canary-1\nsecond"}"#,
                log: "with canary-1\n\u{1B}[31mred\n",
                error: "Unhandled"
            ).caller)
        let receipt = try await runner.start(
            RunnerFixture.step(runner.announcement(image: nil)), in: fixture.context())
        #expect(fixture.lines == ["with ***", "\\u{1b}[31mred"])
        #expect(!receipt.json.canonical.contains("canary"))
        #expect(
            receipt.json["error"]?.elements.compactMap(\.string) == [
                "function error: Unhandled", "E: line ***", "second",
            ])
    }

    @Test("shows no line that Lambda has cut: the rest of a value could not be recognised")
    func cutLine() async throws {
        let fixture = try RunnerFixture()
        let log = "nary-1 " + String(repeating: "x", count: 4_080) + "\nwhole line\n"
        let runner = Self.runner(Server(200, "null", log: String(log.suffix(4_096))).caller)
        _ = try await runner.start(RunnerFixture.step(runner.announcement(image: nil)), in: fixture.context())
        #expect(fixture.lines == ["whole line"])
    }

    @Test(
        "that was not invoked says what to do, and whether it may have run",
        arguments: [
            (404, "ResourceNotFoundException", "aws-refused", "check schema.migrate.function", false),
            (403, "AccessDeniedException", "aws-denied", "allow lambda:InvokeFunction", false),
            (429, "TooManyRequestsException", "aws-throttled", "is it running already?", false),
            (413, "RequestTooLargeException", "aws-refused", "Lambda takes 6 MB", false),
            (500, "ServiceException", "aws-unreachable", "run the same command again", true),
        ])
    func refused(status: Int, kind: String, code: String, hint: String, mayHaveRun: Bool) async throws {
        let fixture = try RunnerFixture()
        let runner = Self.runner(Server(status, "{}", kind: kind).caller)
        let failure = await #expect(throws: Failure.self) {
            try await runner.start(RunnerFixture.step(runner.announcement(image: nil)), in: fixture.context())
        }
        #expect(failure?.code.rawValue == code)
        #expect(failure?.hint.contains(hint) == true, "\(failure?.hint ?? "")")
        #expect((failure?.effect == .unknown) == mayHaveRun)
    }

    @Test(
        "whose answer never came may go on until its time is over, by AWS's clock, and is never invoked again",
        arguments: [(0, "running"), (119, "running"), (120, "gone"), (7_200, "gone"), (-3_600, "running")])
    func unanswered(seconds: Int, outcome: String) async throws {
        let fixture = try RunnerFixture()
        let server = Server(200, "null")
        let runner = Self.runner(server.caller)
        let context = fixture.context { RunnerFixture.began.advanced(by: Int64(seconds)) }
        let look = try await runner.look(RunnerFixture.step(runner.announcement(image: nil)), in: context)
        #expect(RunnerFixture.verdict(look).hasPrefix(outcome))
        #expect(server.invocations.withLock(\.count) == 0)
    }
}
