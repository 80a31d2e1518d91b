import Time

/// AWS Security Token Service: who is calling, and keys of roles.
public struct STSClient: Sendable {
    private let caller: Caller

    public init(_ caller: Caller) { self.caller = caller }

    /// The calling identity, for the ledger's record of who did what, and for the account.
    /// (STS API Reference, GetCallerIdentity: needs no permission.)
    public func identity() async throws(AWSError) -> CallerIdentity {
        let answer = try await query("GetCallerIdentity", [])
        guard let arn = XML.text(of: "Arn", in: answer), arn.hasPrefix("arn:") else {
            throw malformed("GetCallerIdentity", "the answer has no Arn")
        }
        return CallerIdentity(arn: arn)
    }

    /// Keys of a role, for the caller's own. (STS API Reference, AssumeRole.)
    func assume(_ role: RoleRequest) async throws(AWSError) -> Credentials {
        try await credentials("AssumeRole", role.parameters)
    }

    /// Keys of a role, for a token. (STS API Reference, AssumeRoleWithWebIdentity: needs no signature.)
    func assume(_ role: RoleRequest, token: String) async throws(AWSError) -> Credentials {
        var role = role
        // It has no such parameter.
        role.externalID = nil
        return try await credentials("AssumeRoleWithWebIdentity", role.parameters + [("WebIdentityToken", token)])
    }

    private func credentials(
        _ operation: String, _ parameters: [(String, String)]
    ) async throws(AWSError) -> Credentials {
        let answer = try await query(operation, parameters)
        guard let id = XML.text(of: "AccessKeyId", in: answer),
            let secret = XML.text(of: "SecretAccessKey", in: answer),
            let token = XML.text(of: "SessionToken", in: answer)
        else { throw malformed(operation, "the answer has no keys") }
        return Credentials(
            accessKeyID: id, secretAccessKey: secret, sessionToken: token,
            expiration: XML.text(of: "Expiration", in: answer).flatMap(Timestamp.init(iso8601:)))
    }

    private func query(_ operation: String, _ parameters: [(String, String)]) async throws(AWSError) -> String {
        try await caller.query(.sts, operation, version: "2011-06-15", parameters)
    }

    private func malformed(_ operation: String, _ message: String) -> AWSError {
        AWSError(operation: "sts:\(operation)", kind: .malformed, message: message)
    }
}

/// Who is calling, as AWS sees it.
public struct CallerIdentity: Sendable, Equatable {
    public let arn: String

    /// Twelve digits.
    public var account: String {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count > 4 ? String(parts[4]) : ""
    }
}
