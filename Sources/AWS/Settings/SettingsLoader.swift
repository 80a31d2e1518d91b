/// Finds settings as the AWS SDKs do: options, then environment, then the shared files.
public struct SettingsLoader: Sendable {
    /// What the command line said.
    public struct Options: Sendable {
        public var region: String?
        public var profile: String?
        public var endpoint: String?

        public init(region: String? = nil, profile: String? = nil, endpoint: String? = nil) {
            self.region = region
            self.profile = profile
            self.endpoint = endpoint
        }
    }

    private let environment: [String: String]
    private let options: Options
    private let config: ConfigFile
    private let credentialsFile: ConfigFile

    /// - Parameter read: a file's text, or nil where there is none; a leading `~/` is the reader's to resolve.
    public init(environment: [String: String], options: Options, read: (String) -> String?) {
        self.environment = environment.filter { !$0.value.isEmpty }
        self.options = options
        config = ConfigFile(read(self.environment["AWS_CONFIG_FILE"] ?? "~/.aws/config") ?? "")
        credentialsFile = ConfigFile(
            read(self.environment["AWS_SHARED_CREDENTIALS_FILE"] ?? "~/.aws/credentials") ?? "")
    }

    /// - Parameter manifestRegion: the manifest's region, which outranks the environment's and is outranked by `--region`.
    /// - Throws: ``SettingsError`` that names what is missing and where it was looked for.
    public func load(manifestRegion: String?) throws(SettingsError) -> Settings {
        if let profile = options.profile, !profileExists(profile) {
            throw SettingsError(
                .profile, "there is no profile \"\(profile)\" in the shared config or credentials file",
                hint: "check --profile, or AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE")
        }
        guard let region = region(manifestRegion: manifestRegion) else {
            throw SettingsError(
                .noRegion, "no region is set",
                hint: "set \"region\" in the manifest, AWS_REGION, or --region")
        }
        // It becomes a part of host names.
        guard region.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || Self.isLetterOrDigit($0) }) else {
            throw SettingsError(
                .noRegion, "the configured region is not a valid region name",
                hint: "check AWS_REGION, AWS_DEFAULT_REGION and the profile: us-east-1 is one")
        }
        let endpoint = options.endpoint ?? environment["AWS_ENDPOINT_URL"] ?? configured("endpoint_url")
        var endpoints: [String: Endpoint] = [:]
        for service in Service.all where options.endpoint == nil {
            let name = "AWS_ENDPOINT_URL_\(service.environmentName)"
            endpoints[service.environmentName] = try parse(environment[name] ?? configured(for: service))
        }
        return Settings(
            region: region, credentials: try credentials(), endpoint: try parse(endpoint), endpoints: endpoints,
            certificateBundle: environment["AWS_CA_BUNDLE"] ?? configured("ca_bundle"))
    }

    /// The region that calls go to, however it is named; nil where none is set.
    ///
    /// - Parameter manifestRegion: as in ``load(manifestRegion:)``.
    public func region(manifestRegion: String?) -> String? {
        options.region ?? manifestRegion ?? environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"]
            ?? configured("region")
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        let letter = byte | 0x20
        return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private var profile: String { options.profile ?? environment["AWS_PROFILE"] ?? "default" }

    private func profileExists(_ name: String) -> Bool {
        config.has(section: Self.section(name)) || credentialsFile.has(section: name)
    }

    private static func section(_ profile: String) -> String {
        profile == "default" ? "default" : "profile \(profile)"
    }

    private func configured(_ key: String) -> String? { config.value(key, in: Self.section(profile)) }

    private func configured(for service: Service) -> String? {
        guard let services = configured("services") else { return nil }
        return config.value("\(service.environmentName.lowercased()).endpoint_url", in: "services \(services)")
    }

    private func parse(_ text: String?) throws(SettingsError) -> Endpoint? {
        guard let text else { return nil }
        do {
            return try Endpoint(text)
        } catch {
            throw SettingsError(
                .endpoint, error.description, hint: "check --endpoint-url, AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_ECS")
        }
    }

    private func credentials() throws(SettingsError) -> Credentials {
        // A profile asked for by name outranks keys in the environment, as in the AWS command line.
        if options.profile == nil, let id = environment["AWS_ACCESS_KEY_ID"] {
            guard let secret = environment["AWS_SECRET_ACCESS_KEY"] else {
                throw SettingsError(
                    .noCredentials, "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not", hint: "set both")
            }
            return Credentials(
                accessKeyID: id, secretAccessKey: secret, sessionToken: environment["AWS_SESSION_TOKEN"])
        }
        for (file, section) in [(credentialsFile, profile), (config, Self.section(profile))] {
            if let id = file.value("aws_access_key_id", in: section),
                let secret = file.value("aws_secret_access_key", in: section)
            {
                let token = file.value("aws_session_token", in: section)
                return Credentials(accessKeyID: id, secretAccessKey: secret, sessionToken: token)
            }
        }
        let indirect = ["role_arn", "sso_session", "sso_start_url", "credential_process", "web_identity_token_file"]
        if let key = indirect.first(where: { configured($0) != nil }) {
            throw SettingsError(
                .noCredentials, "profile \"\(profile)\" gets its credentials through \(key), which is not read here",
                hint: "run this, and then the same command without --profile and AWS_PROFILE: "
                    + "eval \"$(aws configure export-credentials --profile \(profile) --format env)\"")
        }
        throw SettingsError(
            .noCredentials, "no AWS credentials were found",
            hint: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile with keys (--profile)")
    }
}
