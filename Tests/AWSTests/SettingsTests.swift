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
        _ environment: [String: String] = [:], _ options: SettingsLoader.Options = .init(), manifest: String? = nil
    ) throws -> Settings {
        try SettingsLoader(environment: environment, options: options) { path in
            path.hasSuffix("config") ? config : path.hasSuffix("credentials") ? credentials : nil
        }.load(manifestRegion: manifest)
    }

    @Test("the default profile, session token included")
    func defaults() throws {
        let settings = try Self.load()
        #expect(settings.region == "eu-west-1")
        #expect(
            settings.credentials
                == Credentials(accessKeyID: "DEFAULTKEY", secretAccessKey: "secret", sessionToken: "token"))
        #expect(try settings.endpoint(of: .ecs).origin == "https://ecs.eu-west-1.amazonaws.com")
        #expect(
            try settings.endpoint(of: .ecr, region: "us-east-2").origin == "https://api.ecr.us-east-2.amazonaws.com")
    }

    @Test("keys in the environment outrank the default profile; a profile asked for by name outranks them")
    func precedence() throws {
        let keys = ["AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "ap-south-1"]
        #expect(try Self.load(keys).credentials.accessKeyID == "ENV")
        #expect(try Self.load(keys).region == "ap-south-1")
        #expect(try Self.load(keys, .init(profile: "ci")).credentials.accessKeyID == "FROMCONFIG")
        #expect(try Self.load(keys, manifest: "sa-east-1").region == "sa-east-1")
        #expect(try Self.load(keys, .init(region: "ca-west-1"), manifest: "sa-east-1").region == "ca-west-1")
    }

    @Test("a service's own endpoint outranks the one for all; the option outranks both")
    func endpoints() throws {
        let keys = ["AWS_PROFILE": "ci"]
        #expect(try Self.load(keys).endpoint(of: .ecs).origin == "https://ecs.example")
        #expect(try Self.load(keys).endpoint(of: .sts).origin == "https://all.example")
        let both = ["AWS_ENDPOINT_URL": "https://a.example", "AWS_ENDPOINT_URL_ECS": "https://e.example"]
        #expect(try Self.load(both).endpoint(of: .ecs).origin == "https://e.example")
        #expect(try Self.load(both).endpoint(of: .logs).origin == "https://a.example")
        let option = SettingsLoader.Options(endpoint: "https://o.example")
        #expect(try Self.load(both, option).endpoint(of: .ecs).origin == "https://o.example")
    }

    @Test("what is missing is named with the way to give it")
    func missing() {
        let none = SettingsLoader(environment: [:], options: .init()) { _ in nil }
        #expect(throws: SettingsError.self) { try none.load(manifestRegion: nil) }
        let sso = #expect(throws: SettingsError.self) { try Self.load(["AWS_PROFILE": "sso"]) }
        #expect(sso?.hint.contains("aws configure export-credentials --profile sso") == true)
        let profile = #expect(throws: SettingsError.self) { try Self.load([:], .init(profile: "nope")) }
        #expect(profile?.kind == .profile)
        let region = #expect(throws: SettingsError.self) { try Self.load(["AWS_REGION": "us east 1"]) }
        #expect(region?.kind == .noRegion)
        let half = #expect(throws: SettingsError.self) { try Self.load(["AWS_ACCESS_KEY_ID": "x"]) }
        #expect(half?.kind == .noCredentials)
        let plain = #expect(throws: SettingsError.self) { try Self.load(["AWS_ENDPOINT_URL": "http://example.com"]) }
        #expect(plain?.kind == .endpoint)
    }

    @Test("credentials do not print their secret")
    func silence() {
        let credentials = Credentials(accessKeyID: "AKIA", secretAccessKey: "hunter2", sessionToken: "hunter3")
        #expect(!"\(credentials) \(String(reflecting: credentials))".contains("hunter"))
    }
}
