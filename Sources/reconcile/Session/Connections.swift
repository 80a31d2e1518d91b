import AWS
import Base

/// Makes the callers of one invocation: with one set of credentials, and one pool of connections.
struct Connections: Sendable {
    private let transport: CurlTransport
    private let secrets: Secrets
    private let budget: CallBudget?
    private let observe: @Sendable (Caller.Record) -> Void

    init(
        certificateBundle: String?, secrets: Secrets = Secrets(), budget: CallBudget? = nil,
        observe: @escaping @Sendable (Caller.Record) -> Void = { _ in }
    ) {
        transport = CurlTransport(certificateBundle: certificateBundle, userAgent: "reconcile/\(Release.current)")
        self.secrets = secrets
        self.budget = budget
        self.observe = observe
    }

    func caller(_ settings: Settings) -> Caller { caller(settings, budget) }

    private func caller(_ settings: Settings, _ budget: CallBudget?) -> Caller {
        Caller(
            settings: settings, transport: transport,
            clock: ServerClock(machine: Machine.now, elapsed: { Machine.elapsed }), secrets: secrets, budget: budget,
            remaining: { Deadline.current?.remaining }, observe: observe)
    }

    /// Brings the credentials that the options, the environment and the shared files tell of.
    ///
    /// - Parameter settings: where STS and the sign-in portals answer.
    func credentials(_ options: CredentialOptions, _ settings: Settings) -> CredentialStore {
        let fetcher = CredentialFetcher(
            host: LocalCredentials(), transport: transport, remaining: { Deadline.current?.remaining },
            caller: { keys in caller(settings.with(keys), nil).patient(.quiet) })
        return CredentialStore(fetcher) { () throws(CredentialsError) in try options.search() }
    }
}

extension Failure {
    /// Nothing to sign with.
    static func credentials(_ error: CredentialsError) -> Failure {
        Failure(.credentialsMissing, error.message, hint: error.hint, cause: error.tried)
    }
}
