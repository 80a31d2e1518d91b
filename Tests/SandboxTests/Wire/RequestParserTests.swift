import AWS
import Testing

@testable import Sandbox

@Suite struct RequestParserTests {
    private func parse(_ text: String) throws(RequestError) -> ReceivedRequest? {
        var parser = RequestParser()
        parser.add(Array(text.utf8))
        return try parser.next()
    }

    @Test func `a request is read whatever the pieces in which it comes`() throws {
        let text =
            "POST /a?b=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nX-E:  v  \r\n\r\nbodyGET / HTTP/1.1\r\nHost: y\r\n\r\n"
        var parser = RequestParser()
        var requests: [ReceivedRequest] = []
        for byte in text.utf8 {
            parser.add([byte])
            while let request = try parser.next() { requests.append(request) }
        }
        #expect(requests.count == 2)
        #expect(requests[0].method == "POST")
        #expect(requests[0].path == "/a")
        #expect(requests[0].query == "b=1")
        #expect(requests[0].header("x-e") == "v")
        #expect(requests[0].body == Array("body".utf8))
        #expect(requests[1].method == "GET")
    }

    @Test(arguments: [
        ("GET / HTTP/1.0\r\n\r\n", 505), ("GET /\r\n\r\n", 400), ("GET  / HTTP/1.1\r\n\r\n", 400),
        ("GET http://x/ HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nA : b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\n folded\r\n\r\n", 400), ("GET / HTTP/1.1\r\nA: b\nC: d\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nA: b\rC\r\n\r\n", 400), ("GET / HTTP/1.1\r\n: b\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\n", 400), ("POST / HTTP/1.1\r\nContent-Length: \r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n", 413),
        ("POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", 413),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 501),
    ])
    func `what is not strict HTTP is refused`(text: String, status: Int) {
        do {
            _ = try parse(text)
            Issue.record("it was taken")
        } catch {
            #expect(error.status == status)
        }
    }

    @Test func `a head without end is refused before it fills the memory`() {
        do {
            _ = try parse("GET / HTTP/1.1\r\nA: " + String(repeating: "a", count: 20_000))
            Issue.record("it was taken")
        } catch {
            #expect(error.status == 431)
        }
    }

    @Test(arguments: [
        ("127.0.0.1:80", true), ("localhost", true), ("127.77.3.4:1", true), ("[::1]:9", true), ("a.localhost:1", true),
        ("evil.example", false), ("127.0.0.1.evil.example", false), ("10.0.0.1", false), ("", false),
        ("localhost@evil.example", false),
    ])
    func `only names of this machine pass the fence`(host: String, passes: Bool) {
        #expect(Fence.isLocal(host) == passes)
        #expect(!Fence.isLocal(nil))
    }
}
