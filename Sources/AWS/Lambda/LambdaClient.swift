import Hashing
import JSON

/// AWS Lambda: calling a function and waiting for its answer.
public struct LambdaClient: Sendable {
    /// What became of an invocation that Lambda has answered.
    public struct Invoked: Sendable, Equatable {
        /// `Handled` or `Unhandled` where the function ended with an error; nil where it did not.
        public let functionError: String?
        /// What the function returned, or what Lambda says of its error.
        public let returned: JSON
        /// The end of its log, of which the first line may be cut; nil where none came.
        public let log: String?
        /// Whether there may have been more of the log than is shown.
        public let isLogCut: Bool
        public let requestID: String?
    }

    private let caller: Caller

    /// Of a log no more than these are shown. (Lambda API Reference, Invoke, "X-Amz-Log-Result": the last 4 KB.)
    private static let shownLog = 4_096

    public init(_ caller: Caller) { self.caller = caller }

    /// Invokes a function, once, and keeps the call open until it has ended. Invoke has no token: the same call again is
    /// another invocation. (Lambda API Reference, Invoke.)
    ///
    /// - Parameters:
    ///   - function: its name or ARN, optionally with `:QUALIFIER`.
    ///   - timeout: how long the answer may take, in milliseconds.
    public func invoke(_ function: String, _ payload: JSON, timeout: Int) async throws(AWSError) -> Invoked {
        let response = try await caller.post(
            .lambda, "InvokeFunction", path: "/2015-03-31/functions/\(PercentEncoding.encode(function))/invocations",
            headers: [HTTPHeader("X-Amz-Invocation-Type", "RequestResponse"), HTTPHeader("X-Amz-Log-Type", "Tail")],
            body: Array(payload.compact.utf8), timeout: timeout)
        let log = response.header("x-amz-log-result").flatMap(Base64.decode)
        let returned: JSON
        do { returned = try JSON.parse(response.body) } catch { throw Self.malformed("is not JSON", response) }
        // Lambda names what it has run. A 200 that does not is another user's, and proves nothing.
        guard log != nil || response.header("x-amz-executed-version") != nil else {
            throw Self.malformed("does not say which version of the function has run", response)
        }
        return Invoked(
            functionError: response.header("x-amz-function-error"), returned: returned,
            log: log.map { String(decoding: $0, as: UTF8.self) },
            isLogCut: log.map { $0.count >= Self.shownLog } ?? false,
            requestID: response.requestID)
    }

    private static func malformed(_ complaint: String, _ response: HTTPResponse) -> AWSError {
        AWSError(
            operation: "lambda:InvokeFunction", kind: .malformed, message: "the answer \(complaint)",
            requestID: response.requestID)
    }
}
