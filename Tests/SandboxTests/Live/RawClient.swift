import AWS
import Glibc

@testable import Sandbox

/// The plainest client: one request, one connection, every byte as the test wants it.
enum RawClient {
    struct Failure: Error {}

    static func send(_ request: HTTPRequest, to server: SandboxServer) async throws -> HTTPResponse {
        let target = request.path + (request.query.isEmpty ? "" : "?\(request.query)")
        var text =
            "\(request.method) \(target) HTTP/1.1\r\nContent-Length: \(request.body.count)\r\nConnection: close\r\n"
        for header in request.headers { text += "\(header.name): \(header.value)\r\n" }
        return try await send(Array("\(text)\r\n".utf8) + request.body, to: server)
    }

    static func get(_ path: String, _ server: SandboxServer) async throws -> String {
        let text = "GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        return String(decoding: try await send(Array(text.utf8), to: server).body, as: UTF8.self)
    }

    /// Reads until the server closes the connection. On a thread of its own: it blocks, and the server under test needs
    /// those of Swift's pool.
    static func send(_ bytes: [UInt8], to server: SandboxServer) async throws -> HTTPResponse {
        let port = server.endpoint.split(separator: ":").last.flatMap { UInt16($0) } ?? 0
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detach { continuation.resume(with: Result { try exchange(bytes, port) }) }
        }
    }

    private static func exchange(_ bytes: [UInt8], _ port: UInt16) throws -> HTTPResponse {
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(file) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0, Glibc.send(file, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw Failure()
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(file, &buffer, buffer.count)
            guard count > 0 else { break }
            answer += buffer[..<count]
        }
        return try parse(String(decoding: answer, as: UTF8.self))
    }

    private static func parse(_ text: String) throws -> HTTPResponse {
        guard let end = text.firstRange(of: "\r\n\r\n") else { throw Failure() }
        let lines = text[..<end.lowerBound].split(separator: "\r\n")
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw Failure()
        }
        let headers = lines.dropFirst().compactMap { line -> HTTPHeader? in
            let parts = line.split(separator: ":", maxSplits: 1)
            return parts.count == 2 ? HTTPHeader(String(parts[0]), String(parts[1].drop { $0 == " " })) : nil
        }
        return HTTPResponse(status: status, headers: headers, body: Array(text[end.upperBound...].utf8))
    }
}
