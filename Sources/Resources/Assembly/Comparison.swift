import JSON
import Manifest

/// What a comparison is made with in place of what the manifest says.
public struct Comparison: Sendable, Equatable {
    /// The tag or digest; nil where the manifest's own counts.
    public var image: String?
    /// The schema's version; nil where the manifest's own counts.
    public var schema: String?

    public init() {}

    /// The options that say the same: what a command in a hint needs.
    public var overrides: Overrides {
        let isDigest = image.map(Syntax.isDigest) ?? false
        return Overrides(imageTag: isDigest ? nil : image, imageDigest: isDigest ? image : nil, schemaVersion: schema)
    }

    /// What it is, for people; nil where all is as the manifest says.
    public var text: String? {
        let parts = [image.map { "image \($0)" }, schema.map { "schema \($0)" }].compactMap(\.self)
        return parts.isEmpty ? nil : "what was applied last: \(parts.joined(separator: ", "))"
    }

    public var json: JSON? {
        text.map { _ in .members(["image": image, "schema": schema]) }
    }
}
