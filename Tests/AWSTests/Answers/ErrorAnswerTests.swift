import AWS
import Testing

/// What is no answer to the operation: refusals, other people's pages, and what came through damaged.
@Suite("An answer that is none")
struct ErrorAnswerTests {
    @Test(
        "is never taken for a success, whatever was asked",
        arguments: [
            "", " ", "<html><body>OK</body></html>", "null", "[]", "\"ok\"", "7", "true", "{", "{\"a\":1,}",
            "{\"a\":1}{\"b\":2}",
            "{\"a\":1,\"a\":1}", "{} garbage", "HTTP/1.1 200 OK", String(repeating: "[", count: 600),
        ])
    func garbage(body: String) async {
        for operation in Operation.allCases {
            let outcome = await operation.outcome(Canned(body))
            #expect(outcome.hasPrefix("malformed, may have had effect: "), "\(operation): \(outcome)")
        }
    }

    @Test(
        "that the request has expired is of the clock unless the answer's own date says that it was in time",
        arguments: [
            ("Thu, 01 Jan 1970 00:16:50 GMT", ""), ("Thu, 01 Jan 1970 02:16:40 GMT", ", transient"),
            ("", ", transient"),
        ])
    func expired(date: String, kind: String) async {
        let body = #"{"__type":"RequestExpired","message":"Request has expired."}"#
        for operation in [Operation.describeServices, .runTask] {
            let canned = Canned(body, status: 400, headers: date.isEmpty ? [:] : ["Date": date])
            #expect(await operation.outcome(canned) == "refused RequestExpired 400\(kind): Request has expired.")
        }
    }

    @Test("that is no UTF-8 is never taken for a success")
    func encoding() async {
        let bodies: [[UInt8]] = [
            [0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00], Array("{\"a\":\"".utf8) + [0xC3, 0x28] + Array("\"}".utf8),
            Array("<Arn>arn:aws:iam::1:user/".utf8) + [0xFF] + Array("</Arn>".utf8),
            // Compressed, though no one asked for it.
            [0x1F, 0x8B, 0x08, 0x00],
        ]
        for body in bodies {
            for operation in Operation.allCases {
                let outcome = await operation.outcome(Canned(body))
                #expect(outcome.hasPrefix("malformed, may have had effect: "), "\(operation): \(outcome)")
            }
        }
    }

    @Test(
        "with another status of success is a proxy's, and says nothing of what was done",
        arguments: [201, 202, 204, 206, 299])
    func otherSuccess(status: Int) async {
        for operation in Operation.allCases {
            for body in ["", "{}", #"{"tasks":[{"taskArn":"arn:task/c/1","lastStatus":"PENDING"}]}"#] {
                #expect(
                    await operation.outcome(Canned(body, status: status))
                        == "malformed, may have had effect: HTTP status \(status) is not one that AWS answers with")
            }
        }
    }

    @Test(
        "of a server in trouble may be asked again, and may have done what was asked",
        arguments: [500, 502, 503, 504, 599])
    func troubled(status: Int) async {
        for operation in Operation.allCases {
            for body in ["", "{}", "<html><h1>\(status)</h1></html>", #"{"__type":""}"#, "Service Unavailable"] {
                #expect(
                    await operation.outcome(Canned(body, status: status, headers: ["Content-Type": "text/html"]))
                        == "foreign \(status), transient, may have had effect: " + Refusals.foreign(status))
            }
        }
    }

    @Test(
        "of something in between that refuses is final, and says nothing of what AWS has done",
        arguments: [301, 302, 307, 400, 403, 404, 405, 407, 413])
    func inBetween(status: Int) async {
        for operation in Operation.allCases {
            for body in ["", "<html>Blocked by policy</html>", "{}", "[]"] {
                #expect(
                    await operation.outcome(Canned(body, status: status))
                        == "foreign \(status), may have had effect: " + Refusals.foreign(status))
            }
        }
    }

    @Test(
        "of a proxy says nothing of what AWS has done, in whatever form it is",
        arguments: [
            (408, "<html>Request Timeout</html>", "text/html", true),
            (400, #"{"code":"timeout","message":"upstream"}"#, "application/json", false),
            (400, #"{"error":"timeout"}"#, "application/json", false),
            (403, #"{"__type":"Access denied by policy","message":"m"}"#, "application/json", false),
            (400, #"{"__type":"ClientException","message":"m"}"#, "text/html", false),
            (429, "slow down", "text/plain", true), (425, "", "", true), (504, "", "", true),
        ])
    func proxies(status: Int, body: String, type: String, isTransient: Bool) async {
        for operation in Operation.mutating {
            let answer = Canned(body, status: status, headers: type.isEmpty ? [:] : ["Content-Type": type])
            #expect(
                await operation.outcome(answer)
                    == "foreign \(status)\(isTransient ? ", transient" : ""), may have had effect: "
                    + Refusals.foreign(status))
        }
    }

    @Test("with success that is a web page says nothing of what AWS has done")
    func page() async {
        for operation in Operation.mutating {
            let answer = Canned("<html>Sign in</html>", headers: ["Content-Type": "text/html; charset=utf-8"])
            #expect(
                await operation.outcome(answer)
                    == "malformed, may have had effect: a web page is not an answer of AWS")
        }
    }

    @Test(
        "has its code in one of several places and forms",
        arguments: Refusals.codes)
    func codes(body: String, header: String, outcome: String) async {
        let parts = header.split(separator: ": ", maxSplits: 1).map(String.init)
        let headers = parts.count == 2 ? [parts[0]: parts[1]] : [:]
        for operation in [Operation.runTask, .describeServices] {
            #expect(await operation.outcome(Canned(body, status: 400, headers: headers)) == outcome)
        }
    }

    @Test(
        "that asks to slow down may be sent again, and nothing was done",
        arguments: [
            "ThrottlingException", "Throttling", "RequestLimitExceeded", "TooManyRequestsException", "SlowDown",
        ])
    func throttled(code: String) async {
        let outcome = await Operation.runTask.outcome(Canned(#"{"__type":"\#(code)","message":"m"}"#, status: 400))
        #expect(outcome == "refused \(code) 400, transient: m")
    }

    @Test("with status 429 asks to slow down, whoever says so")
    func tooMany() async {
        #expect(
            await Operation.runTask.outcome(Canned("<html>", status: 429))
                == "foreign 429, transient, may have had effect: " + Refusals.foreign(429))
    }

    @Test("of a server in trouble keeps its code, and may have done what was asked")
    func serverException() async {
        let body = #"{"__type":"ServerException","message":"m"}"#
        #expect(
            await Operation.runTask.outcome(Canned(body, status: 500))
                == "refused ServerException 500, transient, may have had effect: m")
        // The code alone would say that nothing was done; the status does not.
        let throttled = #"{"__type":"ThrottlingException","message":"m"}"#
        #expect(
            await Operation.runTask.outcome(Canned(throttled, status: 503))
                == "refused ThrottlingException 503, transient, may have had effect: m")
    }

    @Test(
        "never came: whether it may have been acted on depends on how",
        arguments: [
            (TransportError.Kind.unreachable, "unanswered unreachable, transient: m"),
            (.untrusted, "unanswered untrusted: m"),
            (.timedOut, "unanswered timedOut, transient, may have had effect: m"),
            (.broken, "unanswered broken, transient, may have had effect: m"),
            (.tooLarge, "unanswered tooLarge, may have had effect: m"),
            (.cancelled, "unanswered cancelled, may have had effect: m"),
        ])
    func unanswered(kind: TransportError.Kind, outcome: String) async {
        for operation in Operation.allCases {
            #expect(await operation.outcome(Canned(.failure(TransportError(kind, "m")))) == outcome)
        }
    }
}

/// Refusals with a body and a header, each with what becomes of it.
enum Refusals {
    static func foreign(_ status: Int) -> String {
        "HTTP status \(status) without an error code of AWS: a proxy or another server answered"
    }

    private static let nothing = "foreign 400, may have had effect: " + foreign(400)

    static let codes: [(String, String, String)] = [
        (#"{"__type":"ClientException","message":"m"}"#, "", "refused ClientException 400: m"),
        (#"{"__type":"com.amazonaws.ecs#ClientException","Message":"m"}"#, "", "refused ClientException 400: m"),
        (
            #"{"__type":"ClientException:http://internal.amazon.com/coral/","message":"m"}"#, "",
            "refused ClientException 400: m"
        ),
        (#"{"__type":"ns#ClientException:http://x/#frag","message":"m"}"#, "", "refused ClientException 400: m"),
        (#"{"__type":"ClientException:http://x/#frag","message":"m"}"#, "", "refused ClientException 400: m"),
        (
            #"{"code":"ClientException","message":"m"}"#, "Content-Type: application/x-amz-json-1.1",
            "refused ClientException 400: m"
        ),
        (
            #"{"__type":null,"code":"ClientException","message":"m"}"#, "Content-Type: application/x-amz-json-1.1",
            "refused ClientException 400: m"
        ),
        (#"{"code":"ClientException","message":"m"}"#, "", nothing),
        (#"{"__type":7,"code":"ClientException","message":"m"}"#, "", nothing),
        ("", "x-amzn-ErrorType: ClientException", "refused ClientException 400: HTTP status 400 without a reason"),
        (
            "{}", "X-Amzn-Errortype: ClientException:http://internal.amazon.com/coral/",
            "refused ClientException 400: HTTP status 400 without a reason"
        ),
        (
            "<html>", "x-amzn-errortype: ns#ClientException",
            "refused ClientException 400: HTTP status 400 without a reason"
        ),
        (
            #"{"__type":"","message":"m"}"#, "x-amzn-errortype: ClientException", "refused ClientException 400: m"
        ),
        (##"{"__type":"#","message":"m"}"##, "", nothing),
        (#"{"__type":":http://x","message":null,"Message":"m"}"#, "", nothing),
        (
            #"{"__type":"ClientException","message":["m"]}"#, "",
            "refused ClientException 400: HTTP status 400 without a reason"
        ),
        (
            #"{"__type":"ClientException","__type":"ServerException"}"#, "", nothing
        ),
        (#"{"__type":"BrandNewException","message":"m"}"#, "", "refused BrandNewException 400: m"),
    ]
}
