/// Where keys come from, as settings and files tell it. Nothing of it was asked yet.
public indirect enum CredentialSource: Sendable, Equatable {
    /// Keys that are written down.
    case keys(Credentials, of: String)
    /// A token in a file, such as EKS writes one, is given for a role's keys.
    case webIdentity(RoleRequest, tokenFile: String)
    /// A token of the GitHub Actions job is given for a role's keys.
    case gitHub(RoleRequest, GitHubTokens)
    /// Other keys are given for a role's.
    case role(RoleRequest, from: CredentialSource)
    case singleSignOn(SingleSignOn)
    /// What a program prints.
    case process(command: String, profile: String)
    /// What ECS or EKS offers to a container.
    case container(ContainerEndpoint)
    /// What EC2 offers to an instance.
    case instance(InstanceEndpoint)

    /// As it is named in a message.
    public var name: String {
        switch self {
        case .keys(_, let name): name
        case .webIdentity(let role, let file): "the token in \(file) for \(role.arn)"
        case .gitHub(let role, _): "the token of this GitHub Actions job for \(role.arn)"
        case .role(let role, let source): "\(role.arn) by \(source.name)"
        case .singleSignOn(let access): "the sign-in \(access.session)"
        case .process(_, let profile): "credential_process of profile \(profile)"
        case .container: "the container's credentials endpoint"
        case .instance: "the instance's metadata service"
        }
    }
}

/// Where a job of GitHub Actions gets its tokens, with which key.
/// (GitHub Docs, "OpenID Connect reference", "Methods for requesting the OIDC token".)
public struct GitHubTokens: Sendable, Equatable {
    public let url: String
    public let key: String
}

/// A sign-in of IAM Identity Center, and the role that it gives.
public struct SingleSignOn: Sendable, Equatable {
    /// The name of its `sso-session`, or the start address of older profiles: its token is kept under it.
    public let session: String
    public let isNamed: Bool
    public let region: String
    public let account: String
    public let role: String
    public let profile: String
}

/// The address at which a container asks for its task's or pod's keys.
/// (AWS SDKs and Tools Reference Guide, "Container credential provider".)
public struct ContainerEndpoint: Sendable, Equatable {
    public let url: String
    public let token: String?
    /// Outranks the token: the file is replaced before the token expires.
    public let tokenFile: String?
}

/// How an instance asks for its keys. (AWS SDKs and Tools Reference Guide, "IMDS credential provider".)
public struct InstanceEndpoint: Sendable, Equatable {
    public let url: String
    /// How long each answer may take, in milliseconds.
    public let timeout: Int
    public let attempts: Int
}
