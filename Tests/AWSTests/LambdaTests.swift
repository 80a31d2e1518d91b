import AWS
import Hashing
import JSON
import Synchronization
import Testing
import Time

@Suite("A Lambda function")
struct LambdaTests {
    /// Keeps what was sent, and answers with the same.
    final class Recording: Transport {
        let sent = Mutex<[HTTPRequest]>([])
        let answer: HTTPResponse

        init(_ status: Int, _ headers: [String: String], _ body: String) {
            answer = HTTPResponse(
                status: status, headers: headers.map { HTTPHeader($0.key, $0.value) }, body: Array(body.utf8))
        }

        func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
            sent.withLock { $0.append(request) }
            return answer
        }

        var client: LambdaClient {
            LambdaClient(
                Caller(
                    settings: Settings(
                        region: "eu-west-1", credentials: Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "s")),
                    transport: self, clock: ServerClock(machine: { Timestamp(seconds: 1_000) }, elapsed: { .zero })))
        }
    }

    @Test("is invoked by its path, with its log's end asked for and a time-out of its own")
    func request() async throws {
        let transport = Recording(200, ["X-Amz-Executed-Version": "1"], "null")
        let arn = "arn:aws:lambda:eu-west-1:123456789012:function:migrator:live"
        _ = try await transport.client.invoke(arn, ["a": "b"], timeout: 900_000)
        let request = try #require(transport.sent.withLock { $0.first })
        #expect(request.method == "POST" && request.isMutating && request.timeout == 900_000)
        #expect(
            request.url
                == "https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/"
                + "arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3Amigrator%3Alive/invocations")
        let headers = Dictionary(uniqueKeysWithValues: request.headers.map { ($0.name, $0.value) })
        #expect(headers["X-Amz-Invocation-Type"] == "RequestResponse")
        #expect(headers["X-Amz-Log-Type"] == "Tail")
        #expect(headers["Content-Type"] == "application/json")
        #expect(headers["Authorization"]?.contains("/eu-west-1/lambda/aws4_request") == true)
        #expect(String(decoding: request.body, as: UTF8.self) == #"{"a":"b"}"#)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let status: Int
        let headers: [String: String]
        let body: String
        let outcome: String
        var testDescription: String { name }

        init(_ name: String, _ status: Int, _ headers: [String: String], _ body: String, _ outcome: String) {
            self.name = name
            self.status = status
            self.headers = headers
            self.body = body
            self.outcome = outcome
        }
    }

    static let version = ["X-Amz-Executed-Version": "1"]

    @Test(
        "has answered only where Lambda says what has run",
        arguments: [
            Row("a result", 200, version, #"{"schema":"2"}"#, #"{"schema":"2"}"#),
            Row(
                "an error", 200, ["X-Amz-Function-Error": "Unhandled", "X-Amz-Log-Result": "aGk="], "{}",
                "Unhandled {} hi"),
            Row("nothing of Lambda", 200, [:], "{}", "malformed, may have had effect"),
            Row("no JSON", 200, version, "<html>", "malformed, may have had effect"),
            Row("accepted only", 202, version, "{}", "malformed, may have had effect"),
            Row(
                "no function", 404, ["x-amzn-ErrorType": "ResourceNotFoundException"], "{}",
                "ResourceNotFoundException 404"),
            Row("not allowed", 403, ["x-amzn-ErrorType": "AccessDeniedException:x"], "{}", "AccessDeniedException 403"),
            Row(
                "too many", 429, ["x-amzn-ErrorType": "TooManyRequestsException"], "{}",
                "TooManyRequestsException 429, transient"),
            Row(
                "failed inside", 500, ["x-amzn-ErrorType": "ServiceException"], "{}",
                "ServiceException 500, transient, may have had effect"),
        ])
    func answers(row: Row) async {
        let transport = Recording(row.status, row.headers, row.body)
        let outcome: String
        do {
            let answer = try await transport.client.invoke("f", [:], timeout: 1)
            outcome = [answer.functionError, answer.returned.compact, answer.log].compactMap(\.self).joined(
                separator: " ")
        } catch {
            var parts = [error.kind == .malformed ? "malformed" : ""]
            if case .refused(let code, let status) = error.kind { parts = ["\(code) \(status)"] }
            if error.isTransient { parts.append("transient") }
            if error.mayHaveHadEffect { parts.append("may have had effect") }
            outcome = parts.joined(separator: ", ")
        }
        #expect(outcome == row.outcome)
    }

    @Test("says of its log whether more was written than is shown")
    func cut() async throws {
        for (count, isCut) in [(4_095, false), (4_096, true)] {
            let log = Base64.encode([UInt8](repeating: 97, count: count))
            let answer = try await Recording(200, ["X-Amz-Log-Result": log], "null").client.invoke("f", [:], timeout: 1)
            #expect(answer.isLogCut == isCut && answer.log?.utf8.count == count)
        }
    }

    @Test(
        "Base64 is read as it is written (RFC 4648, section 10)",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"), ("é\n?>", "w6kKPz4="),
        ])
    func base64(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(text.utf8))
        #expect(Base64.decode("Z*==") == nil)
    }
}
