import Time

/// The keys in use, brought when they are needed and renewed before they expire.
public actor CredentialStore: CredentialProvider {
    private let search: @Sendable () throws(CredentialsError) -> CredentialSearch
    private let fetcher: CredentialFetcher
    private var current: (keys: Credentials, renewal: Timestamp?)?
    /// What others wait for, too.
    private var fetch: Task<Result<Credentials, CredentialsError>, Never>?

    /// How long before their end keys are renewed, in seconds. A release has no call that takes so long.
    private static let margin: Int64 = 300
    /// How long keys are used on that could not be renewed, or whose end is past on this machine's clock.
    private static let pause: Int64 = 60

    /// - Parameter search: reads the settings again each time: files may have changed.
    public init(
        _ fetcher: CredentialFetcher, search: @escaping @Sendable () throws(CredentialsError) -> CredentialSearch
    ) {
        self.fetcher = fetcher
        self.search = search
    }

    public func credentials() async throws(CredentialsError) -> Credentials? {
        guard let current else { return try await fetched() }
        let now = fetcher.host.now
        guard let renewal = current.renewal, now >= renewal else { return current.keys }
        guard let end = current.keys.expiration, now < end else { return try await fetched() }
        // They are good for a while: no call waits for others.
        if fetch == nil { Task { await self.renew(current.keys, before: end) } }
        return current.keys
    }

    private func renew(_ keys: Credentials, before end: Timestamp) async {
        do { _ = try await fetched() } catch {
            if current?.keys == keys { current?.renewal = fetcher.host.now.advanced(by: Self.pause) }
        }
    }

    public func renewed(insteadOf refused: Credentials) async -> Credentials? {
        if let current, current.keys != refused { return current.keys }
        do {
            let keys = try await fetched()
            return keys == refused ? nil : keys
        } catch { return nil }
    }

    /// Callers that come meanwhile wait for the same answer.
    private func fetched() async throws(CredentialsError) -> Credentials {
        if let fetch { return try await fetch.value.get() }
        let task = Task { await self.asked() }
        fetch = task
        let result = await task.value
        fetch = nil
        let keys = try result.get()
        current = (keys, renewal(of: keys))
        return keys
    }

    private func asked() async -> Result<Credentials, CredentialsError> {
        do throws(CredentialsError) {
            let search = try search()
            guard let source = search.source else { throw Self.missing(search.passedOver) }
            do { return .success(try await fetcher.fetch(source)) } catch {
                // The instance is the last source, and is tried on machines outside EC2, too.
                guard case .instance = source, !search.passedOver.isEmpty else { throw error }
                throw Self.missing(search.passedOver + ["instance: \(error.message)"])
            }
        } catch {
            return .failure(error)
        }
    }

    /// Half way through the life of keys that live no longer than a few minutes.
    private func renewal(of keys: Credentials) -> Timestamp? {
        keys.expiration.map { end in
            let now = fetcher.host.now
            let left = end.since(now)
            return left <= 0 ? now.advanced(by: Self.pause) : end.advanced(by: -min(Self.margin, left / 2))
        }
    }

    private static func missing(_ tried: [String]) -> CredentialsError {
        CredentialsError(
            "no AWS credentials were found", tried: tried,
            hint:
                "sign in with a profile, name a role in a job of GitHub Actions (--role-arn), or set AWS_ACCESS_KEY_ID "
                + "and AWS_SECRET_ACCESS_KEY")
    }
}
