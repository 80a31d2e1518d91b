import JSON
import Time

/// Signs requests and reads answers: what the typed clients share. One attempt per call, but for readings with patience.
public final class Caller: Sendable {
    /// One call as it went, for `--verbose` and for counting.
    public struct Record: Sendable {
        public let operation: String
        /// nil where no answer came.
        public let status: Int?
        public let requestID: String?
    }

    public let settings: Settings
    public let clock: ServerClock
    /// The values that no error and no text of others shows.
    public let secrets: Secrets
    private let transport: any Transport
    private let budget: CallBudget?
    private let observe: @Sendable (Record) -> Void
    private let remaining: @Sendable () -> Duration?
    private let patience: ReadPatience?

    /// - Parameters:
    ///   - secrets: learns the values in requests and answers, so that they can be masked.
    ///   - budget: shared by all callers of an account; nil sends at once.
    ///   - remaining: how much time is left for all calls together, nil if nothing bounds it. No call outlasts it.
    ///   - observe: gets each call when it has ended.
    public init(
        settings: Settings, transport: any Transport, clock: ServerClock, secrets: Secrets = Secrets(),
        budget: CallBudget? = nil,
        remaining: @escaping @Sendable () -> Duration? = { nil },
        observe: @escaping @Sendable (Record) -> Void = { _ in }
    ) {
        self.remaining = remaining
        self.settings = settings
        self.transport = transport
        self.clock = clock
        self.secrets = secrets
        self.budget = budget
        self.observe = observe
        patience = nil
    }

    /// The same caller, sending readings again that fail for a moment.
    public func patient(_ patience: ReadPatience) -> Caller { Caller(self, patience: patience) }

    /// The same caller, with so much more time for all calls together: for what is said of the end.
    public func outlasting(_ grace: Duration) -> Caller {
        Caller(self, patience: patience) { [remaining] in remaining().map { $0 + grace } }
    }

    private init(_ caller: Caller, patience: ReadPatience?, remaining: (@Sendable () -> Duration?)? = nil) {
        self.remaining = remaining ?? caller.remaining
        settings = caller.settings
        transport = caller.transport
        clock = caller.clock
        secrets = caller.secrets
        budget = caller.budget
        observe = caller.observe
        self.patience = patience
    }

    /// Calls an operation of a service that speaks AWS JSON 1.1.
    ///
    /// - Parameter isMutating: whether it changes something; then no layer below may send it twice.
    public func call(
        _ service: Service, _ operation: String, _ input: JSON, region: String? = nil, isMutating: Bool = false
    ) async throws(AWSError) -> JSON {
        secrets.learn(from: input)
        guard !isMutating else {
            return try await callOnce(service, operation, input, region: region, isMutating: true)
        }
        return try await patiently(service, operation) { () throws(AWSError) in
            try await callOnce(service, operation, input, region: region, isMutating: false)
        }
    }

    /// Sends a reading again where it fails for a moment.
    func patiently<Answer>(
        _ service: Service, _ operation: String, _ call: () async throws(AWSError) -> Answer
    ) async throws(AWSError) -> Answer {
        guard let patience else { return try await call() }
        let name = "\(service.signingName):\(operation)"
        return try await patience.reading(
            remaining: remaining, slowDown: { await budget?.drain(name) }, call: call)
    }

    private func callOnce(
        _ service: Service, _ operation: String, _ input: JSON, region: String?, isMutating: Bool
    ) async throws(AWSError) -> JSON {
        let target = "\(service.targetPrefix ?? "").\(operation)"
        let response = try await send(
            service, operation, region: region, isMutating: isMutating,
            headers: [
                HTTPHeader("Content-Type", "application/x-amz-json-\(service.jsonVersion)"),
                HTTPHeader("X-Amz-Target", target),
            ], body: Array(input.compact.utf8))
        let name = "\(service.signingName):\(operation)"
        let parsed: JSON?
        // Operations without output answer with `{}`: an empty body is a proxy's.
        do { parsed = try JSON.parse(response.body) } catch { parsed = nil }
        let origin = AnswerOrigin(response, of: name, hiding: secrets)
        guard response.isSuccess else { throw refused(origin.refusal(parsed), by: response) }
        try origin.check()
        guard let parsed, parsed.object != nil else {
            throw origin.malformed("the answer is not a JSON object")
        }
        secrets.learn(from: parsed)
        return parsed
    }

    /// Calls an operation of a service that speaks the older query protocol and changes nothing, and returns its XML.
    func query(
        _ service: Service, _ operation: String, version: String, _ parameters: [(String, String)] = [],
        region: String? = nil
    ) async throws(AWSError) -> String {
        let pairs = [("Action", operation), ("Version", version)] + parameters
        let form = pairs.map { "\($0)=\(PercentEncoding.encode($1))" }.joined(separator: "&")
        return try await patiently(service, operation) { () throws(AWSError) in
            try await queryOnce(service, operation, form, region)
        }
    }

    private func queryOnce(
        _ service: Service, _ operation: String, _ form: String, _ region: String?
    ) async throws(AWSError) -> String {
        let response = try await send(
            service, operation, region: region, isMutating: false,
            headers: [HTTPHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
            body: Array(form.utf8))
        let name = "\(service.signingName):\(operation)"
        let text = String(decoding: response.body, as: UTF8.self)
        let origin = AnswerOrigin(response, of: name, hiding: secrets)
        guard response.isSuccess else {
            let refusal = origin.refusal(
                code: XML.text(of: "Code", in: text), message: XML.text(of: "Message", in: text))
            throw refused(refusal, by: response)
        }
        try origin.check()
        guard String(validating: response.body, as: UTF8.self) != nil else {
            throw origin.malformed("the answer is not valid UTF-8")
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
            service, operation, path: path, region: nil, isMutating: true,
            headers: [HTTPHeader("Content-Type", "application/json")] + headers, body: body, timeout: timeout)
        let origin = AnswerOrigin(response, of: "\(service.signingName):\(operation)", hiding: secrets)
        guard response.isSuccess else {
            let parsed: JSON?
            do { parsed = try JSON.parse(response.body) } catch { parsed = nil }
            throw refused(origin.refusal(parsed), by: response)
        }
        try origin.check()
        return response
    }

    /// Asks a service that has a path for each operation and takes no signature, and returns its JSON.
    func json(
        _ service: Service, _ operation: String, _ method: String, path: String, query: String = "", region: String,
        headers: [HTTPHeader], body: [UInt8] = []
    ) async throws(AWSError) -> JSON {
        let response = try await exchange(
            service, operation, method, path: path, query: query, region: region, headers: headers, body: body,
            timeout: nil)
        let origin = AnswerOrigin(response, of: "\(service.signingName):\(operation)", hiding: secrets)
        let parsed: JSON?
        do { parsed = try JSON.parse(response.body) } catch { parsed = nil }
        if !response.isSuccess { throw refused(origin.refusal(parsed), by: response) }
        try origin.check()
        guard let parsed, parsed.object != nil else { throw origin.malformed("the answer is not a JSON object") }
        return parsed
    }

    /// Sends one request, for services whose HTTP status is part of the answer.
    ///
    /// - Parameter timeout: how long the answer may take, in milliseconds; nil for the usual time.
    /// - Returns: whatever came back: nothing of it is checked.
    func exchange(
        _ service: Service, _ operation: String, _ method: String, path: String, query: String, region: String?,
        headers: [HTTPHeader], body: [UInt8], timeout: Int?
    ) async throws(AWSError) -> HTTPResponse {
        try await send(
            service, operation, method, path: path, query: query, region: region, isMutating: method != "GET",
            headers: headers, body: body, timeout: timeout)
    }

    private func send(
        _ service: Service, _ operation: String, _ method: String = "POST", path: String = "/", query: String = "",
        region: String?, isMutating: Bool, headers: [HTTPHeader], body: [UInt8], timeout: Int? = nil
    ) async throws(AWSError) -> HTTPResponse {
        let name = "\(service.signingName):\(operation)"
        let endpoint: Endpoint
        do {
            endpoint = try settings.endpoint(of: service, region: region)
        } catch {
            throw AWSError(operation: name, kind: .notSent, message: error.description)
        }
        do { try await budget?.take(name) } catch { throw .cancelled(name) }
        let remaining = remaining()
        if let remaining, remaining <= .zero {
            throw AWSError(
                operation: name, kind: .unanswered(.deadline, mayHaveArrived: false),
                message: "not sent: no time is left until the deadline")
        }
        var request = HTTPRequest(
            method: method, endpoint: endpoint, path: path, query: query, headers: headers, body: body)
        request.isMutating = isMutating
        request.timeout = timeout
        request.remaining = remaining
        let keys = try await keys(for: name, isMutating: isMutating)
        let response = try await signed(request, keys, service, region, name)
        // AWS has looked at the signature alone, and at nothing that was asked for.
        let start = clock.elapsed()
        guard let keys, response.saysExpired, let others = await settings.credentials.renewed(insteadOf: keys) else {
            return response
        }
        secrets.learn(others.hidden)
        if isMutating { try checkWait(since: start, name) }
        return try await signed(request, others, service, region, name)
    }

    private func keys(for name: String, isMutating: Bool) async throws(AWSError) -> Credentials? {
        let start = clock.elapsed()
        let keys: Credentials?
        do { keys = try await settings.credentials.credentials() } catch {
            throw AWSError(operation: name, kind: .withoutKeys(error), message: error.message)
        }
        // AWS repeats what was signed in the message that the signature is wrong.
        if let keys { secrets.learn(keys.hidden) }
        if isMutating { try checkWait(since: start, name) }
        return keys
    }

    /// Who makes a change has made sure a moment before that it may. After a wait for keys it has to do so once more.
    private func checkWait(since start: Duration, _ name: String) throws(AWSError) {
        guard clock.elapsed() - start > .seconds(2) else { return }
        throw AWSError(
            operation: name, kind: .unanswered(.timedOut, mayHaveArrived: false),
            message: "not sent: new credentials took too long")
    }

    /// Signs a request and sends it, once.
    private func signed(
        _ request: HTTPRequest, _ keys: Credentials?, _ service: Service, _ region: String?, _ name: String
    ) async throws(AWSError) -> HTTPResponse {
        var request = request
        let signedAt = clock.now
        if let keys {
            let signer = SigV4(credentials: keys, region: region ?? settings.region, service: service.signingName)
            request.headers = signer.sign(request, at: signedAt)
        }
        do {
            var response = try await transport.send(request)
            response.isSignedInTime = ServerClock.isInTime(response.date, signedAt: signedAt)
            clock.record(response.date, signedAt: signedAt)
            observe(Record(operation: name, status: response.status, requestID: response.requestID))
            return response
        } catch {
            observe(Record(operation: name, status: nil, requestID: nil))
            // What is left is a bound on the transfer: an answer that comes later is not waited for.
            if error.kind == .timedOut, let left = self.remaining(), left <= .milliseconds(50) {
                throw AWSError(
                    operation: name, kind: .unanswered(.deadline, mayHaveArrived: error.mayHaveArrived),
                    message: "no answer until the deadline")
            }
            throw AWSError(
                operation: name, kind: .unanswered(error.kind, mayHaveArrived: error.mayHaveArrived),
                message: error.message)
        }
    }

    /// What a refusal says of the clock is used from the next call on.
    func refused(_ error: AWSError, by response: HTTPResponse) -> AWSError {
        if error.isClockSkewed { clock.correct(to: response.date) }
        return error
    }
}
