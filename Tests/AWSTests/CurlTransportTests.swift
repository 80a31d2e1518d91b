import AWS
import Foundation
import Support
import Testing

@Suite("The transport")
struct CurlTransportTests {
    /// The server with bad manners, on a port of its own.
    struct Rude {
        let child: Child
        let port: Int
        let certificate: String?

        init(tls: Bool = false) async throws {
            let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("server.py")
            child = try Child("python3", [script.path] + (tls ? ["tls"] : []))
            let patience = Patience()
            while !child.output.contains("port ") || !child.output.hasSuffix("\n") {
                try #require(child.isRunning && !patience.isOver, "\(child.output)")
                try await Task.sleep(for: .milliseconds(10))
            }
            let lines = child.output.split(separator: "\n").map(String.init)
            port = Int(lines.last?.dropFirst(5) ?? "") ?? 0
            certificate = tls ? lines.first : nil
        }

        func request(_ path: String, body: String = "", headers: [HTTPHeader] = []) throws -> HTTPRequest {
            let scheme = certificate == nil ? "http" : "https"
            return HTTPRequest(
                method: "POST", endpoint: try Endpoint("\(scheme)://127.0.0.1:\(port)"), path: path, headers: headers,
                body: Array(body.utf8))
        }
    }

    static func transport(_ limits: TransferLimits = .init(), certificate: String? = nil) -> CurlTransport {
        CurlTransport(limits: limits, certificateBundle: certificate, userAgent: "tests")
    }

    static func failure(_ call: () async throws -> Void) async -> TransportError.Kind? {
        do {
            try await call()
            return nil
        } catch { return (error as? TransportError)?.kind }
    }

    @Test("sends what it is given, and nothing that was not signed")
    func echo() async throws {
        let rude = try await Rude()
        let request = try rude.request(
            "/echo/a/../b?z&y=%20", body: "héllo", headers: [HTTPHeader("X-One", "1"), HTTPHeader("X-Two", "a  b")])
        let response = try await Self.transport().send(request)
        let text = String(decoding: response.body, as: UTF8.self)
        #expect(text.hasPrefix("POST /echo/a/../b?z&y=%20 HTTP/1.1\n"))
        #expect(text.hasSuffix("\n\nhéllo"))
        #expect(text.contains("x-two: a  b\n"))
        #expect(!text.contains("expect:"))
        #expect(!text.contains("content-type:"))
        #expect(response.date != nil)
    }

    @Test("uses a connection again")
    func reuse() async throws {
        let rude = try await Rude()
        let transport = Self.transport()
        for _ in 0..<10 { _ = try await transport.send(try rude.request("/echo")) }
        let count = try await transport.send(try rude.request("/connections"))
        #expect(String(decoding: count.body, as: UTF8.self) == "1")
    }

    @Test("ends a transfer when its task is cancelled, at once or on its way")
    func cancellation() async throws {
        let rude = try await Rude()
        let transport = Self.transport()
        let request = try rude.request("/hang")
        let tasks = (0..<50).map { number in
            let task = Task { try await transport.send(request) }
            if number % 2 == 0 { task.cancel() }
            return task
        }
        for task in tasks { task.cancel() }
        for task in tasks {
            let kind = await Self.failure { _ = try await task.value }
            #expect(kind == .cancelled)
        }
    }

    @Test("bounds what it reads and how long it waits, and tells apart what may have arrived")
    func bounds() async throws {
        let rude = try await Rude()
        var limits = TransferLimits()
        limits.responseSize = 1_000_000
        let transport = Self.transport(limits)
        // Only what never answers is given little time: a busy machine may be slow with the others.
        limits.transferTimeout = 300
        let hasty = Self.transport(limits)
        func kind(_ path: String) async -> TransportError.Kind? {
            await Self.failure { _ = try await (path == "/hang" ? hasty : transport).send(try rude.request(path)) }
        }
        #expect(await kind("/big") == .tooLarge)
        #expect(await kind("/hang") == .timedOut)
        #expect(await kind("/cut") == .broken)
        #expect(await kind("/drop") == .broken)
        let nobody = HTTPRequest(method: "POST", endpoint: try Endpoint("http://127.0.0.1:\(try Ports.free())"))
        let error = await #expect(throws: TransportError.self) { try await transport.send(nobody) }
        #expect(error?.kind == .unreachable)
        #expect(error?.mayHaveArrived == false)
    }

    @Test("follows no redirect")
    func redirect() async throws {
        let rude = try await Rude()
        #expect(try await Self.transport().send(try rude.request("/redirect")).status == 302)
    }

    @Test("trusts no certificate but of the authorities that it was given")
    func trust() async throws {
        let rude = try await Rude(tls: true)
        let request = try rude.request("/echo")
        let error = await #expect(throws: TransportError.self) { try await Self.transport().send(request) }
        #expect(error?.kind == .untrusted)
        #expect(error?.mayHaveArrived == false)
        let trusting = Self.transport(certificate: rude.certificate)
        #expect(try await trusting.send(request).status == 200)
    }

    @Test("a transport that is let go ends what is under way")
    func release() async throws {
        let rude = try await Rude()
        var transport: CurlTransport? = Self.transport()
        let request = try rude.request("/echo")
        _ = try await transport?.send(request)
        transport = nil
        #expect(try await Self.transport().send(request).status == 200)
    }

    @Test("gives up on a request after the request's own time-out, where it has one")
    func ownTimeout() async throws {
        let rude = try await Rude()
        var request = try rude.request("/hang")
        request.timeout = 100
        let failure = await Self.failure { _ = try await Self.transport().send(request) }
        #expect(failure == .timedOut)
    }
}
