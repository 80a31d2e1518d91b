import Synchronization
import Time

/// Objects of one bucket under one prefix, with the conditions of Amazon S3 on writing them. Nothing here is sent twice.
///
/// (Amazon S3 User Guide, "Add preconditions to S3 operations with conditional requests".)
public struct S3Bucket: Sendable {
    public let name: String
    /// Empty, or ends with `/`.
    public let prefix: String
    private let caller: Caller
    private let home = Home()

    public init(_ caller: Caller, name: String, prefix: String) {
        self.caller = caller
        self.name = name
        self.prefix = prefix
    }

    /// The region in which the bucket is, once S3 has said so; nil for the caller's.
    private final class Home: Sendable {
        private let state = Mutex<String?>(nil)

        var region: String? {
            get { state.withLock(\.self) }
            set { state.withLock { $0 = newValue } }
        }
    }

    /// An object as it was read.
    public struct Object: Sendable, Equatable {
        public let body: [UInt8]
        /// As the server wrote it, with its quotes if it has any.
        public let etag: String
        /// How long ago it was written when it was read, by the server's own clock; nil if it does not say.
        public let age: Duration?
    }

    /// What must be so for an object to be written.
    public enum Condition: Sendable, Equatable {
        /// There is none of this name.
        case absent
        /// It is still the one with this ETag.
        case unchanged(etag: String)
        case none
    }

    /// What the store said of a write.
    public enum Written: Sendable, Equatable {
        /// Done, and the ETag of what was written.
        case done(etag: String)
        /// The condition was not met (412), or another write was in the middle (409): the object has to be read.
        case conflict
    }

    /// Reads an object; nil if it does not exist.
    ///
    /// - Throws: ``AWSError``.
    public func get(_ key: String) async throws(AWSError) -> Object? {
        let response = try await send("GetObject", "GET", key: key)
        if response.status == 404, Self.code(of: response) == "NoSuchKey" { return nil }
        try check(response, "s3:GetObject")
        guard let etag = response.header("etag") else { throw malformed("s3:GetObject", "the answer has no ETag") }
        let written = response.header("last-modified").flatMap(Timestamp.init(httpDate:))
        let age = written.flatMap { written in response.date.map { Duration.seconds($0.since(written)) } }
        return Object(body: response.body, etag: etag, age: age)
    }

    /// - Throws: ``AWSError``; after one that may have had its effect, the object has to be read.
    public func put(_ key: String, _ body: [UInt8], if condition: Condition) async throws(AWSError) -> Written {
        var headers = [HTTPHeader("Content-Type", "application/json")]
        switch condition {
        case .absent: headers.append(HTTPHeader("If-None-Match", "*"))
        // Without its quotes, as S3's own example has it: some servers refuse it with them. (User Guide, "How to prevent object
        // overwrites with conditional writes".)
        case .unchanged(let etag): headers.append(HTTPHeader("If-Match", etag.filter { $0 != "\"" }))
        case .none: break
        }
        let response = try await send(
            "PutObject", "PUT", key: key, headers: headers, body: body,
            timeout: body.count < Self.small ? Self.patience : nil)
        if [409, 412].contains(response.status) { return .conflict }
        // What was to be replaced is gone. (User Guide, "How to prevent object overwrites with conditional writes".)
        if response.status == 404, case .unchanged = condition { return .conflict }
        try check(response, "s3:PutObject")
        guard let etag = response.header("etag") else { throw malformed("s3:PutObject", "the answer has no ETag") }
        return .done(etag: etag)
    }

    /// How long the answer to a small write is waited for, in milliseconds. Most take a few hundredths of a second; what it
    /// became is looked up sooner than a lease ends.
    private static let patience = 5_000
    /// In bytes.
    private static let small = 65_536

    /// The names of objects after a name, in order; at most 1,000, and perhaps not the newest.
    ///
    /// - Parameters:
    ///   - folder: what they begin with.
    ///   - last: the name that they come after.
    public func list(_ folder: String, after last: String) async throws(AWSError) -> [String] {
        let pairs = [
            ("list-type", "2"), ("prefix", prefix + folder), ("start-after", prefix + last),
        ]
        let query = pairs.map { "\($0.0)=\(PercentEncoding.encode($0.1))" }.joined(separator: "&")
        let response = try await send("ListBucket", "GET", key: nil, query: query)
        try check(response, "s3:ListBucket")
        let text = String(decoding: response.body, as: UTF8.self)
        guard text.contains("<ListBucketResult") else { throw malformed("s3:ListBucket", "the answer is not a list") }
        return text.split(separator: "<Key>").dropFirst().compactMap { part in
            part.firstRange(of: "</Key>").map { String(part[..<$0.lowerBound]) }
        }.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }

    // MARK: - On the wire

    private func send(
        _ operation: String, _ method: String, key: String?, query: String = "", headers: [HTTPHeader] = [],
        body: [UInt8] = [], timeout: Int? = nil
    ) async throws(AWSError) -> HTTPResponse {
        let path = "/" + name + (key.map { "/" + PercentEncoding.encode(prefix + $0, keeping: "/") } ?? "")
        let asked = home.region ?? caller.settings.region
        let response = try await caller.exchange(
            .s3, operation, method, path: path, query: query, region: asked, headers: headers, body: body,
            timeout: timeout)
        guard let region = Self.region(in: response), region != asked else { return response }
        // S3 has done nothing but to say where the bucket is.
        home.region = region
        return try await caller.exchange(
            .s3, operation, method, path: path, query: query, region: region, headers: headers, body: body,
            timeout: timeout)
    }

    /// The region that a request has to be sent to instead; nil where it was right.
    /// (Amazon S3 API Reference, "Error responses", PermanentRedirect and AuthorizationHeaderMalformed.)
    private static func region(in response: HTTPResponse) -> String? {
        guard [301, 307, 400].contains(response.status) else { return nil }
        let text = String(decoding: response.body, as: UTF8.self)
        guard ["PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed"].contains(code(of: response)),
            let region = response.header("x-amz-bucket-region") ?? XML.text(of: "Region", in: text)
        else { return nil }
        // It becomes a part of a host's name.
        return (1...32).contains(region.utf8.count) && region.utf8.allSatisfy(isOfRegion) ? region : nil
    }

    private static func isOfRegion(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || byte == UInt8(ascii: "-")
    }

    private func check(_ response: HTTPResponse, _ operation: String) throws(AWSError) {
        let origin = AnswerOrigin(response, of: operation, hiding: caller.secrets)
        guard response.isSuccess else {
            let text = String(decoding: response.body, as: UTF8.self)
            let refusal = origin.refusal(
                code: XML.text(of: "Code", in: text), message: XML.text(of: "Message", in: text))
            throw caller.refused(refusal, by: response)
        }
        // An empty body cannot be a web page, even if its content type says HTML.
        if !response.body.isEmpty || response.status != 200 { try origin.check() }
    }

    private static func code(of response: HTTPResponse) -> String? {
        XML.text(of: "Code", in: String(decoding: response.body, as: UTF8.self))
    }

    private func malformed(_ operation: String, _ complaint: String) -> AWSError {
        AWSError(operation: operation, kind: .malformed, message: complaint)
    }
}
