import Foundation
import Glibc
import Synchronization

/// Stands between a program and an HTTP server: hands on every request and every answer byte for byte, tells the test of
/// each, and can let either be lost. A hook may stop or kill the program at a moment that no clock decides.
public final class Relay: Sendable {
    /// A request that has arrived whole.
    public struct Request: Sendable, Hashable {
        /// What is called, such as `RunTask`.
        public let operation: String
        /// 1 for the first request of this operation.
        public let occurrence: Int
        /// 1 for the first request of all.
        public let number: Int
    }

    public enum Side: String, Sendable, CaseIterable {
        /// It has not reached the server.
        case before
        /// The server has answered it, and the program does not know.
        case after
    }

    /// Called on a thread of its own, which may block.
    ///
    /// - Returns: whether the request, or its answer, is handed on.
    public typealias Hook = @Sendable (Request, Side) -> Bool

    public let port: Int
    public var url: String { "http://127.0.0.1:\(port)" }
    /// All that arrived, in that order.
    public var requests: [Request] { seen.withLock { $0 } }

    private let seen = Mutex<[Request]>([])
    private let open = Mutex<Set<Int32>>([])
    private let hasEnded = Atomic(false)
    private let listener: Int32
    private let server: Int
    private let hook: Hook
    private let breaks: Bool
    private let denied: Set<String>
    /// How many seconds later it is by the answers that are handed on than by the server.
    public let later = Atomic(0)

    /// - Parameters:
    ///   - server: the port of the server on this machine.
    ///   - breaks: whether the connection of what is lost breaks, and is not left open for the program to give up on.
    ///   - denied: operations that IAM does not allow: they are answered here.
    public init(
        to server: Int, breaks: Bool = false, denied: Set<String> = [], hook: @escaping Hook = { _, _ in true }
    ) throws {
        self.server = server
        self.breaks = breaks
        self.denied = denied
        self.hook = hook
        // Close-on-exec, here and below: a child that is being made must not hold someone's connection open.
        listener = socket(
            AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        port = try Loopback.bind(listener)
        guard listen(listener, 64) == 0 else { throw POSIXError(.EADDRINUSE) }
        Thread.detachNewThread { [listener, weak self] in
            while let client = Self.accept(listener) {
                guard let relay = self else {
                    close(client)
                    break
                }
                Thread.detachNewThread { relay.serve(client) }
            }
            close(listener)
        }
    }

    /// The next connection, or nil where there will be none.
    private static func accept(_ listener: Int32) -> Int32? {
        while true {
            var wish = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
            poll(&wish, 1, -1)
            let (client, reason) = Spawned.lock.withLock { _ in
                let client = Glibc.accept(listener, nil, nil)
                let reason = errno
                if client >= 0 { _ = fcntl(client, F_SETFD, FD_CLOEXEC) }
                return (client, reason)
            }
            if client >= 0 { return client }
            // Shut down: by ``stop()``, and by no one else.
            if reason == EINVAL { return nil }
        }
    }

    deinit { stop() }

    /// Takes no connections any more, and ends those that are open.
    public func stop() {
        // Once: the descriptor is closed then, and may be another user's.
        guard !hasEnded.exchange(true, ordering: .relaxed) else { return }
        shutdown(listener, Int32(SHUT_RDWR))
        open.withLock { for descriptor in $0 { shutdown(descriptor, Int32(SHUT_RDWR)) } }
    }

    private func serve(_ client: Int32) {
        let upstream = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        open.withLock { $0.formUnion([client, upstream]) }
        defer {
            for descriptor in [client, upstream] {
                _ = open.withLock { $0.remove(descriptor) }
                close(descriptor)
            }
        }
        guard Loopback.connect(upstream, to: server) else { return }
        var fromClient = Stream(client)
        var fromServer = Stream(upstream)
        while let message = fromClient.next() {
            let request = record(message)
            if denied.contains(request.operation) {
                guard Stream.write(Self.denial, to: client) else { return }
                continue
            }
            guard hook(request, .before) else { return breaks ? () : Stream.drain(client) }
            guard Stream.write(message.bytes, to: upstream), let answer = fromServer.next() else { return }
            guard hook(request, .after) else { return breaks ? () : Stream.drain(client) }
            guard Stream.write(answer.later(by: later.load(ordering: .relaxed)), to: client) else { return }
        }
    }

    private static var denial: [UInt8] {
        let body = #"{"__type":"AccessDeniedException","message":"not authorized"}"#
        return Array(
            """
            HTTP/1.1 400 Bad Request\r
            Content-Type: application/x-amz-json-1.1\r
            Content-Length: \(body.utf8.count)\r
            Date: \(Stream.dateFormat.string(from: Date()))\r
            \r
            \(body)
            """.utf8)
    }

    private func record(_ message: Stream.Message) -> Request {
        seen.withLock { seen in
            let operation = message.operation
            let request = Request(
                operation: operation, occurrence: seen.count { $0.operation == operation } + 1, number: seen.count + 1)
            seen.append(request)
            return request
        }
    }
}

/// Messages of HTTP/1.1, as they come over a connection: a head, and a body with a length.
private struct Stream {
    struct Message {
        let head: String
        let bytes: [UInt8]

        /// The same with another moment in its Date, whose text is as long.
        func later(by seconds: Int) -> [UInt8] {
            guard seconds > 0, let date = Stream.header("date", head) else { return bytes }
            let format = Stream.dateFormat
            guard let moment = format.date(from: date) else { return bytes }
            let told = format.string(from: moment.addingTimeInterval(TimeInterval(seconds)))
            let moved = head.replacing(date, with: told)
            return Array(moved.utf8) + bytes.dropFirst(head.utf8.count)
        }

        /// What is called, in any of AWS's protocols.
        var operation: String {
            if head.prefix(while: { !$0.isNewline }).contains("/invocations ") { return "InvokeFunction" }
            if let target = Stream.header("x-amz-target", head) {
                return String(target.split(separator: ".").last ?? "")
            }
            let body = String(decoding: bytes.dropFirst(head.utf8.count + 4), as: UTF8.self)
            let action = body.split(separator: "&").first { $0.hasPrefix("Action=") }
            return String(action?.dropFirst(7) ?? "?")
        }
    }

    static var dateFormat: DateFormatter {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return format
    }

    private let descriptor: Int32
    private var buffer: [UInt8] = []

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// The next whole message, or nil where the other side has ended.
    mutating func next() -> Message? {
        while true {
            if let end = endOfHead() {
                let head = String(decoding: buffer[..<end], as: UTF8.self)
                let length = Self.header("content-length", head).flatMap { Int($0) } ?? 0
                if buffer.count >= end + 4 + length {
                    let bytes = Array(buffer[..<(end + 4 + length)])
                    buffer.removeFirst(bytes.count)
                    return Message(head: head, bytes: bytes)
                }
            }
            guard let more = Self.read(descriptor) else { return nil }
            buffer += more
        }
    }

    /// Reads until the other side has ended: a program that was killed sees no answer, not even the end of one.
    static func drain(_ descriptor: Int32) {
        while read(descriptor) != nil {}
    }

    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    fileprivate static func header(_ name: String, _ head: String) -> String? {
        for line in head.split(separator: "\r\n").dropFirst() {
            let pair = line.split(separator: ":", maxSplits: 1)
            guard pair.count == 2, pair[0].lowercased() == name else { continue }
            return pair[1].trimmingCharacters(in: .whitespaces)
        }
        return nil
    }

    private func endOfHead() -> Int? {
        guard buffer.count >= 4 else { return nil }
        return (0...buffer.count - 4).first { Array(buffer[$0..<$0 + 4]) == [13, 10, 13, 10] }
    }

    private static func read(_ descriptor: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = recv(descriptor, &bytes, bytes.count, 0)
            if count < 0, errno == EINTR { continue }
            return count > 0 ? Array(bytes[..<count]) : nil
        }
    }
}
