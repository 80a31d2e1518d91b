/// Where a service is reached: scheme, host and port.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
    public let scheme: String
    public let host: String
    public let port: Int?

    /// Reads `https://host[:port][/]`, or `http://` where the host is this machine: requests carry credentials' signatures
    /// and answers carry environment values, so neither crosses a network unencrypted.
    public init(_ text: String) throws(EndpointError) {
        guard let range = text.firstRange(of: "://") else { throw .malformed(text) }
        scheme = text[..<range.lowerBound].lowercased()
        var rest = text[range.upperBound...]
        while rest.hasSuffix("/") { rest = rest.dropLast() }
        guard scheme == "https" || scheme == "http", !rest.isEmpty, !rest.contains(where: { "/?#@ ".contains($0) })
        else { throw .malformed(text) }
        let name: Substring
        if rest.hasPrefix("["), let close = rest.firstIndex(of: "]") {
            name = rest[...close]
        } else {
            name = rest.prefix { $0 != ":" }
        }
        let tail = rest[name.endIndex...]
        if tail.isEmpty {
            port = nil
        } else {
            guard tail.hasPrefix(":"), let number = Int(tail.dropFirst()), (1...65_535).contains(number) else {
                throw .malformed(text)
            }
            port = number
        }
        host = name.lowercased()
        guard !host.isEmpty else { throw .malformed(text) }
        guard scheme == "https" || isLoopback else { throw .unencrypted(text) }
    }

    /// The public endpoint of an AWS service in a region.
    public static func aws(_ prefix: String, region: String) throws(EndpointError) -> Endpoint {
        let domain =
            if region.hasPrefix("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" }
        return try Endpoint("https://\(prefix).\(region).\(domain)")
    }

    public var isLoopback: Bool {
        host == "localhost" || host == "[::1]" || host.hasSuffix(".localhost") || isLoopbackIPv4
    }

    /// 127.0.0.0/8, written as four numbers: `127.evil.example` is a name like any other.
    private var isLoopbackIPv4: Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// The Host header: the port is named where it is not the scheme's own.
    public var authority: String {
        guard let port, port != (scheme == "https" ? 443 : 80) else { return host }
        return "\(host):\(port)"
    }

    public var origin: String { "\(scheme)://\(authority)" }
    public var description: String { origin }
}

/// Why a text is no endpoint that may be used.
public enum EndpointError: Error, Sendable, Equatable, CustomStringConvertible {
    case malformed(String)
    case unencrypted(String)

    public var description: String {
        switch self {
        case .malformed(let text): "\"\(text)\" is no endpoint: https://HOST[:PORT] is expected"
        case .unencrypted(let text):
            "\"\(text)\" is refused: http:// is allowed for this machine only (localhost, 127.x.x.x, [::1])"
        }
    }
}
