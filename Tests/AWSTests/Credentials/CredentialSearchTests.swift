import AWS
import Testing

/// Which source gives the keys: a row is what is set, and what follows from it.
@Suite("Credentials are looked for in the order of the AWS SDKs")
struct CredentialSearchTests {
    static let config = """
        [default]
        region = eu-west-1

        [profile named]
        role_arn: arn:aws:iam::1:role/named
        source_profile: base
        role_session_name = night

        [profile keys]
        aws_access_key_id = CONFIGKEY
        aws_secret_access_key = s

        [profile role]
        role_arn = arn:aws:iam::1:role/deploy
        source_profile = base
        external_id = x-1
        role_session_name = night
        duration_seconds = 900

        [profile chain]
        role_arn = arn:aws:iam::2:role/far
        source_profile = role

        [profile self]
        role_arn = arn:aws:iam::1:role/self
        source_profile = self
        aws_access_key_id = SELF
        aws_secret_access_key = s

        [profile one]
        role_arn = arn:aws:iam::1:role/one
        source_profile = two
        [profile two]
        role_arn = arn:aws:iam::1:role/two
        source_profile = one

        [profile code]
        role_arn = arn:aws:iam::1:role/x
        source_profile = base
        mfa_serial = arn:aws:iam::1:mfa/me

        [profile eks]
        role_arn = arn:aws:iam::1:role/pod
        web_identity_token_file = /token

        [profile task]
        role_arn = arn:aws:iam::1:role/x
        credential_source = EcsContainer
        [profile vm]
        role_arn = arn:aws:iam::1:role/x
        credential_source = Ec2InstanceMetadata
        [profile env]
        role_arn = arn:aws:iam::1:role/x
        credential_source = Environment
        [profile odd]
        role_arn = arn:aws:iam::1:role/x
        credential_source = Elsewhere
        [profile both]
        role_arn = arn:aws:iam::1:role/x
        source_profile = base
        credential_source = Environment
        [profile bare]
        role_arn = arn:aws:iam::1:role/x
        [profile lost]
        role_arn = arn:aws:iam::1:role/x
        source_profile = nowhere

        [profile sso]
        sso_session = corp
        sso_account_id = 111122223333
        sso_role_name = Deploy
        [sso-session corp]
        sso_start_url = https://corp.awsapps.com/start
        sso_region = eu-north-1
        [profile legacy]
        sso_start_url = https://old.awsapps.com/start
        sso_region = us-east-1
        sso_account_id = 111122223333
        sso_role_name = Deploy
        [profile unfinished]
        sso_session = corp
        sso_account_id = 111122223333
        [profile rolebysso]
        role_arn = arn:aws:iam::1:role/x
        source_profile = sso

        [profile process]
        credential_process = /opt/give "two words"
        [profile login]
        login_session = arn:aws:iam::1:user/me
        [profile half]
        aws_access_key_id = HALF
        [profile empty]
        region = us-east-1
        """
    static let credentials = """
        [base]
        aws_access_key_id = BASEKEY
        aws_secret_access_key = s
        [keys]
        aws_access_key_id = FILEKEY
        aws_secret_access_key = s
        aws_session_token = t
        """

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var environment: [String: String] = [:]
        var profile: String?
        var role: String?
        let found: String
    }

    static let keys = ["AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "s"]
    static let token = ["AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_ARN": "arn:aws:iam::1:role/pod"]
    static let job = [
        "GITHUB_ACTIONS": "true", "GITHUB_RUN_ID": "77", "ACTIONS_ID_TOKEN_REQUEST_URL": "https://t.example/?a=b",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "k",
    ]
    static let task = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x"]
    static let off = ["AWS_EC2_METADATA_DISABLED": "TRUE"]

    static func merged(_ parts: [String: String]...) -> [String: String] {
        parts.reduce(into: [:]) { $0.merge($1) { $1 } }
    }

    static let rows = [
        Row(
            testDescription: "keys of the environment come first", environment: merged(keys, token, job, task),
            found: "keys ENV"),
        Row(
            testDescription: "then a token in a file", environment: merged(token, job, task),
            found: "token in /token for role/pod as reconcile-77"),
        Row(
            testDescription: "then the job's own, for the role of the environment",
            environment: merged(job, task, ["AWS_ROLE_ARN": "arn:aws:iam::1:role/ci"]),
            found: "GitHub https://t.example/?a=b for role/ci as reconcile-77"),
        Row(
            testDescription: "or for the role of the command line", environment: merged(job, task),
            role: "arn:aws:iam::1:role/ci", found: "GitHub https://t.example/?a=b for role/ci as reconcile-77"),
        Row(
            testDescription: "a job without a role gives nothing", environment: merged(job, task),
            found: "container http://169.254.170.2/v2/x"),
        Row(
            testDescription: "then the profile", environment: merged(task, ["AWS_PROFILE": "keys"]),
            found: "keys FILEKEY"),
        Row(
            testDescription: "a profile asked for outranks the environment", environment: merged(keys, token, job),
            profile: "keys", found: "keys FILEKEY"),
        Row(testDescription: "then the container", environment: task, found: "container http://169.254.170.2/v2/x"),
        Row(
            testDescription: "its whole address, with a token in a file",
            environment: [
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/var/token",
            ], found: "container http://169.254.170.23/v1/credentials"),
        Row(testDescription: "then the instance", found: "instance http://169.254.169.254"),
        Row(
            testDescription: "over IPv6", environment: ["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6"],
            found: "instance http://[fd00:ec2::254]"),
        Row(testDescription: "that can be switched off", environment: off, found: "nothing"),
        Row(
            testDescription: "empty variables are not set",
            environment: ["AWS_ACCESS_KEY_ID": "", "AWS_PROFILE": "keys"],
            found: "keys FILEKEY"),
        Row(
            testDescription: "half of the keys", environment: ["AWS_ACCESS_KEY_ID": "ENV"],
            found: "error: AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not"),
        Row(
            testDescription: "a token without a role", environment: ["AWS_WEB_IDENTITY_TOKEN_FILE": "/token"],
            found: "error: AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not"),
        Row(
            testDescription: "a token for the role of the command line",
            environment: ["AWS_WEB_IDENTITY_TOKEN_FILE": "/token"], role: "arn:aws:iam::1:role/ci",
            found: "token in /token for role/ci as reconcile"),
        Row(
            testDescription: "another role by what a token gives", environment: token, role: "arn:aws:iam::1:role/ci",
            found: "role/ci as reconcile by token in /token for role/pod as reconcile"),
        Row(
            testDescription: "a role by the keys in use", environment: merged(keys, job),
            role: "arn:aws:iam::1:role/ci",
            found: "role/ci as reconcile-77 by keys ENV"),
        Row(
            testDescription: "a profile's role", profile: "role",
            found: "role/deploy as night x-1 900 by keys BASEKEY"),
        Row(
            testDescription: "roles in a chain", profile: "chain",
            found: "role/far as reconcile by role/deploy as night x-1 900 by keys BASEKEY"),
        Row(
            testDescription: "a role by the profile's own keys", profile: "self",
            found: "role/self as reconcile by keys SELF"),
        Row(
            testDescription: "profiles in a circle", profile: "one",
            found: "error: the profiles one, two, one name each other as source_profile"),
        Row(
            testDescription: "a one-time code", profile: "code",
            found: "error: profile code gets its credentials through mfa_serial (a one-time code), "
                + "which only the AWS command line can ask for"),
        Row(
            testDescription: "a profile's token in a file", profile: "eks",
            found: "token in /token for role/pod as reconcile"),
        Row(
            testDescription: "a role by the task's", environment: task, profile: "task",
            found: "role/x as reconcile by container http://169.254.170.2/v2/x"),
        Row(
            testDescription: "no task to take it from", profile: "task",
            found: "error: profile task takes its credentials from the container, and this is none"),
        Row(
            testDescription: "a role by the instance's", profile: "vm",
            found: "role/x as reconcile by instance http://169.254.169.254"),
        Row(
            testDescription: "a role by the environment's", environment: keys, profile: "env",
            found: "role/x as reconcile by keys ENV"),
        Row(
            testDescription: "an unknown source", profile: "odd",
            found: "error: profile odd has an unknown credential_source"),
        Row(
            testDescription: "two sources", profile: "both",
            found: "error: profile both has source_profile and credential_source"),
        Row(
            testDescription: "no source", profile: "bare",
            found: "error: profile bare has role_arn and nothing to get the role with"),
        Row(
            testDescription: "a source that is not there", profile: "lost",
            found:
                "error: there is no profile nowhere in the shared config or credentials file: profile lost names it as its "
                + "source_profile"),
        Row(testDescription: "a sign-in", profile: "sso", found: "sign-in corp eu-north-1 111122223333 Deploy"),
        Row(
            testDescription: "a sign-in of older profiles", profile: "legacy",
            found: "sign-in https://old.awsapps.com/start us-east-1 111122223333 Deploy"),
        Row(
            testDescription: "a sign-in that says no role", profile: "unfinished",
            found: "error: profile unfinished needs both sso_account_id and sso_role_name"),
        Row(
            testDescription: "a role by a sign-in", profile: "rolebysso",
            found: "role/x as reconcile by sign-in corp eu-north-1 111122223333 Deploy"),
        Row(testDescription: "a program", profile: "process", found: "program /opt/give \"two words\""),
        Row(
            testDescription: "what only the AWS command line reads", profile: "login",
            found:
                "error: profile login gets its credentials through login_session, which only the AWS command line can ask for"
        ),
        Row(
            testDescription: "half of a profile's keys", profile: "half",
            found: "error: profile half has aws_access_key_id and no aws_secret_access_key"),
        Row(
            testDescription: "a profile without any", profile: "empty",
            found: "error: profile empty has no keys, no role and no sign-in"),
    ]

    @Test("each of them", arguments: rows)
    func each(row: Row) {
        #expect(Self.found(row) == row.found)
    }

    @Test("a session that the command line names outranks the profile's, and a colon is as good as an equals sign")
    func session() throws {
        let search = try CredentialSearch(
            environment: [:], options: .init(roleSession: "mine"), files: Self.files([:], "named"))
        #expect(search.source.map(Self.text) == "role/named as mine by keys BASEKEY")
    }

    @Test("of the two names of the default profile the longer one counts")
    func defaultProfile() throws {
        for (config, key) in [("[default]\n", "SHORT"), ("[profile default]\n", "LONG")] {
            let both = config + "aws_access_key_id = \(key)\naws_secret_access_key = s\n"
            let text = key == "LONG" ? "[default]\naws_access_key_id = SHORT\naws_secret_access_key = s\n" + both : both
            let files = SharedFiles(environment: [:], profile: nil) { $0.hasSuffix("config") ? "\u{FEFF}" + text : nil }
            let search = try CredentialSearch(environment: [:], options: .init(), files: files)
            #expect(search.source.map(Self.text) == "keys \(key)")
        }
    }

    @Test("a profile's name may be in quotes", arguments: ["\"two words\"", "'two words'", "two words"])
    func quoted(name: String) throws {
        let text = "[profile \(name)]\naws_access_key_id = KEY\naws_secret_access_key = s\n"
        let files = SharedFiles(environment: [:], profile: "two words") { $0.hasSuffix("config") ? text : nil }
        let search = try CredentialSearch(environment: [:], options: .init(), files: files)
        #expect(search.source.map(Self.text) == "keys KEY")
    }

    @Test("variables in a file's path are replaced", arguments: ["$HERE/config", "${HERE}/config", "/here/config"])
    func expanded(path: String) throws {
        let text = "[profile p]\naws_access_key_id = KEY\naws_secret_access_key = s\n"
        let environment = ["AWS_CONFIG_FILE": path, "HERE": "/here"]
        let files = SharedFiles(environment: environment, profile: "p") { $0 == "/here/config" ? text : nil }
        let search = try CredentialSearch(environment: environment, options: .init(), files: files)
        #expect(search.source.map(Self.text) == "keys KEY")
    }

    @Test("a file that is there and cannot be read is not taken for a missing one")
    func unreadable() throws {
        let files = SharedFiles(environment: [:], profile: "p", isThere: { $0.hasSuffix("config") }, read: { _ in nil })
        #expect { try CredentialSearch(environment: [:], options: .init(), files: files) } throws: { error in
            (error as? CredentialsError)?.message.contains("~/.aws/config cannot be read") == true
        }
        let own = SharedFiles(environment: [:], profile: nil, isThere: { $0.hasSuffix("config") }, read: { _ in nil })
        let search = try CredentialSearch(environment: [:], options: .init(), files: own)
        #expect(search.passedOver.first == "~/.aws/config: it is there and cannot be read")
    }

    @Test("what was passed over is told with its reason")
    func passedOver() throws {
        let search = try CredentialSearch(
            environment: Self.merged(Self.job, Self.off), options: .init(), files: Self.files(Self.job, nil))
        #expect(search.source == nil)
        #expect(
            search.passedOver == [
                "environment: AWS_ACCESS_KEY_ID is not set",
                "web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not set",
                "GitHub Actions: no role is named, with --role-arn or AWS_ROLE_ARN",
                "profile default: it has no keys, no role and no sign-in",
                "container: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and _FULL_URI are not set",
                "instance: AWS_EC2_METADATA_DISABLED is true",
            ])
    }

    private static func files(_ environment: [String: String], _ profile: String?) -> SharedFiles {
        SharedFiles(environment: environment, profile: profile) { path in
            path.hasSuffix("config") ? config : path.hasSuffix("credentials") ? credentials : nil
        }
    }

    private static func found(_ row: Row) -> String {
        do {
            let search = try CredentialSearch(
                environment: row.environment, options: .init(roleARN: row.role),
                files: files(row.environment, row.profile))
            return search.source.map(text) ?? "nothing"
        } catch {
            return "error: \(error.message)"
        }
    }

    private static func text(_ source: CredentialSource) -> String {
        switch source {
        case .keys(let keys, _): "keys \(keys.accessKeyID)"
        case .webIdentity(let role, let file): "token in \(file) for \(text(role))"
        case .gitHub(let role, let tokens): "GitHub \(tokens.url) for \(text(role))"
        case .role(let role, let base): "\(text(role)) by \(text(base))"
        case .singleSignOn(let access): "sign-in \(access.session) \(access.region) \(access.account) \(access.role)"
        case .process(let command, _): "program \(command)"
        case .container(let endpoint): "container \(endpoint.url)"
        case .instance(let endpoint): "instance \(endpoint.url)"
        }
    }

    private static func text(_ role: RoleRequest) -> String {
        let name = role.arn.split(separator: ":").last ?? ""
        return (["\(name) as \(role.session)", role.externalID, role.duration.map { "\($0)" }].compactMap(\.self))
            .joined(separator: " ")
    }
}
