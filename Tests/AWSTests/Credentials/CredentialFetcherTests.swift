import AWS
import Hashing
import JSON
import Testing
import Time

/// Against exchanges as the services document them.
@Suite("Each source gives its keys, or says why not")
struct CredentialFetcherTests {
    static let role = RoleRequest(arn: "arn:aws:iam::1:role/deploy", session: "reconcile")
    static let end = "2027-01-15T09:00:00Z"
    static let cache = "~/.aws/sso/cache/\(SHA1.hex("corp")).json"

    static func signIn(isNamed: Bool = true) throws -> CredentialSource {
        let config = """
            [profile p]
            sso_account_id = 111122223333
            sso_role_name = Deploy
            \(isNamed ? "sso_session = corp" : "sso_start_url = corp\nsso_region = eu-north-1")
            [sso-session corp]
            sso_start_url = https://corp.awsapps.com/start
            sso_region = eu-north-1
            """
        let files = SharedFiles(environment: [:], profile: "p") { $0.hasSuffix("config") ? config : nil }
        return try #require(try CredentialSearch(environment: [:], options: .init(), files: files).source)
    }

    static func source(_ environment: [String: String], role: String? = nil) throws -> CredentialSource {
        let files = SharedFiles(environment: environment, profile: nil) { _ in nil }
        let search = try CredentialSearch(environment: environment, options: .init(roleARN: role), files: files)
        return try #require(search.source)
    }

    static func kept(_ end: String, refresh: Bool = true) -> [String: String] {
        let registration =
            refresh
            ? #", "clientId": "c", "clientSecret": "client-secret", "refreshToken": "refresh-1", "#
                + #""registrationExpiresAt": "2027-03-01T00:00:00Z""# : ""
        return [cache: #"{"startUrl": "s", "accessToken": "sso-token-1", "expiresAt": "\#(end)"\#(registration)}"#]
    }

    static let portal = Exchange.Answer(
        request:
            "GET https://portal.sso.eu-north-1.amazonaws.com/federation/credentials?account_id=111122223333&role_name=Deploy",
        has: ["x-amz-sso_bearer_token: sso-token"],
        body: #"{"roleCredentials": {"accessKeyId": "ASIASSO", "secretAccessKey": "s", "sessionToken": "t", "#
            + #""expiration": 1800003600000}}"#)

    @Test("a role for keys: signed with them, with what the profile says")
    func assumed() async throws {
        var role = Self.role
        role.externalID = "x 1"
        role.duration = 900
        let exchange = Exchange([
            .role(
                "AssumeRole",
                has: [
                    "RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fdeploy", "RoleSessionName=reconcile", "ExternalId=x%201",
                    "DurationSeconds=900", "Credential=AKIABASE/",
                ], expires: Self.end)
        ])
        let base = CredentialSource.keys(Credentials(accessKeyID: "AKIABASE", secretAccessKey: "b"), of: "test")
        let keys = try await exchange.fetcher.fetch(.role(role, from: base))
        #expect(
            keys
                == Credentials(
                    accessKeyID: "ASIAROLE", secretAccessKey: "role-secret+/=", sessionToken: "role-token",
                    expiration: Timestamp(seconds: 1_800_003_600)))
    }

    @Test("a role for a token in a file: not signed, and the file is read each time")
    func webIdentity() async throws {
        let exchange = Exchange(
            [.role("AssumeRoleWithWebIdentity", has: ["WebIdentityToken=jwt-1"], expires: Self.end)],
            files: ["/t": "jwt-1\n"])
        let source = CredentialSource.webIdentity(Self.role, tokenFile: "/t")
        #expect(try await exchange.fetcher.fetch(source).accessKeyID == "ASIAROLE")
        exchange.replace("/t", with: "jwt-2")
        exchange.add(
            .role("AssumeRoleWithWebIdentity", has: ["WebIdentityToken=jwt-2"], key: "NEXT", expires: Self.end))
        #expect(try await exchange.fetcher.fetch(source).accessKeyID == "NEXT")
    }

    @Test("a role for the token of a job of GitHub Actions")
    func gitHub() async throws {
        let exchange = Exchange([
            .init(
                request: "GET https://pipelines.example/token?api-version=2.0&audience=sts.amazonaws.com",
                has: ["Authorization: Bearer job-key"], body: #"{"count": 1, "value": "jwt"}"#),
            .role("AssumeRoleWithWebIdentity", has: ["WebIdentityToken=jwt"], expires: Self.end),
        ])
        let source = try Self.source(
            [
                "ACTIONS_ID_TOKEN_REQUEST_URL": "https://pipelines.example/token?api-version=2.0",
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "job-key",
            ], role: Self.role.arn)
        #expect(try await exchange.fetcher.fetch(source).accessKeyID == "ASIAROLE")
    }

    @Test("a sign-in, with the token that was left by it", arguments: [true, false])
    func signedIn(isNamed: Bool) async throws {
        let exchange = Exchange([Self.portal], files: Self.kept("2027-01-15T12:00:00Z"))
        let keys = try await exchange.fetcher.fetch(try Self.signIn(isNamed: isNamed))
        #expect(keys.accessKeyID == "ASIASSO" && keys.expiration == Timestamp(seconds: 1_800_003_600))
    }

    @Test("a sign-in whose token is about to end is renewed, for others, too")
    func renewedSignIn() async throws {
        let exchange = Exchange(
            [
                .init(
                    request: "POST https://oidc.eu-north-1.amazonaws.com/token", has: [#""refreshToken":"refresh-1""#],
                    body:
                        #"{"accessToken": "sso-token-2", "expiresIn": 3600, "refreshToken": "refresh-2", "tokenType": "Bearer"}"#
                ),
                Self.portal,
            ], files: Self.kept("2027-01-15T08:10:00Z"))
        #expect(try await exchange.fetcher.fetch(try Self.signIn()).accessKeyID == "ASIASSO")
        let left = try JSON.parse(try #require(exchange.file(Self.cache)))
        #expect(left["accessToken"] == "sso-token-2" && left["refreshToken"] == "refresh-2")
        #expect(left["expiresAt"]?.string == "2027-01-15T09:00:00Z" && left["clientId"] == "c")
    }

    @Test("a container's, and a pod's with its token")
    func container() async throws {
        let body = #"{"AccessKeyId": "ASIATASK", "SecretAccessKey": "s", "Token": "t", "Expiration": "\#(Self.end)"}"#
        let plain = Exchange([.init(request: "GET http://169.254.170.2/v2/x", body: body)])
        let task = try Self.source(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x"])
        #expect(try await plain.fetcher.fetch(task).sessionToken == "t")
        let withToken = Exchange(
            [.init(request: "GET http://169.254.170.23/v1/credentials", has: ["Authorization: pod-token"], body: body)],
            files: ["/pod": "pod-token\n"])
        let pod = try Self.source([
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "stale", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/pod",
        ])
        #expect(try await withToken.fetcher.fetch(pod).accessKeyID == "ASIATASK")
    }

    @Test("an instance's, with a token of a session")
    func instance() async throws {
        let exchange = Exchange([
            .init(request: "PUT http://169.254.169.254/latest/api/token", has: ["ttl-seconds: 21600"], body: "session"),
            .init(
                request: "GET http://169.254.169.254/latest/meta-data/iam/security-credentials/",
                has: ["X-aws-ec2-metadata-token: session"], body: "node role\n"),
            .init(
                request: "GET http://169.254.169.254/latest/meta-data/iam/security-credentials/node%20role",
                has: ["X-aws-ec2-metadata-token: session"],
                body: #"{"Code": "Success", "AccessKeyId": "ASIANODE", "SecretAccessKey": "s", "Token": "t", "#
                    + #""Expiration": "2027-01-15T09:00:00Z"}"#),
        ])
        #expect(try await exchange.fetcher.fetch(try Self.source([:])).accessKeyID == "ASIANODE")
    }

    @Test("a program's")
    func program() async throws {
        let exchange = Exchange([]) { command in
            #"{"Version": 1, "AccessKeyId": "\#(command)", "SecretAccessKey": "s", "Expiration": "2027-01-15T09:00:00+00:00"}"#
        }
        let keys = try await exchange.fetcher.fetch(.process(command: "give", profile: "p"))
        #expect(keys.accessKeyID == "give" && keys.sessionToken == nil)
        #expect(keys.expiration == Timestamp(seconds: 1_800_003_600))
    }

    struct Failing: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let source: @Sendable () throws -> CredentialSource
        var answers: [Exchange.Answer] = []
        var files: [String: String] = [:]
        var output = ""
        let says: [String]
    }

    static let token = CredentialSource.webIdentity(role, tokenFile: "/t")
    static let failing: [Failing] = [
        Failing(
            testDescription: "a role that may not be assumed", source: { token },
            answers: [.refusal("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")],
            files: ["/t": "jwt-secret"],
            says: ["no keys came from the token in /t for arn:aws:iam::1:role/deploy", "AccessDenied", "trust policy"]),
        Failing(
            testDescription: "a token that is repeated in the refusal", source: { token },
            answers: [.refusal("InvalidIdentityToken", "cannot read jwt-secret", status: 400)],
            files: ["/t": "jwt-secret"],
            says: ["InvalidIdentityToken", "***"]),
        Failing(
            testDescription: "an old token", source: { token },
            answers: [.refusal("ExpiredTokenException", "Token expired", status: 400)], files: ["/t": "jwt-secret"],
            says: ["get a new token"]),
        Failing(
            testDescription: "no token", source: { token }, says: ["the web identity token cannot be read from /t"]),
        Failing(
            testDescription: "a job that may not ask",
            source: {
                try source(
                    ["ACTIONS_ID_TOKEN_REQUEST_URL": "https://p.example/", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "k"],
                    role: role.arn)
            }, answers: [.init(request: "GET https://p.example/", status: 403, body: "secret-page")],
            says: ["GitHub's token endpoint: https://p.example answered with HTTP status 403", "id-token: write"]),
        Failing(
            testDescription: "nobody signed in", source: { try signIn() },
            says: ["there is no sign-in to corp on this machine", "aws sso login --profile p"]),
        Failing(
            testDescription: "a sign-in of yesterday", source: { try signIn() },
            files: kept("2027-01-14T08:00:00Z", refresh: false),
            says: ["the sign-in corp has expired", "aws sso login --profile p"]),
        Failing(
            testDescription: "a sign-in that AWS has ended", source: { try signIn() },
            answers: [
                .init(
                    request: "GET https://portal.sso.eu-north-1", status: 401,
                    body: #"{"__type": "UnauthorizedException", "message": "Session token not found or invalid"}"#)
            ], files: kept("2027-01-15T12:00:00Z"), says: ["UnauthorizedException", "aws sso login --profile p"]),
        Failing(
            testDescription: "a container endpoint elsewhere without encryption",
            source: {
                try source(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://10.0.0.1/keys"])
            }, says: ["http:// is allowed for this machine only"]),
        Failing(
            testDescription: "no instance", source: { try source([:]) },
            says: [
                "the instance's metadata service: nobody answers PUT http://169.254.169.254",
                "AWS_EC2_METADATA_DISABLED=true",
            ]),
        Failing(
            testDescription: "a program that prints something else",
            source: { .process(command: "give", profile: "p") },
            output: "password: hunter2",
            says: ["credential_process of profile p gave no JSON with AccessKeyId and SecretAccessKey"]),
        Failing(
            testDescription: "a program whose keys are of yesterday",
            source: { .process(command: "give", profile: "p") },
            output:
                #"{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "hunter2", "Expiration": "2027-01-14T08:00:00Z"}"#,
            says: ["the credentials of", "have expired, at 2027-01-14T08:00:00Z"]),
    ]

    @Test("keys with a line break are none: they would begin another header")
    func broken() async throws {
        let keys = Credentials(accessKeyID: "AKIA", secretAccessKey: "s", sessionToken: "a\nX-Evil: b")
        let error = await #expect(throws: CredentialsError.self) {
            try await Exchange([]).fetcher.fetch(.keys(keys, of: "the environment"))
        }
        #expect(error?.message.contains("the credentials of the environment have a space or a line break") == true)
    }

    @Test("a failure names the source and the next step, and no secret", arguments: failing)
    func failure(row: Failing) async throws {
        let exchange = Exchange(row.answers, files: row.files) { _ in row.output }
        let source = try row.source()
        let error = await #expect(throws: CredentialsError.self) { try await exchange.fetcher.fetch(source) }
        let text = "\(error?.message ?? "") \(error?.tried ?? []) \(error?.hint ?? "")"
        for words in row.says { #expect(text.contains(words), "\(text)") }
        for secret in ["jwt-secret", "sso-token", "client-secret", "refresh-1", "secret-page", "hunter2", "job-key"] {
            #expect(!text.contains(secret), "\(text)")
        }
    }
}
