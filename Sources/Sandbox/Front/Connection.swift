import AWS
import FlyingSocks
import FoundationEssentials
import Glibc

/// One client's connection: request after request until one side ends it.
struct Connection: Sendable {
    let socket: AsyncSocket
    let handler: RequestHandler

    func serve() async {
        // What goes wrong with a connection ends it and concerns nobody else.
        try? socket.socket.setValue(true, for: BoolSocketOption(level: Int32(IPPROTO_TCP), name: TCP_NODELAY))
        do { try await exchange() } catch {}
        try? socket.close()
    }

    private func exchange() async throws {
        var parser = RequestParser()
        var hasContinued = false
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
                parser.add(try await socket.read(atMost: 4_096))
                continue
            }
            hasContinued = false
            let response = await handler(request)
            try await write(response, closes: request.closesConnection)
            if request.closesConnection { return }
        }
    }

    private func write(_ response: HTTPResponse, closes: Bool) async throws {
        var head = "HTTP/1.1 \(response.status) \(Answer.phrase(response.status))\r\n"
        for header in response.headers { head += "\(header.name): \(header.value)\r\n" }
        head += "Content-Length: \(response.body.count)\r\n"
        head += closes ? "Connection: close\r\n\r\n" : "\r\n"
        try await socket.write(Data(Array(head.utf8) + response.body))
    }
}
