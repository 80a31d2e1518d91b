import JSON

/// Whether an answer is AWS's own. What is not says nothing of what was done: a proxy, a gateway or another server gave it.
struct AnswerOrigin {
    private let response: HTTPResponse
    private let operation: String
    private let secrets: Secrets

    init(_ response: HTTPResponse, of operation: String, hiding secrets: Secrets) {
        self.response = response
        self.operation = operation
        self.secrets = secrets
    }

    /// AWS answers these protocols with 200, and never with a web page. Anything else is a proxy's word, and does not say
    /// that nothing was done.
    func check() throws(AWSError) {
        var complaint: String?
        if response.status != 200 { complaint = "HTTP status \(response.status) is not one that AWS answers with" }
        if response.isPage { complaint = "a web page is not an answer of AWS" }
        if let complaint { throw malformed(complaint) }
    }

    /// An answer that is AWS's own and cannot be read.
    func malformed(_ message: String) -> AWSError {
        AWSError(operation: operation, kind: .malformed, message: message, requestID: response.requestID)
    }

    /// The error in an answer. Its code is `__type` in the body, or in a header. Proxies use `code` for words of their own:
    /// it counts in a body of AWS's own type only.
    func refusal(_ body: JSON?) -> AWSError {
        let isOfAWS = response.header("content-type")?.contains("amz-json") ?? false
        let named = [
            body?["__type"]?.string, response.header("x-amzn-errortype"), isOfAWS ? body?["code"]?.string : nil,
        ]
        return refusal(
            code: named.lazy.compactMap { $0.map(Self.code) }.first { !$0.isEmpty },
            message: body?["message"]?.string ?? body?["Message"]?.string,
            resourceIDs: body?["resourceIds"]?.elements.compactMap(\.string) ?? [])
    }

    /// - Parameter code: nil where the answer names none: then AWS has not given it.
    func refusal(code: String?, message: String?, resourceIDs: [String] = []) -> AWSError {
        let code = code.flatMap { Self.isCode($0) && !response.isPage ? $0 : nil }
        let refused = code.map { AWSError.Kind.refused(code: $0, status: response.status) }
        let foreign = "HTTP status \(response.status) without an error code of AWS: a proxy or another server answered"
        return AWSError(
            operation: operation, kind: refused ?? .foreign(status: response.status),
            said: Untrusted(refused == nil ? foreign : message ?? response.statusAlone, hiding: secrets),
            requestID: response.requestID, resourceIDs: resourceIDs, isSignedInTime: response.isSignedInTime)
    }

    private static func isCode(_ text: String) -> Bool {
        text.first?.isLetter == true
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII
                    && (scalar == "." || scalar == "_" || scalar.properties.isAlphabetic
                        || scalar.properties.numericType != nil)
            }
    }

    /// `namespace#Code` and `Code:http://…` both occur, and the address may have a `#` of its own.
    private static func code(_ raw: String) -> String {
        let name = raw.prefix { $0 != ":" }
        return String(name.split(separator: "#").last ?? "")
    }
}

extension HTTPResponse {
    var isSuccess: Bool { (200..<300).contains(status) }
    /// A web page: no service that is called here answers with one.
    var isPage: Bool { header("content-type")?.lowercased().contains("html") ?? false }
    /// Whether AWS itself has refused the keys as too old, in any of its protocols. (It says `RequestExpired` of old
    /// signatures, too.)
    var saysExpired: Bool {
        guard (400..<404).contains(status), !isPage else { return false }
        let text = (header("x-amzn-errortype") ?? "") + String(decoding: body.prefix(4_096), as: UTF8.self)
        return text.contains("ExpiredToken") || text.contains("token included in the request is expired")
    }
    /// What is shown of an answer that gives no reason.
    var statusAlone: String { "HTTP status \(status) without a reason" }
    var requestID: String? { header("x-amzn-requestid") ?? header("x-amz-request-id") }
}
