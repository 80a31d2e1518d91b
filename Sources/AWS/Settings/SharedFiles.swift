/// The shared config and credentials files, and the profile in use.
public struct SharedFiles: Sendable {
    private let config: ConfigFile
    private let credentials: ConfigFile
    /// That an option asks for.
    public let asked: String?
    private let environment: [String: String]

    /// Those that are there and cannot be read.
    let unreadable: [String]

    /// - Parameters:
    ///   - isThere: whether a file is there.
    ///   - read: a file's text, or nil where there is none; a leading `~/` is the reader's to resolve.
    public init(
        environment: [String: String], profile: String?, isThere: (String) -> Bool = { _ in false },
        read: (String) -> String?
    ) {
        let environment = environment.filter { !$0.value.isEmpty }
        let paths = [
            environment["AWS_CONFIG_FILE"] ?? "~/.aws/config",
            environment["AWS_SHARED_CREDENTIALS_FILE"] ?? "~/.aws/credentials",
        ].map { Self.expanded($0, environment) }
        let texts = paths.map(read)
        config = ConfigFile(texts[0] ?? "")
        credentials = ConfigFile(texts[1] ?? "")
        unreadable = zip(paths, texts).filter { $1 == nil && isThere($0) }.map(\.0)
        asked = profile
        self.environment = environment
    }

    /// With the variables in a path replaced, as the AWS command line does; one that is not set stays as it is written.
    private static func expanded(_ path: String, _ environment: [String: String]) -> String {
        path.replacing(/\$(?:\{(\w+)\}|(\w+))/) { found in
            environment[String(found.output.1 ?? found.output.2 ?? "")] ?? String(found.output.0)
        }
    }

    public var profile: String {
        asked ?? environment["AWS_DEFAULT_PROFILE"] ?? environment["AWS_PROFILE"] ?? "default"
    }
    /// Whether somebody has named it.
    var isNamed: Bool { asked != nil || environment["AWS_PROFILE"] != nil || environment["AWS_DEFAULT_PROFILE"] != nil }

    func has(_ profile: String) -> Bool {
        config.has(section: section(profile)) || credentials.has(section: profile)
    }

    /// A value of a profile: the credentials file outranks the config file.
    func value(_ key: String, of profile: String) -> String? {
        credentials.value(key, in: profile) ?? config.value(key, in: section(profile))
    }

    /// A value of the profile in use.
    func configured(_ key: String) -> String? { value(key, of: profile) }

    /// A value of another section, such as `sso-session corp`.
    func value(_ key: String, in section: String) -> String? { config.value(key, in: section) }

    func has(section: String) -> Bool { config.has(section: section) }

    /// The default profile may have either name; with both, the longer one counts, as in the AWS command line.
    private func section(_ profile: String) -> String {
        let name = "profile \(profile)"
        return profile == "default" && !config.has(section: name) ? profile : name
    }
}
