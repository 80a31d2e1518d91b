import AWS
import Testing

/// What is no answer to the operation: refusals, other people's pages, and what came through damaged.
@Suite("An answer that is none")
struct ErrorAnswerTests {
    @Test(
        "is never taken for a success, whatever was asked",
        arguments: [
            "<html><body>OK</body></html>", "null", "[]", "\"ok\"", "7", "true", "{", "{\"a\":1,}",
            "{\"a\":1}{\"b\":2}",
            "{\"a\":1,\"a\":1}", "{} garbage", "HTTP/1.1 200 OK", String(repeating: "[", count: 600),
        ])
    func garbage(body: String) async {
        for operation in Operation.allCases {
            let outcome = await operation.outcome(Canned(body))
            #expect(outcome.hasPrefix("malformed, may have had effect: "), "\(operation): \(outcome)")
        }
    }

    @Test("that is no UTF-8 is never taken for a success")
    func encoding() async {
        let bodies: [[UInt8]] = [
            [0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00], Array("{\"a\":\"".utf8) + [0xC3, 0x28] + Array("\"}".utf8),
            Array("<Arn>arn:aws:iam::1:user/".utf8) + [0xFF] + Array("</Arn>".utf8),
            // Compressed, though nobody asked for it.
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
                        == "refused HTTP\(status) \(status), transient, may have had effect: "
                        + "HTTP status \(status) without a reason")
            }
        }
    }

    @Test(
        "of something in between that refuses is final, and nothing was done",
        arguments: [301, 302, 307, 400, 403, 404, 405, 407, 413])
    func inBetween(status: Int) async {
        for operation in Operation.allCases {
            for body in ["", "<html>Blocked by policy</html>", "{}", "[]"] {
                #expect(
                    await operation.outcome(Canned(body, status: status))
                        == "refused HTTP\(status) \(status): HTTP status \(status) without a reason")
            }
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
                == "refused HTTP429 429, transient: HTTP status 429 without a reason")
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
    static let codes: [(String, String, String)] = [
        (#"{"__type":"ClientException","message":"m"}"#, "", "refused ClientException 400: m"),
        (#"{"__type":"com.amazonaws.ecs#ClientException","Message":"m"}"#, "", "refused ClientException 400: m"),
        (
            #"{"__type":"ClientException:http://internal.amazon.com/coral/","message":"m"}"#, "",
            "refused ClientException 400: m"
        ),
        (#"{"__type":"ns#ClientException:http://x/#frag","message":"m"}"#, "", "refused ClientException 400: m"),
        (#"{"__type":"ClientException:http://x/#frag","message":"m"}"#, "", "refused ClientException 400: m"),
        (#"{"code":"ClientException","message":"m"}"#, "", "refused ClientException 400: m"),
        (#"{"__type":null,"code":"ClientException","message":"m"}"#, "", "refused ClientException 400: m"),
        (#"{"__type":7,"code":"ClientException","message":"m"}"#, "", "refused ClientException 400: m"),
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
        (##"{"__type":"#","message":"m"}"##, "", "refused HTTP400 400: m"),
        (#"{"__type":":http://x","message":null,"Message":"m"}"#, "", "refused HTTP400 400: m"),
        (
            #"{"__type":"ClientException","message":["m"]}"#, "",
            "refused ClientException 400: HTTP status 400 without a reason"
        ),
        (
            #"{"__type":"ClientException","__type":"ServerException"}"#, "",
            "refused HTTP400 400: HTTP status 400 without a reason"
        ),
        (#"{"__type":"BrandNewException","message":"m"}"#, "", "refused BrandNewException 400: m"),
    ]
}
