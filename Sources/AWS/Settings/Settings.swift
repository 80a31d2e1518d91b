/// With which credentials, in which region and at which endpoints AWS is called.
public struct Settings: Sendable {
    public let region: String
    public let credentials: any CredentialProvider
    public let certificateBundle: String?
    private let endpoints: [String: Endpoint]
    private let endpointForAll: Endpoint?

    /// - Parameters:
    ///   - endpoint: used for every service, as `--endpoint-url` asks.
    ///   - endpoints: by the service's name in environment variables, such as `ECS`.
    public init(
        region: String, credentials: any CredentialProvider, endpoint: Endpoint? = nil,
        endpoints: [String: Endpoint] = [:],
        certificateBundle: String? = nil
    ) {
        self.region = region
        self.credentials = credentials
        self.endpointForAll = endpoint
        self.endpoints = endpoints
        self.certificateBundle = certificateBundle
    }

    /// The same with other keys to sign with.
    public func with(_ credentials: any CredentialProvider) -> Settings {
        Settings(
            region: region, credentials: credentials, endpoint: endpointForAll, endpoints: endpoints,
            certificateBundle: certificateBundle)
    }

    /// (AWS General Reference, "AWS Identity and Access Management endpoints and quotas".)
    private static func hostOfIAM(in region: String) -> String {
        if region.hasPrefix("cn-") { return "iam.cn-north-1.amazonaws.com.cn" }
        return region.hasPrefix("us-gov-") ? "iam.us-gov.amazonaws.com" : "iam.amazonaws.com"
    }

    /// The region for which calls to IAM are signed.
    var regionOfIAM: String {
        if region.hasPrefix("cn-") { return "cn-north-1" }
        return region.hasPrefix("us-gov-") ? "us-gov-west-1" : "us-east-1"
    }

    /// Where a service answers: what was declared for it, else what was declared for all, else AWS's public endpoint.
    ///
    /// - Parameter region: another region than the caller's own, as an image's registry may stand in.
    public func endpoint(of service: Service, region: String? = nil) throws(EndpointError) -> Endpoint {
        if let declared = endpoints[service.environmentName] ?? endpointForAll { return declared }
        if service == .iam { return try Endpoint("https://\(Self.hostOfIAM(in: region ?? self.region))") }
        return try .aws(service.hostPrefix, region: region ?? self.region)
    }
}

/// Why no settings could be made: reported before anything is sent.
public struct SettingsError: Error, Sendable, Equatable {
    public enum Kind: Sendable { case noRegion, endpoint, profile }

    public let kind: Kind
    public let message: String
    public let hint: String

    public init(_ kind: Kind, _ message: String, hint: String) {
        self.kind = kind
        self.message = message
        self.hint = hint
    }
}
