/// What profiles of the shared files say of credentials.
/// (AWS SDKs and Tools Reference Guide, "Assume role credential provider", "IAM Identity Center credential provider".)
struct ProfileSources: Sendable {
    private let files: SharedFiles
    private let variables: Variables

    init(_ files: SharedFiles, _ variables: Variables) {
        self.files = files
        self.variables = variables
    }

    /// - Throws: ``CredentialsError`` also where the profile says nothing of credentials.
    func source(of profile: String) throws(CredentialsError) -> CredentialSource {
        if let source = try sourceIfAny(of: profile) { return source }
        throw CredentialsError(
            "profile \(profile) has no keys, no role and no sign-in",
            hint: "sign in or set keys for it: aws configure sso --profile \(profile)")
    }

    /// - Returns: nil where the profile says nothing of credentials.
    func sourceIfAny(of profile: String) throws(CredentialsError) -> CredentialSource? {
        try source(of: profile, after: [])
    }

    /// - Parameter visited: the profiles that lead here, the one in use first.
    private func source(
        of profile: String, after visited: [String]
    ) throws(CredentialsError) -> CredentialSource? {
        guard files.has(profile) else {
            throw CredentialsError(
                "there is no profile \(profile) in the shared config or credentials file"
                    + (visited.last.map { ": profile \($0) names it as its source_profile" } ?? ""),
                hint: "check --profile, AWS_PROFILE, AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE")
        }
        // Of a source the keys count, also where it has a role of its own.
        if !visited.isEmpty, let keys = try keys(of: profile) { return keys }
        guard !visited.contains(profile) else {
            throw CredentialsError(
                "the profiles \((visited + [profile]).joined(separator: ", ")) name each other as source_profile",
                hint: "end the circle with a profile that has keys or a sign-in")
        }
        if let role = value("role_arn", profile) { return try assumed(role, profile, visited) }
        if let access = try singleSignOn(profile) { return .singleSignOn(access) }
        if let keys = try keys(of: profile) { return keys }
        if let command = value("credential_process", profile) { return .process(command: command, profile: profile) }
        if value("login_session", profile) != nil { throw unread("login_session", profile) }
        return nil
    }

    private func assumed(
        _ arn: String, _ profile: String, _ visited: [String]
    ) throws(CredentialsError) -> CredentialSource {
        if value("mfa_serial", profile) != nil { throw unread("mfa_serial (a one-time code)", profile) }
        let request = RoleRequest(
            arn: arn, session: variables.askedSession ?? value("role_session_name", profile) ?? variables.session,
            externalID: value("external_id", profile), duration: value("duration_seconds", profile).flatMap { Int($0) })
        if let file = value("web_identity_token_file", profile) { return .webIdentity(request, tokenFile: file) }
        switch (value("source_profile", profile), value("credential_source", profile)) {
        case (_?, _?):
            throw CredentialsError(
                "profile \(profile) has source_profile and credential_source", hint: "keep one of the two")
        case (let source?, nil):
            guard let base = try self.source(of: source, after: visited + [profile]) else {
                throw CredentialsError(
                    "profile \(source), the source_profile of \(profile), has no keys, no role and no sign-in",
                    hint: "set keys for it, or sign in: aws configure sso --profile \(source)")
            }
            return .role(request, from: base)
        case (nil, let name?): return .role(request, from: try named(name, profile))
        case (nil, nil):
            throw CredentialsError(
                "profile \(profile) has role_arn and nothing to get the role with",
                hint: "add source_profile, credential_source or web_identity_token_file to it")
        }
    }

    private func named(_ name: String, _ profile: String) throws(CredentialsError) -> CredentialSource {
        switch name {
        case "Environment":
            if let keys = try variables.keys() { return keys }
            throw CredentialsError(
                "profile \(profile) takes its credentials from the environment, and AWS_ACCESS_KEY_ID is not set",
                hint: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
        case "EcsContainer":
            if let container = variables.container { return .container(container) }
            throw CredentialsError(
                "profile \(profile) takes its credentials from the container, and this is none",
                hint: "use it in a task of ECS, or another profile here")
        case "Ec2InstanceMetadata":
            if let instance = variables.instance { return .instance(instance) }
            throw CredentialsError(
                "profile \(profile) takes its credentials from the instance, and AWS_EC2_METADATA_DISABLED is true",
                hint: "unset AWS_EC2_METADATA_DISABLED")
        default:
            throw CredentialsError(
                "profile \(profile) has an unknown credential_source",
                hint: "it can be Environment, EcsContainer or Ec2InstanceMetadata")
        }
    }

    private func keys(of profile: String) throws(CredentialsError) -> CredentialSource? {
        guard let id = value("aws_access_key_id", profile) else { return nil }
        guard let secret = value("aws_secret_access_key", profile) else {
            throw CredentialsError(
                "profile \(profile) has aws_access_key_id and no aws_secret_access_key", hint: "set both")
        }
        let token = value("aws_session_token", profile)
        return .keys(
            Credentials(accessKeyID: id, secretAccessKey: secret, sessionToken: token), of: "profile \(profile)")
    }

    private func singleSignOn(_ profile: String) throws(CredentialsError) -> SingleSignOn? {
        let session = value("sso_session", profile)
        guard session != nil || value("sso_start_url", profile) != nil else { return nil }
        // A profile may name a session alone, for other tools: that gives no keys.
        guard let account = value("sso_account_id", profile), let role = value("sso_role_name", profile) else {
            if session != nil, value("sso_account_id", profile) == nil, value("sso_role_name", profile) == nil {
                return nil
            }
            throw CredentialsError(
                "profile \(profile) needs both sso_account_id and sso_role_name",
                hint: "write them again: aws configure sso --profile \(profile)")
        }
        func part(_ key: String) -> String? {
            session.flatMap { files.value(key, in: "sso-session \($0)") } ?? value(key, profile)
        }
        guard let region = part("sso_region"), let start = part("sso_start_url") else {
            throw CredentialsError(
                "profile \(profile) needs sso_region and sso_start_url"
                    + (session.map { ", in [sso-session \($0)]" } ?? ""),
                hint: "write them again: aws configure sso --profile \(profile)")
        }
        return SingleSignOn(
            session: session ?? start, isNamed: session != nil, region: region, account: account, role: role,
            profile: profile)
    }

    /// A way that is not gone here, with one around it.
    private func unread(_ key: String, _ profile: String) -> CredentialsError {
        CredentialsError(
            "profile \(profile) gets its credentials through \(key), which only the AWS command line can ask for",
            hint: "take them from there, then run the same command without --profile and AWS_PROFILE:\n"
                + "eval \"$(aws configure export-credentials --profile \(profile) --format env)\"")
    }

    private func value(_ key: String, _ profile: String) -> String? { files.value(key, of: profile) }
}
