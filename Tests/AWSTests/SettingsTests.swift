import AWS
import Testing

@Suite("Settings are found as the AWS SDKs find them")
struct SettingsTests {
    static let config = """
        [default]
        region = eu-west-1

        [profile ci]
        region=eu-central-1
        endpoint_url = https://all.example
        services = local
        aws_access_key_id = FROMCONFIG
        aws_secret_access_key = s

        [profile sso]
        sso_session = corp
        region = us-east-1

        [services local]
        ecs =
          endpoint_url = https://ecs.example
        """
    static let credentials = """
        # comment
        [default]
        aws_access_key_id = DEFAULTKEY
        aws_secret_access_key = secret
        aws_session_token = token
        """

    static func load(
        _ environment: [String: String] = [:], _ options: SettingsLoader.Options = .init(), profile: String? = nil,
        manifest: String? = nil
    ) throws -> Settings {
        let files = SharedFiles(environment: environment, profile: profile) { path in
            path.hasSuffix("config") ? config : path.hasSuffix("credentials") ? credentials : nil
        }
        return try SettingsLoader(environment: environment, options: options, files: files)
            .load(manifestRegion: manifest)
    }

    @Test("the default profile's region, and each service's address in it")
    func defaults() throws {
        let settings = try Self.load()
        #expect(settings.region == "eu-west-1")
    }
}
