/// Where callers get keys from, before each call.
public protocol CredentialProvider: Sendable {
    /// Keys that AWS accepts now; nil where requests go unsigned.
    ///
    /// - Throws: ``CredentialsError`` where there are none.
    func credentials() async throws(CredentialsError) -> Credentials?

    /// Others, after AWS has said that these have expired; nil where there are none.
    func renewed(insteadOf refused: Credentials) async -> Credentials?
}

/// Keys that somebody has given: there are no others.
extension Credentials: CredentialProvider {
    public func credentials() -> Credentials? { self }
    public func renewed(insteadOf refused: Credentials) -> Credentials? { nil }
}

/// For calls that take no signature, such as those that bring the first keys.
struct Unsigned: CredentialProvider {
    func credentials() -> Credentials? { nil }
    func renewed(insteadOf refused: Credentials) -> Credentials? { nil }
}

/// Why there are no keys to sign with.
public struct CredentialsError: Error, Sendable, Equatable {
    public let message: String
    /// What was tried, and why each gave nothing.
    public let tried: [String]
    public let hint: String

    public init(_ message: String, tried: [String] = [], hint: String) {
        self.message = message
        self.tried = tried
        self.hint = hint
    }
}
