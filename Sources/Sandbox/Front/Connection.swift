import AWS
import FlyingSocks
import FoundationEssentials
import Glibc

/// One client's connection: request after request until one side ends it.
struct Connection: Sendable {
    let socket: AsyncSocket
    let handler: RequestHandler
    var patience = Patience()

    /// How long a client may keep its connection waiting.
    struct Patience: Sendable {
        /// From a request's first byte to its last, and from the connection to the first byte.
        var request = Duration.seconds(10)
        /// Between two requests: clients keep connections for the next call.
        var idle = Duration.seconds(120)
        /// Until a client takes an answer.
        var answer = Duration.seconds(30)
    }

    func serve() async {
        // What goes wrong with a connection ends it and concerns no one else.
        try? socket.socket.setValue(true, for: BoolSocketOption(level: Int32(IPPROTO_TCP), name: TCP_NODELAY))
        do { try await exchange() } catch {}
        try? socket.close()
    }

    private func exchange() async throws {
        var parser = RequestParser()
        var hasContinued = false
        var end = ContinuousClock.now + patience.request
        var isBegun = true
        while true {
            let request: ReceivedRequest?
            do {
                request = try parser.next()
            } catch {
                try await write(Answer.plain(error.status, "\(error.message)\n"), closes: true)
                return
            }
            guard let request else {
                if parser.awaitsContinue, !hasContinued {
                    hasContinued = true
                    try await socket.write(Data("HTTP/1.1 100 Continue\r\n\r\n".utf8))
                }
                let left = end - ContinuousClock.now
                guard let bytes = try await Self.within(left, { try await socket.read(atMost: 4_096) }) else { return }
                parser.add(bytes)
                if !isBegun { (isBegun, end) = (true, ContinuousClock.now + patience.request) }
                continue
            }
            hasContinued = false
            let response = await handler(request)
            try await write(response, closes: request.closesConnection)
            if request.closesConnection { return }
            (isBegun, end) = (false, ContinuousClock.now + patience.idle)
        }
    }

    /// - Returns: nil if it took too long.
    private static func within<Value: Sendable>(
        _ patience: Duration, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value? {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: patience)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    private func write(_ response: HTTPResponse, closes: Bool) async throws {
        var head = "HTTP/1.1 \(response.status) \(Answer.phrase(response.status))\r\n"
        for header in response.headers { head += "\(header.name): \(header.value)\r\n" }
        head += "Content-Length: \(response.body.count)\r\n"
        head += closes ? "Connection: close\r\n\r\n" : "\r\n"
        let bytes = Data(Array(head.utf8) + response.body)
        let isTaken: Void? = try await Self.within(patience.answer) { try await socket.write(bytes) }
        guard isTaken != nil else { throw SocketError.disconnected }
    }
}

/// Answers one request.
typealias RequestHandler = @Sendable (ReceivedRequest) async -> HTTPResponse
