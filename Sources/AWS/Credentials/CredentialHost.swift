import Time

/// What bringing keys needs of the machine besides the network.
public protocol CredentialHost: Sendable {
    var now: Timestamp { get }

    /// A file's text, or nil where it cannot be read. `~/` is the home folder.
    func read(_ path: String) -> String?

    /// Replaces a file that only its owner may read.
    func replace(_ path: String, with text: String) throws(CredentialsError)

    /// What a command prints to standard output, which is not shown to anybody.
    ///
    /// - Throws: ``CredentialsError`` where it cannot be started or does not succeed, with what it says to standard error.
    func output(of command: String) async throws(CredentialsError) -> String
}
