/// Finds where keys come from, in the order of the AWS SDKs: options, environment, shared files, container, instance.
/// (AWS SDKs and Tools Reference Guide, "Standardized credential providers".) Reads settings only, and sends nothing.
public struct CredentialSearch: Sendable {
    /// What the command line says.
    public struct Options: Sendable, Equatable {
        public var roleARN: String?
        public var roleSession: String?

        public init(roleARN: String? = nil, roleSession: String? = nil) {
            self.roleARN = roleARN
            self.roleSession = roleSession
        }
    }

    /// What gives the keys; nil where nothing does.
    public let source: CredentialSource?
    /// What was looked at before, and why each gives nothing.
    public let passedOver: [String]

    /// - Parameters:
    ///   - environment: variables that are empty count as unset.
    ///   - files: with the profile that an option asks for.
    /// - Throws: ``CredentialsError`` where what comes first is not complete or cannot work here.
    public init(environment: [String: String], options: Options, files: SharedFiles) throws(CredentialsError) {
        let variables = Variables(environment.filter { !$0.value.isEmpty }, session: options.roleSession)
        var passed = files.unreadable.map { "\($0): it is there and cannot be read" }
        if let asked = files.asked, !files.has(asked), let file = files.unreadable.first {
            throw CredentialsError(
                "profile \(asked) is not known: \(file) cannot be read", hint: "check the file's permissions")
        }
        let base = try Self.first(variables, options, files, &passed)
        passedOver = passed
        guard let role = options.roleARN, !Self.isGiven(role, by: base) else {
            source = base
            return
        }
        source = base.map { .role(RoleRequest(arn: role, session: variables.session), from: $0) }
    }

    /// Whether the token of an environment is given for the very role that the command line names.
    private static func isGiven(_ role: String, by source: CredentialSource?) -> Bool {
        switch source {
        case .webIdentity(let request, _), .gitHub(let request, _): request.arn == role
        default: false
        }
    }

    private static func first(
        _ variables: Variables, _ options: Options, _ files: SharedFiles, _ passed: inout [String]
    ) throws(CredentialsError) -> CredentialSource? {
        let profiles = ProfileSources(files, variables)
        // A profile asked for by name outranks the environment, as in the AWS command line.
        if let asked = files.asked { return try profiles.source(of: asked) }
        if let keys = try variables.keys() { return keys }
        passed.append("environment: AWS_ACCESS_KEY_ID is not set")
        if let token = try variables.webIdentity(options.roleARN) { return token }
        passed.append("web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not set")
        if let job = variables.gitHub(options.roleARN) { return job }
        passed.append(variables.gitHubReason)
        if files.has(files.profile) || files.isNamed {
            if let source = try profiles.sourceIfAny(of: files.profile) { return source }
            passed.append("profile \(files.profile): it has no keys, no role and no sign-in")
        } else {
            passed.append("profile \(files.profile): it is not in the shared config or credentials file")
        }
        if let container = variables.container { return .container(container) }
        passed.append("container: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and _FULL_URI are not set")
        if let instance = variables.instance { return .instance(instance) }
        passed.append("instance: AWS_EC2_METADATA_DISABLED is true")
        return nil
    }
}
