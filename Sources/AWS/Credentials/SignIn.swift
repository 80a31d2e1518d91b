import Hashing
import JSON
import Time

/// Keys for a sign-in of IAM Identity Center, whose token `aws sso login` has left in a file.
/// (AWS SDKs and Tools Reference Guide, "IAM Identity Center credential provider".)
struct SignIn: Sendable {
    private let access: SingleSignOn
    private let host: any CredentialHost
    private let caller: Caller

    /// A token that lasts no longer is renewed. (As the AWS SDKs do.)
    private static let margin: Int64 = 900

    /// - Parameter caller: signs nothing.
    init(_ access: SingleSignOn, _ host: any CredentialHost, _ caller: Caller) {
        self.access = access
        self.host = host
        self.caller = caller
    }

    private var path: String { "~/.aws/sso/cache/\(SHA1.hex(access.session)).json" }

    private var signInAgain: String {
        "sign in first:\naws sso login --profile \(access.profile)"
    }

    func credentials() async throws(CredentialsError) -> Credentials {
        let token = try await token()
        caller.secrets.learn(["accessToken": token])
        let query =
            "account_id=\(PercentEncoding.encode(access.account))&role_name=\(PercentEncoding.encode(access.role))"
        let json: JSON
        do {
            json = try await caller.json(
                .sso, "GetRoleCredentials", "GET", path: "/federation/credentials", query: query,
                region: access.region, headers: [HTTPHeader("x-amz-sso_bearer_token", token)])
        } catch {
            throw CredentialsError(
                "no keys came from the sign-in \(access.session) for the role \(access.role) in \(access.account)",
                tried: [error.description],
                hint: error.code == "UnauthorizedException"
                    ? signInAgain
                    : "check sso_account_id and sso_role_name, or "
                        + signInAgain)
        }
        guard let keys = json["roleCredentials"], let id = keys["accessKeyId"]?.string,
            let secret = keys["secretAccessKey"]?.string, let session = keys["sessionToken"]?.string
        else { throw CredentialsError("the sign-in \(access.session) gave no keys", hint: signInAgain) }
        return Credentials(
            accessKeyID: id, secretAccessKey: secret, sessionToken: session,
            expiration: keys["expiration"]?.integer.map { Timestamp(seconds: Int64($0) / 1_000) })
    }

    private func token() async throws(CredentialsError) -> String {
        let kept: JSON?
        do { kept = try host.read(path).map { try JSON.parse($0) } } catch { kept = nil }
        guard let kept, let token = kept["accessToken"]?.string, let end = Self.moment("expiresAt", kept) else {
            throw CredentialsError("there is no sign-in to \(access.session) on this machine", hint: signInAgain)
        }
        if end.since(host.now) > Self.margin { return token }
        do {
            if let renewed = try await renewed(kept) { return renewed }
        } catch {
            // It is still good for a while.
            guard end > host.now else { throw error }
        }
        guard end > host.now else {
            throw CredentialsError("the sign-in \(access.session) has expired", hint: signInAgain)
        }
        return token
    }

    private static func moment(_ key: String, _ json: JSON) -> Timestamp? {
        json[key]?.string.flatMap(Timestamp.init(iso8601:))
    }

    /// - Returns: nil where this kind of sign-in is not renewed, or not any more.
    private func renewed(_ kept: JSON) async throws(CredentialsError) -> String? {
        guard access.isNamed, let client = kept["clientId"]?.string, let secret = kept["clientSecret"]?.string,
            let refresh = kept["refreshToken"]?.string,
            Self.moment("registrationExpiresAt", kept).map({ $0 > host.now }) ?? false
        else { return nil }
        caller.secrets.learn(["clientSecret": secret, "refreshToken": refresh])
        let answer: JSON
        do {
            let body: JSON = [
                "clientId": .string(client), "clientSecret": .string(secret), "grantType": "refresh_token",
                "refreshToken": .string(refresh),
            ]
            answer = try await caller.json(
                .ssoOIDC, "CreateToken", "POST", path: "/token", region: access.region,
                headers: [HTTPHeader("Content-Type", "application/json")], body: Array(body.compact.utf8))
        } catch {
            throw CredentialsError(
                "the sign-in \(access.session) cannot be renewed", tried: [error.description], hint: signInAgain)
        }
        guard let token = answer["accessToken"]?.string, let lifetime = answer["expiresIn"]?.integer else { return nil }
        var changed = kept
        changed["accessToken"] = .string(token)
        changed["expiresAt"] = .string(host.now.advanced(by: Int64(lifetime)).iso8601)
        if let next = answer["refreshToken"] { changed["refreshToken"] = next }
        // Others who sign in here use the same file, and a refresh token may be good for one use.
        try host.replace(path, with: changed.compact)
        return token
    }
}
