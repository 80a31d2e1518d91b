/// The name of an image in a task definition, taken apart: `REPOSITORY`, `REPOSITORY:TAG`, `REPOSITORY@DIGEST`, or
/// `REPOSITORY:TAG@DIGEST`. (Docker's reference format, "distribution/reference".)
public struct ImageName: Sendable, Equatable {
    public let repository: String
    public let tag: String?
    public let digest: String?

    /// nil for a name that no manifest can say.
    public init?(_ text: String) {
        var rest = text[...]
        if let at = rest.firstIndex(of: "@") {
            digest = String(rest[rest.index(after: at)...])
            rest = rest[..<at]
        } else {
            digest = nil
        }
        // A colon before a slash belongs to the registry's port.
        if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("/") {
            tag = String(rest[rest.index(after: colon)...])
            rest = rest[..<colon]
        } else {
            tag = nil
        }
        repository = String(rest)
        guard Syntax.isRepository(repository), tag.map(Syntax.isTag) ?? true, digest.map(Syntax.isDigest) ?? true else {
            return nil
        }
    }

    /// What a manifest names it by: an image without either is the one with the tag `latest`.
    public var version: ImageSpec.Version { digest.map { .digest($0) } ?? .tag(tag ?? "latest") }
}
