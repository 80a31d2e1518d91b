import JSON
import Time

/// Asks the sources for their keys.
public struct CredentialFetcher: Sendable {
    let host: any CredentialHost
    let transport: any Transport
    private let caller: @Sendable (any CredentialProvider) -> Caller
    let remaining: @Sendable () -> Duration?

    /// - Parameters:
    ///   - transport: for endpoints outside the AWS services, such as GitHub and the metadata service.
    ///   - remaining: how much time is left for all calls together.
    ///   - caller: makes one that signs with other keys.
    public init(
        host: any CredentialHost, transport: any Transport, remaining: @escaping @Sendable () -> Duration?,
        caller: @escaping @Sendable (any CredentialProvider) -> Caller
    ) {
        self.host = host
        self.transport = transport
        self.remaining = remaining
        self.caller = caller
    }

    /// - Throws: ``CredentialsError`` that names the source and what it said.
    public func fetch(_ source: CredentialSource) async throws(CredentialsError) -> Credentials {
        let keys = try await asked(source)
        let parts = [keys.accessKeyID, keys.secretAccessKey, keys.sessionToken ?? ""]
        // They go into headers, where a line break would begin another one.
        guard !parts.joined().unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7F }) else {
            throw CredentialsError(
                "the credentials of \(source.name) have a space or a line break in them", hint: "write them without it")
        }
        if let end = keys.expiration, end <= host.now {
            throw CredentialsError(
                "the credentials of \(source.name) have expired, at \(end.iso8601)",
                hint: "renew them where they come from")
        }
        return keys
    }

    private func asked(_ source: CredentialSource) async throws(CredentialsError) -> Credentials {
        switch source {
        case .keys(let keys, _): keys
        case .webIdentity(let role, let file):
            try await assume(role, token: try text(of: file, "the web identity token"), source)
        case .gitHub(let role, let tokens): try await assume(role, token: try await token(from: tokens), source)
        case .role(let role, let base):
            try await assume(role, with: try await fetch(base), source)
        case .singleSignOn(let access): try await SignIn(access, host, unsigned).credentials()
        case .process(let command, let profile):
            try Self.keys(in: try await host.output(of: command), from: "credential_process of profile \(profile)")
        case .container(let endpoint): try await container(endpoint)
        case .instance(let endpoint): try await instance(endpoint)
        }
    }

    var unsigned: Caller { caller(Unsigned()) }

    func text(of file: String, _ what: String) throws(CredentialsError) -> String {
        guard let text = host.read(file)?.trimmed, !text.isEmpty else {
            throw CredentialsError("\(what) cannot be read from \(file)", hint: "check the file and its permissions")
        }
        return text
    }

    private func assume(
        _ role: RoleRequest, token: String, _ source: CredentialSource
    ) async throws(CredentialsError) -> Credentials {
        let caller = unsigned
        caller.secrets.learn(["WebIdentityToken": token])
        do { return try await STSClient(caller).assume(role, token: token) } catch {
            throw refused(
                error, source, by: "sts:AssumeRoleWithWebIdentity", for: "the token's issuer, audience and subject")
        }
    }

    private func assume(
        _ role: RoleRequest, with keys: Credentials, _ source: CredentialSource
    ) async throws(CredentialsError) -> Credentials {
        do { return try await STSClient(caller(keys)).assume(role) } catch {
            throw refused(error, source, by: "sts:AssumeRole", for: "the identity that asks")
        }
    }

    private func refused(
        _ error: AWSError, _ source: CredentialSource, by permission: String, for whom: String
    ) -> CredentialsError {
        let hint =
            switch true {
            case error.code == "ExpiredTokenException": "get a new token, then run the same command again"
            case error.isAccessDenied || error.code == "InvalidIdentityToken":
                "check the role's name and its trust policy: it must allow \(permission) for \(whom)"
            case error.isTransient: "run the same command again in a minute"
            default: "check the role and the endpoint of STS"
            }
        return CredentialsError("no keys came from \(source.name)", tried: [error.description], hint: hint)
    }

    /// Keys as the programs, containers and instances of the SDKs write them.
    static func keys(in text: String, from source: String) throws(CredentialsError) -> Credentials {
        let json: JSON?
        do { json = try JSON.parse(text) } catch { json = nil }
        guard let json, let id = json["AccessKeyId"]?.string, let secret = json["SecretAccessKey"]?.string else {
            throw CredentialsError(
                "\(source) gave no JSON with AccessKeyId and SecretAccessKey", hint: "check \(source)")
        }
        if let version = json["Version"], version != 1 {
            throw CredentialsError("\(source) gave another version than 1", hint: "check \(source)")
        }
        return Credentials(
            accessKeyID: id, secretAccessKey: secret,
            sessionToken: json["SessionToken"]?.string ?? json["Token"]?.string,
            expiration: json["Expiration"]?.string.flatMap(Timestamp.init(iso8601:)))
    }
}
