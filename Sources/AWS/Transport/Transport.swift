/// Carries one request to a server and brings its answer back. The seam at which faults are injected in tests: every
/// call of every client passes here. A transport never sends a request twice.
public protocol Transport: Sendable {
    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse
}

/// Why no answer came. ``mayHaveArrived`` is what decides whether a mutating call's effect must be looked for.
public struct TransportError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Kind: String, Sendable {
        /// The name did not resolve or the connection was refused: the server saw nothing.
        case unreachable
        /// The server's certificate was not trusted: it saw nothing of the request.
        case untrusted
        /// No answer in time.
        case timedOut
        /// No answer before the deadline of the whole invocation.
        case deadline
        /// The connection broke while the request or the answer was under way.
        case broken
        /// The answer was larger than this client reads.
        case tooLarge
        /// The caller's task was cancelled.
        case cancelled
    }

    public let kind: Kind
    public let message: String

    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// False only where the server cannot have acted on the request.
    public var mayHaveArrived: Bool { kind != .unreachable && kind != .untrusted }

    public var description: String { message }
}
