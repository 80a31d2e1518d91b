import AWS
import Glibc
import Testing

@testable import Sandbox

/// Connections that are kept waiting, and processes that are not the sandbox's.
@Suite struct FrontTests {
    private static func connect(_ port: UInt16) -> Int32 {
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        _ = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return file
    }

    /// What comes until the server closes the connection.
    private static func rest(_ file: Int32) async -> String {
        await withCheckedContinuation { continuation in
            Thread.detach {
                var text: [UInt8] = []
                var buffer = [UInt8](repeating: 0, count: 4_096)
                while true {
                    let count = read(file, &buffer, buffer.count)
                    guard count > 0 else { break }
                    text += buffer[..<count]
                }
                close(file)
                continuation.resume(returning: String(decoding: text, as: UTF8.self))
            }
        }
    }

    private static let whole = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"

    @Test(arguments: ["", "GET / HT", "GET / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab", whole])
    func `a connection that is idle or half a request is closed, and a whole request is answered first`(
        sent: String
    ) async throws {
        let patience = Connection.Patience(request: .milliseconds(50), idle: .milliseconds(50))
        let server = try await HTTPServer(port: 0, patience: patience) { _ in HTTPResponse(status: 200) }
        let file = Self.connect(server.port)
        let bytes = Array(sent.utf8)
        #expect(send(file, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count)
        let answer = await Self.rest(file)
        #expect(answer.hasPrefix("HTTP/1.1 200") == (sent == Self.whole), "\(answer)")
        await server.stop()
    }

    @Test func `a connection is kept for the next request`() async throws {
        let server = try await HTTPServer(port: 0) { _ in HTTPResponse(status: 200) }
        let file = Self.connect(server.port)
        let bytes = Array((Self.whole + Self.whole + "GET / HTTP/1.1\r\nConnection: close\r\n\r\n").utf8)
        #expect(send(file, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count)
        #expect(await Self.rest(file).split(separator: "HTTP/1.1 200").count == 3)
        await server.stop()
    }

    @Test func `a process that was given the folder's variable by hand, such as the calling shell, lives on`()
        async throws
    {
        let sandbox = try Sandboxed()
        try sandbox.write("sandbox.json", [:])
        let folder = try FileTree.absolute(sandbox.directory)
        var pid: pid_t = 0
        let words: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("1000"), nil]
        let variables: [UnsafeMutablePointer<CChar>?] = [strdup("RECONCILE_SANDBOX=\(folder)"), nil]
        #expect(posix_spawnp(&pid, "sleep", nil, nil, words, variables) == 0)
        for pointer in words + variables { free(pointer) }
        try await sandbox.withServer { _ in }
        try await sandbox.withServer { _ in }
        var status: Int32 = 0
        #expect(waitpid(pid, &status, WNOHANG) == 0, "it was ended")
        kill(pid, SIGKILL)
        waitpid(pid, &status, 0)
        try sandbox.remove()
    }
}
