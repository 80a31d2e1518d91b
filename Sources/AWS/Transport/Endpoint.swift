import Glibc

/// Where a service is reached: scheme, host and port.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
    public let scheme: String
    public let host: String
    public let port: Int?

    /// Reads `https://host[:port][/]`, or `http://` where the host is this machine: requests carry credentials' signatures
    /// and answers carry environment values, so neither crosses a network unencrypted.
    public init(_ text: String) throws(EndpointError) { try self.init(text, isOfMetadata: false) }

    /// - Parameter isOfMetadata: whether `http://` is allowed for the addresses at which AWS gives keys to machines, too.
    private init(_ text: String, isOfMetadata: Bool) throws(EndpointError) {
        guard let range = text.firstRange(of: "://") else { throw .malformed(Self.shown(text)) }
        scheme = text[..<range.lowerBound].lowercased()
        var rest = text[range.upperBound...]
        while rest.hasSuffix("/") { rest = rest.dropLast() }
        guard scheme == "https" || scheme == "http", !rest.isEmpty, !rest.contains(where: { "/?#@".contains($0) })
        else { throw .malformed(Self.shown(text)) }
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
                throw .malformed(Self.shown(text))
            }
            port = number
        }
        host = name.lowercased()
        guard Self.isAddress(host) || Self.isName(host) else { throw .host(Self.shown(text), String(name)) }
        guard scheme == "https" || isLoopback || (isOfMetadata && isMetadata) else {
            throw .unencrypted(Self.shown(text))
        }
    }

    /// Splits the whole address of a source of keys into the endpoint, its path and what is after `?`.
    static func address(_ url: String) throws(EndpointError) -> (endpoint: Endpoint, path: String, query: String) {
        let start = url.firstRange(of: "://")?.upperBound ?? url.startIndex
        let end = url[start...].firstIndex { "/?".contains($0) } ?? url.endIndex
        let parts = url[end...].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts.first.map(String.init) ?? ""
        return (
            try Endpoint(String(url[..<end]), isOfMetadata: true), path.isEmpty ? "/" : path,
            parts.count > 1 ? String(parts[1]) : ""
        )
    }

    /// A password before the host is not for a message.
    private static func shown(_ text: String) -> String {
        guard let at = text.lastIndex(of: "@") else { return text }
        let start = text.firstRange(of: "://")?.upperBound ?? text.startIndex
        return start < at ? "\(text[..<start])...\(text[at...])" : text
    }

    /// A name that DNS can hold: labels of letters, digits, `-` and `_`, at most 63 each and 253 together. (RFC 1123, 2.1;
    /// It does not allow `_`, but local networks use it.)
    private static func isName(_ host: String) -> Bool {
        // The root may be written: `example.com.`
        let name = host.hasSuffix(".") ? host.dropLast() : host[...]
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard name.utf8.count <= 253 else { return false }
        // What ends with a number is an address, and has to be one.
        if labels.last?.utf8.allSatisfy({ (48...57).contains($0) }) == true {
            return labels.count == 4 && labels.allSatisfy { UInt8($0) != nil }
        }
        return labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 95 }
        }
    }

    /// An IPv6 address in brackets. (RFC 3986, 3.2.2.)
    private static func isAddress(_ host: String) -> Bool {
        guard host.hasPrefix("["), host.hasSuffix("]") else { return false }
        let text = host.dropFirst().dropLast()
        var address = in6_addr()
        return inet_pton(AF_INET6, String(text), &address) == 1
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

    /// Where EC2, ECS and EKS give keys, on the machine's own link and without encryption.
    /// (AWS SDKs and Tools Reference Guide, "Container credential provider", "IMDS credential provider".)
    public var isMetadata: Bool {
        ["169.254.169.254", "169.254.170.2", "169.254.170.23", "[fd00:ec2::254]", "[fd00:ec2::23]"].contains(host)
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
    /// With the host that no server can have.
    case host(String, String)
    case unencrypted(String)

    public var description: String {
        switch self {
        case .malformed(let text): "\"\(text)\" is not an endpoint: https://HOST[:PORT] is expected"
        case .host(let text, let host):
            "\"\(text)\" is not an endpoint: \"\(host)\" is not a valid host name; https://HOST[:PORT] is expected"
        case .unencrypted(let text):
            "\"\(text)\" is refused: http:// is allowed for this machine only (localhost, 127.x.x.x, [::1])"
        }
    }
}
