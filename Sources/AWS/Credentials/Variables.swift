/// What the environment says of credentials.
struct Variables: Sendable {
    private let environment: [String: String]
    /// The name under which a role's keys are asked for.
    let session: String
    /// That the command line names: it outranks a profile's.
    let askedSession: String?

    /// - Parameter session: that the command line names.
    init(_ environment: [String: String], session: String?) {
        self.environment = environment
        askedSession = session
        self.session = session ?? environment["AWS_ROLE_SESSION_NAME"] ?? Self.session(environment)
    }

    /// With the run's number, so that CloudTrail leads to the job.
    private static func session(_ environment: [String: String]) -> String {
        guard let run = environment["GITHUB_RUN_ID"], run.allSatisfy(\.isNumber), run.count <= 40 else {
            return "reconcile"
        }
        return "reconcile-\(run)"
    }

    func keys() throws(CredentialsError) -> CredentialSource? {
        guard let id = environment["AWS_ACCESS_KEY_ID"] else { return nil }
        guard let secret = environment["AWS_SECRET_ACCESS_KEY"] else {
            throw CredentialsError("AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not", hint: "set both")
        }
        return .keys(
            Credentials(accessKeyID: id, secretAccessKey: secret, sessionToken: environment["AWS_SESSION_TOKEN"]),
            of: "the environment")
    }

    /// - Parameter role: that the command line names.
    func webIdentity(_ role: String?) throws(CredentialsError) -> CredentialSource? {
        guard let file = environment["AWS_WEB_IDENTITY_TOKEN_FILE"] else { return nil }
        guard let arn = environment["AWS_ROLE_ARN"] ?? role else {
            throw CredentialsError(
                "AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not",
                hint: "set both, or name the role: --role-arn ARN")
        }
        return .webIdentity(RoleRequest(arn: arn, session: session), tokenFile: file)
    }

    /// - Parameter role: that the command line names.
    func gitHub(_ role: String?) -> CredentialSource? {
        guard let url = environment["ACTIONS_ID_TOKEN_REQUEST_URL"],
            let key = environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"],
            let arn = role ?? environment["AWS_ROLE_ARN"]
        else { return nil }
        return .gitHub(RoleRequest(arn: arn, session: session), GitHubTokens(url: url, key: key))
    }

    /// Why GitHub Actions gives no token.
    var gitHubReason: String {
        guard environment["GITHUB_ACTIONS"] == "true" || environment["ACTIONS_ID_TOKEN_REQUEST_URL"] != nil else {
            return "GitHub Actions: this is not one of its jobs"
        }
        guard environment["ACTIONS_ID_TOKEN_REQUEST_URL"] != nil else {
            return "GitHub Actions: this job may not ask for tokens; it needs \"permissions: id-token: write\""
        }
        return "GitHub Actions: no role is named, with --role-arn or AWS_ROLE_ARN"
    }

    /// The relative address outranks the full one.
    var container: ContainerEndpoint? {
        let relative = environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"].map { "http://169.254.170.2" + $0 }
        return (relative ?? environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"]).map { url in
            ContainerEndpoint(
                url: url, token: environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"],
                tokenFile: environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"])
        }
    }

    var instance: InstanceEndpoint? {
        if environment["AWS_EC2_METADATA_DISABLED"]?.lowercased() == "true" { return nil }
        let isIPv6 = environment["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"]?.lowercased() == "ipv6"
        let usual = isIPv6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254"
        // The SDKs' own values: one second, one try.
        return InstanceEndpoint(
            url: environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] ?? usual,
            timeout: (environment["AWS_METADATA_SERVICE_TIMEOUT"].flatMap(Int.init) ?? 1) * 1_000,
            attempts: max(1, environment["AWS_METADATA_SERVICE_NUM_ATTEMPTS"].flatMap(Int.init) ?? 1))
    }
}
