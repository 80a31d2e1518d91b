/// Finds settings as the AWS SDKs do: options, then environment, then the shared files.
public struct SettingsLoader: Sendable {
    /// What the command line said.
    public struct Options: Sendable {
        public var region: String?
        public var endpoint: String?

        public init(region: String? = nil, endpoint: String? = nil) {
            self.region = region
            self.endpoint = endpoint
        }
    }

    private let environment: [String: String]
    private let options: Options
    private let files: SharedFiles

    /// - Parameter files: with the profile that the command line names.
    public init(environment: [String: String], options: Options, files: SharedFiles) {
        self.environment = environment.filter { !$0.value.isEmpty }
        self.options = options
        self.files = files
    }

    /// Settings without credentials.
    ///
    /// - Parameter manifestRegion: the manifest's region, which outranks the environment's and is outranked by `--region`.
    /// - Throws: ``SettingsError`` that names what is missing and where it was looked for.
    public func load(manifestRegion: String?) throws(SettingsError) -> Settings {
        if let profile = files.asked, !files.has(profile) {
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
        let endpoint = options.endpoint ?? environment["AWS_ENDPOINT_URL"] ?? files.configured("endpoint_url")
        var endpoints: [String: Endpoint] = [:]
        for service in Service.all where options.endpoint == nil {
            let name = "AWS_ENDPOINT_URL_\(service.environmentName)"
            endpoints[service.environmentName] = try parse(environment[name] ?? configured(for: service))
        }
        return Settings(
            region: region, credentials: Unsigned(), endpoint: try parse(endpoint), endpoints: endpoints,
            certificateBundle: environment["AWS_CA_BUNDLE"] ?? files.configured("ca_bundle"))
    }

    /// The region that calls go to, however it is named; nil where none is set.
    ///
    /// - Parameter manifestRegion: as in ``load(manifestRegion:)``.
    public func region(manifestRegion: String?) -> String? {
        options.region ?? manifestRegion ?? environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"]
            ?? files.configured("region")
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        let letter = byte | 0x20
        return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private func configured(for service: Service) -> String? {
        guard let services = files.configured("services") else { return nil }
        return files.value("\(service.environmentName.lowercased()).endpoint_url", in: "services \(services)")
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
}
