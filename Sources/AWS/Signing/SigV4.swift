import Hashing
import Time

/// AWS Signature Version 4, header form (AWS General Reference, "Signing AWS API requests").
///
/// Our own, because libcurl's (7.88.1) signs wrong for unsorted queries and unicode paths and takes no date of the caller's.
public struct SigV4: Sendable {
    public let credentials: Credentials
    public let region: String
    /// The name in the credential scope, such as `ecs`.
    public let service: String

    public init(credentials: Credentials, region: String, service: String) {
        self.credentials = credentials
        self.region = region
        self.service = service
    }

    /// The headers to send: the request's own, then Host, X-Amz-Date, the session token, for S3 the body's digest, and
    /// Authorization over all of them.
    ///
    /// - Parameter now: the moment in the signature. AWS refuses one that is more than 5 minutes from its own clock.
    public func sign(_ request: HTTPRequest, at now: Timestamp) -> [HTTPHeader] {
        let payload = Hex.encode(SHA256.hash(request.body))
        var headers = request.headers
        headers.append(HTTPHeader("Host", request.endpoint.authority))
        headers.append(HTTPHeader("X-Amz-Date", now.basic))
        if let token = credentials.sessionToken { headers.append(HTTPHeader("X-Amz-Security-Token", token)) }
        if service == "s3" { headers.append(HTTPHeader("X-Amz-Content-SHA256", payload)) }
        let signed = Self.canonicalHeaders(headers)
        let signature = self.signature(request, signed: signed, payload: payload, at: now.basic)
        let names = signed.map(\.name).joined(separator: ";")
        let scope = scope(on: now.basic)
        headers.append(
            HTTPHeader(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope), SignedHeaders=\(names), "
                    + "Signature=\(signature)"))
        return headers
    }

    /// The signature of a request whose signed headers are already chosen: what a server computes to check one.
    public func signature(
        _ request: HTTPRequest, signed: [HTTPHeader], payload: String, at date: String
    ) -> String {
        let canonical = [
            request.method,
            service == "s3" ? request.path : Self.canonicalPath(request.path),
            Self.canonicalQuery(request.query),
            signed.map { "\($0.name):\($0.value)\n" }.joined(),
            signed.map(\.name).joined(separator: ";"),
            payload,
        ].joined(separator: "\n")
        let text = ["AWS4-HMAC-SHA256", date, scope(on: date), SHA256.hex(canonical)].joined(separator: "\n")
        var key = Array("AWS4\(credentials.secretAccessKey)".utf8)
        for part in [String(date.prefix(8)), region, service, "aws4_request"] {
            key = SHA256.authenticate(part.utf8, key: key)
        }
        return Hex.encode(SHA256.authenticate(text.utf8, key: key))
    }

    private func scope(on date: String) -> String { "\(date.prefix(8))/\(region)/\(service)/aws4_request" }

    /// Lower-case names in order, values with runs of white space folded, repeated names joined by commas.
    /// Left out are the headers that proxies change (as botocore does).
    public static func canonicalHeaders(_ headers: [HTTPHeader]) -> [HTTPHeader] {
        let unsigned: Set = ["expect", "transfer-encoding", "user-agent", "x-amzn-trace-id", "authorization"]
        var values: [String: [String]] = [:]
        for header in headers where !unsigned.contains(header.name.lowercased()) {
            let folded = Self.folded(header.value)
            values[header.name.lowercased(), default: []].append(folded)
        }
        return values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            .map { HTTPHeader($0.key, $0.value.joined(separator: ",")) }
    }

    /// Runs of white space become one space, and none is left at the ends.
    private static func folded(_ value: String) -> String {
        let words = value.utf8.split { $0 == 0x20 || (0x09...0x0D).contains($0) }
        return words.map(Substring.init).joined(separator: " ")
    }

    /// Dot segments resolved, then every byte but the unreserved ones and `/` percent-encoded, also the `%` of an
    /// encoding that is there already: all services but S3 expect that twice-encoded form.
    static func canonicalPath(_ path: String) -> String {
        var segments: [Substring] = []
        for segment in path.split(separator: "/", omittingEmptySubsequences: true) where segment != "." {
            if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
        }
        let isFolder = path.hasSuffix("/") && !segments.isEmpty
        return PercentEncoding.encode("/" + segments.joined(separator: "/") + (isFolder ? "/" : ""), keeping: "/")
    }

    /// The pairs in order of name, then value; a name without `=` gets one.
    static func canonicalQuery(_ query: String) -> String {
        query.split(separator: "&", omittingEmptySubsequences: true)
            .map { pair in
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
            }
            .sorted { left, right in
                left.0 == right.0
                    ? left.1.utf8.lexicographicallyPrecedes(right.1.utf8)
                    : left.0.utf8.lexicographicallyPrecedes(right.0.utf8)
            }
            .map { "\($0.0)=\($0.1)" }
            .joined(separator: "&")
    }
}
