import AWS
import FlyingSocks
import Glibc
import Time

/// Listens on 127.0.0.1 and answers requests, connection by connection.
struct HTTPServer: Sendable {
    let port: UInt16
    private let work: Task<Void, Never>

    /// More connections than this at once are closed unanswered.
    private static let mostConnections = 256

    /// - Parameters:
    ///   - port: 0 takes any that is free.
    ///   - patience: how long clients may keep connections waiting.
    init(port: UInt16, patience: Connection.Patience = .init(), handler: @escaping RequestHandler) async throws {
        let socket = try Socket(domain: AF_INET, type: .stream)
        do {
            let pool = try SocketWatch()
            try socket.setValue(true, for: .localAddressReuse)
            try socket.bind(to: .inet(ip4: "127.0.0.1", port: port))
            try socket.listen()
            guard case .ip4(_, let bound) = try socket.sockname() else { throw SocketError.unsupportedAddress }
            self.port = bound
            let listener = try AsyncSocket(socket: socket, pool: pool)
            try pool.prepare()
            work = Task { await Self.serve(listener, pool, patience, handler) }
        } catch {
            try? socket.close()
            throw error
        }
    }

    /// Closes the socket and all connections, and waits for the answers under way.
    func stop() async {
        work.cancel()
        await work.value
    }

    private static func serve(
        _ listener: AsyncSocket, _ pool: SocketWatch, _ patience: Connection.Patience,
        _ handler: @escaping RequestHandler
    ) async {
        await withDiscardingTaskGroup { group in
            let count = ConnectionCount(limit: mostConnections)
            while !Task.isCancelled {
                do {
                    let connection = try await listener.accept()
                    guard await count.enter() else {
                        try? connection.close()
                        continue
                    }
                    group.addTask {
                        await Connection(socket: connection, handler: handler, patience: patience).serve()
                        await count.leave()
                    }
                } catch {
                    if Task.isCancelled { break }
                    // No descriptor is free, or the client is gone already. Waiting lets others finish.
                    do { try await Task.sleep(for: .milliseconds(20)) } catch { break }
                }
            }
            try? listener.close()
        }
        pool.stop()
    }
}

/// How many connections are open.
private actor ConnectionCount {
    private let limit: Int
    private var count = 0

    init(limit: Int) { self.limit = limit }

    func enter() -> Bool {
        guard count < limit else { return false }
        count += 1
        return true
    }

    func leave() { count -= 1 }
}
