import Time

/// Keys to sign with. Prints no more than the access key's name.
public struct Credentials: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible {
    public let accessKeyID: String
    public let secretAccessKey: String
    public let sessionToken: String?
    /// When AWS stops to accept them; nil where they say nothing of it.
    public let expiration: Timestamp?

    public init(
        accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil, expiration: Timestamp? = nil
    ) {
        self.expiration = expiration
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
    }

    /// What no one may see, by the names of the variables that usually hold it. AWS's own keys have 40 characters.
    /// Shorter ones, such as the `test` that people give to an emulator, are words that a log may hold.
    var hidden: [String: String] {
        ["AWS_SECRET_ACCESS_KEY": secretAccessKey, "AWS_SESSION_TOKEN": sessionToken].compactMapValues(\.self)
            .filter { $0.value.utf8.count >= 16 }
    }

    public var description: String { "credentials of \(accessKeyID)" }
    public var debugDescription: String { description }
}
