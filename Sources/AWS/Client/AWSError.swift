/// Why a call did not give an answer that can be used.
public struct AWSError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Kind: Sendable, Equatable {
        /// The service refused: its error code, such as `ClientException`, and the HTTP status.
        case refused(code: String, status: Int)
        /// An answer came that names no error of AWS, such as a proxy's page: it says nothing about what the service did.
        case foreign(status: Int)
        /// No answer came.
        case unanswered(TransportError.Kind, mayHaveArrived: Bool)
        /// An answer came that this client cannot read.
        case malformed
        /// The call could not be made at all.
        case notSent
        /// There was nothing to sign it with.
        case withoutKeys(CredentialsError)
    }

    /// `SERVICE:Operation`, such as `ecs:RunTask`: the name in IAM policies.
    public let operation: String
    public let kind: Kind
    public let message: Untrusted
    public let requestID: String?
    /// The ARNs that a ConflictException names: for RunTask the tasks that the token belongs to.
    public let resourceIDs: [String]
    /// Whether the call was sent again as often as is worth it.
    private var isFinal = false
    /// Whether the answer's own date shows that the signature was not too old.
    public let isSignedInTime: Bool

    /// - Parameter message: of this program's own.
    public init(
        operation: String, kind: Kind, message: String, requestID: String? = nil, resourceIDs: [String] = [],
        isSignedInTime: Bool = false
    ) {
        self.init(
            operation: operation, kind: kind, said: Untrusted(own: message), requestID: requestID,
            resourceIDs: resourceIDs, isSignedInTime: isSignedInTime)
    }

    /// - Parameter message: what the service says.
    public init(
        operation: String, kind: Kind, said message: Untrusted, requestID: String? = nil, resourceIDs: [String] = [],
        isSignedInTime: Bool = false
    ) {
        self.isSignedInTime = isSignedInTime
        self.operation = operation
        self.kind = kind
        self.message = message
        self.requestID = requestID
        self.resourceIDs = resourceIDs
    }

    public var code: String? { if case .refused(let code, _) = kind { code } else { nil } }

    public var isAccessDenied: Bool {
        let denied: Set = [
            "AccessDeniedException", "AccessDenied", "UnauthorizedException", "UnauthorizedOperation",
            "UnrecognizedClientException", "InvalidClientTokenId", "InvalidSignatureException", "SignatureDoesNotMatch",
            "InvalidAccessKeyId", "MissingAuthenticationToken", "MissingAuthenticationTokenException",
            "IncompleteSignature",
            "IncompleteSignatureException", "ExpiredToken", "ExpiredTokenException", "NotAuthorized", "AuthFailure",
            "InvalidToken",
        ]
        return code.map(denied.contains) ?? false
    }

    /// The credentials were good once. (AWS Security Token Service API Reference, "Common Errors".)
    public var isExpired: Bool {
        switch code {
        case "ExpiredToken", "ExpiredTokenException": true
        // AWS says it of old signatures and of old credentials; a signature in time leaves the credentials.
        case "RequestExpired": isSignedInTime
        default: isAccessDenied && message.mentions("token included in the request is expired")
        }
    }

    /// AWS does not know the credentials, or they do not fit the signature: no permission would help.
    public var areCredentialsUnknown: Bool {
        let codes: Set = [
            "UnrecognizedClientException", "InvalidClientTokenId", "InvalidSignatureException", "SignatureDoesNotMatch",
            "InvalidAccessKeyId", "MissingAuthenticationToken", "MissingAuthenticationTokenException",
            "IncompleteSignature",
            "IncompleteSignatureException", "AuthFailure", "InvalidToken",
        ]
        return code.map(codes.contains) == true && !isExpired && !isClockSkewed
    }

    /// Which permission was missing, such as `ecs:TagResource`: not always the one that is named like the call. (Its message:
    /// "… is not authorized to perform: ecs:TagResource on resource: …".)
    public var missingPermission: String? {
        guard isAccessDenied, let name = message.name(after: "not authorized to perform: ") else { return nil }
        return name.contains(":") && name.last != ":" ? String(name) : nil
    }

    /// The server asked to slow down.
    public var isThrottled: Bool {
        let throttled: Set = [
            "ThrottlingException", "Throttling", "ThrottledException", "RequestLimitExceeded",
            "TooManyRequestsException",
            "RequestThrottled", "RequestThrottledException", "SlowDown", "LimitExceededException.Throttling",
        ]
        switch kind {
        case .refused(let code, let status): return throttled.contains(code) || status == 429
        case .foreign(let status): return status == 429
        case .unanswered, .malformed, .notSent, .withoutKeys: return false
        }
    }

    /// The signature's date was too far from the server's clock. The next call is signed with the corrected one.
    public var isClockSkewed: Bool {
        guard let code else { return false }
        return code == "RequestTimeTooSkewed" || (code == "RequestExpired" && !isSignedInTime)
            || (["InvalidSignatureException", "SignatureDoesNotMatch"].contains(code)
                && ["Signature expired", "Signature not yet current"].contains { message.contains($0) })
    }

    /// The server does not know such a request. (Query and JSON protocols: `InvalidAction`, `UnknownOperationException`.)
    public var isUnsupported: Bool {
        let codes: Set = ["NotImplemented", "InvalidAction", "UnknownOperationException"]
        return switch kind {
        case .refused(let code, let status): status == 501 || codes.contains(code)
        case .foreign(let status): status == 501
        case .unanswered, .malformed, .notSent, .withoutKeys: false
        }
    }

    /// Another registration of the family is under way. ECS uses the same code for many other refusals.
    private var isContended: Bool { message.contains("Too many concurrent attempts") }

    /// A fault that may be gone at the next try: throttled, a 5xx, a broken or slow connection, a crowd.
    public var isTransient: Bool {
        guard !isFinal else { return false }
        return switch kind {
        case .refused(_, let status): isThrottled || isClockSkewed || isContended || status >= 500
        case .foreign(let status): status == 408 || status == 425 || status == 429 || status >= 500
        case .unanswered(let kind, _): kind != .cancelled && kind != .untrusted && kind != .tooLarge
        case .malformed, .notSent, .withoutKeys: false
        }
    }

    /// Whether a mutating call may have had its effect although it failed.
    public var mayHaveHadEffect: Bool {
        switch kind {
        case .refused(_, let status): status >= 500 || status == 408
        case .foreign: true
        case .unanswered(_, let mayHaveArrived): mayHaveArrived
        case .malformed: true
        case .notSent, .withoutKeys: false
        }
    }

    /// The same after all tries.
    var afterAllTries: AWSError {
        var error = self
        error.isFinal = true
        return error
    }

    /// The caller's task was cancelled before the call was sent.
    static func cancelled(_ operation: String) -> AWSError {
        AWSError(
            operation: operation, kind: .unanswered(.cancelled, mayHaveArrived: false),
            message: "cancelled before it was sent")
    }

    public var description: String {
        let reason = code.map { "\($0): \(message)" } ?? message.description
        return "\(operation): \(reason)" + (requestID.map { " (request \($0))" } ?? "")
    }
}
