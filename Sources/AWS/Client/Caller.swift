import JSON
import Time

/// Signs requests and reads answers: what the typed clients share. One attempt per call, never a retry.
public struct Caller: Sendable {
    /// One call as it went, for `--verbose` and for counting.
    public struct Record: Sendable {
        public let operation: String
        /// nil where no answer came.
        public let status: Int?
        public let requestID: String?
    }

    public let settings: Settings
    public let clock: ServerClock
    private let transport: any Transport
    private let budget: CallBudget?
    private let observe: @Sendable (Record) -> Void

    /// - Parameters:
    ///   - budget: shared by all callers of an account; nil sends at once.
    ///   - observe: told of each call when it has ended.
    public init(
        settings: Settings, transport: any Transport, clock: ServerClock, budget: CallBudget? = nil,
        observe: @escaping @Sendable (Record) -> Void = { _ in }
    ) {
        self.settings = settings
        self.transport = transport
        self.clock = clock
        self.budget = budget
        self.observe = observe
    }

    /// Calls an operation of a service that speaks AWS JSON 1.1.
    ///
    /// - Parameter isMutating: whether it changes something; then no layer below may send it twice.
    public func call(
        _ service: Service, _ operation: String, _ input: JSON, region: String? = nil, isMutating: Bool = false
    ) async throws(AWSError) -> JSON {
        let target = "\(service.targetPrefix ?? "").\(operation)"
        let response = try await send(
            service, operation, region: region, isMutating: isMutating, contentType: "application/x-amz-json-1.1",
            headers: [HTTPHeader("X-Amz-Target", target)], body: Array(input.compact.utf8))
        let name = "\(service.signingName):\(operation)"
        let parsed: JSON?
        do { parsed = response.body.isEmpty ? .object(JSONObject()) : try JSON.parse(response.body) } catch {
            parsed = nil
        }
        guard response.isSuccess else { throw refusal(name, response, parsed) }
        try checkStatus(of: response, name)
        guard let parsed, parsed.object != nil else {
            throw AWSError(
                operation: name, kind: .malformed, message: "the answer is not a JSON object",
                requestID: response.requestID)
        }
        return parsed
    }

    /// Calls an operation of a service that speaks the older query protocol, and returns its XML.
    func query(_ service: Service, _ operation: String, version: String) async throws(AWSError) -> String {
        let response = try await send(
            service, operation, region: nil, isMutating: false,
            contentType: "application/x-www-form-urlencoded; charset=utf-8",
            headers: [], body: Array("Action=\(operation)&Version=\(version)".utf8))
        let name = "\(service.signingName):\(operation)"
        let text = String(decoding: response.body, as: UTF8.self)
        guard response.isSuccess else {
            let code = XML.text(of: "Code", in: text) ?? ""
            throw AWSError(
                operation: name,
                kind: .refused(code: code.isEmpty ? "HTTP\(response.status)" : code, status: response.status),
                message: XML.text(of: "Message", in: text) ?? response.statusAlone, requestID: response.requestID)
        }
        try checkStatus(of: response, name)
        guard String(validating: response.body, as: UTF8.self) != nil else {
            throw AWSError(
                operation: name, kind: .malformed, message: "the answer is not valid UTF-8",
                requestID: response.requestID)
        }
        return text
    }

    /// Posts to an operation of a service that has a path for each resource, and returns the answer as it is.
    ///
    /// - Parameters:
    ///   - path: percent-encoded.
    ///   - timeout: how long the answer may take, in milliseconds.
    func post(
        _ service: Service, _ operation: String, path: String, headers: [HTTPHeader], body: [UInt8], timeout: Int
    ) async throws(AWSError) -> HTTPResponse {
        let response = try await send(
            service, operation, path: path, region: nil, isMutating: true, contentType: "application/json",
            headers: headers, body: body, timeout: timeout)
        let name = "\(service.signingName):\(operation)"
        guard response.isSuccess else {
            let parsed: JSON?
            do { parsed = try JSON.parse(response.body) } catch { parsed = nil }
            throw refusal(name, response, parsed)
        }
        try checkStatus(of: response, name)
        return response
    }

    /// AWS answers these protocols with 200. Another success is a proxy's word, and does not say that nothing was done.
    private func checkStatus(of response: HTTPResponse, _ name: String) throws(AWSError) {
        guard response.status != 200 else { return }
        throw AWSError(
            operation: name, kind: .malformed,
            message: "HTTP status \(response.status) is not one that AWS answers with",
            requestID: response.requestID)
    }

    private func send(
        _ service: Service, _ operation: String, path: String = "/", region: String?, isMutating: Bool,
        contentType: String, headers: [HTTPHeader], body: [UInt8], timeout: Int? = nil
    ) async throws(AWSError) -> HTTPResponse {
        let name = "\(service.signingName):\(operation)"
        let endpoint: Endpoint
        do {
            endpoint = try settings.endpoint(of: service, region: region)
        } catch {
            throw AWSError(operation: name, kind: .notSent, message: error.description)
        }
        do { try await budget?.take(name) } catch {
            throw AWSError(
                operation: name, kind: .unanswered(.cancelled, mayHaveArrived: false),
                message: "cancelled before it was sent")
        }
        var request = HTTPRequest(
            method: "POST", endpoint: endpoint, path: path,
            headers: [HTTPHeader("Content-Type", contentType)] + headers, body: body)
        request.isMutating = isMutating
        request.timeout = timeout
        let signer = SigV4(
            credentials: settings.credentials, region: region ?? settings.region, service: service.signingName)
        request.headers = signer.sign(request, at: clock.now)
        do {
            let response = try await transport.send(request)
            clock.record(response.date)
            observe(Record(operation: name, status: response.status, requestID: response.requestID))
            return response
        } catch {
            observe(Record(operation: name, status: nil, requestID: nil))
            throw AWSError(
                operation: name, kind: .unanswered(error.kind, mayHaveArrived: error.mayHaveArrived),
                message: error.message)
        }
    }

    /// The error in an answer. Its code stands in the body as `__type` or `code`, or in a header; a proxy's page has none.
    private func refusal(_ operation: String, _ response: HTTPResponse, _ body: JSON?) -> AWSError {
        let named = [body?["__type"]?.string, body?["code"]?.string, response.header("x-amzn-errortype")]
        let code = named.lazy.compactMap { $0.map(Self.code) }.first { !$0.isEmpty } ?? "HTTP\(response.status)"
        let message = body?["message"]?.string ?? body?["Message"]?.string ?? response.statusAlone
        return AWSError(
            operation: operation, kind: .refused(code: code, status: response.status), message: message,
            requestID: response.requestID,
            resourceIDs: body?["resourceIds"]?.elements.compactMap(\.string) ?? [])
    }

    /// `namespace#Code` and `Code:http://…` both occur, and the address may have a `#` of its own.
    private static func code(_ raw: String) -> String {
        let name = raw.prefix { $0 != ":" }
        return String(name.split(separator: "#").last ?? "")
    }
}

extension HTTPResponse {
    var isSuccess: Bool { (200..<300).contains(status) }
    /// What is told of an answer that gives no reason.
    var statusAlone: String { "HTTP status \(status) without a reason" }
    var requestID: String? { header("x-amzn-requestid") ?? header("x-amz-request-id") }
}
