import Time

/// A request as it goes on the wire. Header names are compared without case; repeated names are kept.
public struct HTTPRequest: Sendable {
    public var method: String
    public var endpoint: Endpoint
    /// The path with its percent-encoding, beginning with `/`.
    public var path: String
    /// What is after `?`, percent-encoded, or empty.
    public var query: String
    public var headers: [HTTPHeader]
    public var body: [UInt8]
    /// Whether it changes something. Such a request goes on a connection of its own: on a reused one that turns out to be
    /// closed, a client library sends again by itself what the server may have acted on.
    public var isMutating = false
    /// How long an answer may take where that is not the transport's usual bound, in milliseconds.
    public var timeout: Int?
    /// A bound on the whole exchange, whatever its usual time-out is; nil if there is none.
    public var remaining: Duration?

    public init(
        method: String, endpoint: Endpoint, path: String = "/", query: String = "", headers: [HTTPHeader] = [],
        body: [UInt8] = []
    ) {
        self.method = method
        self.endpoint = endpoint
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    public var url: String { endpoint.origin + path + (query.isEmpty ? "" : "?" + query) }
}

/// A header as it is written; names are compared without case.
public struct HTTPHeader: Sendable, Hashable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// An answer, whole: bodies are bounded by the transport.
public struct HTTPResponse: Sendable {
    public let status: Int
    public let headers: [HTTPHeader]
    public let body: [UInt8]

    public init(status: Int, headers: [HTTPHeader] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first header of that name, in any case.
    public func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }

    /// The server's clock when it answered.
    /// Whether its date shows that its request's signature was not too old.
    var isSignedInTime = false

    public var date: Timestamp? { header("date").flatMap(Timestamp.init(httpDate:)) }
}
