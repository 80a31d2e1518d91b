import JSON

/// What a comparison is made with in place of what the manifest says.
public struct Comparison: Sendable, Equatable {
    /// The tag or digest; nil where the manifest's own counts.
    public var image: String?
    /// The schema's version; nil where the manifest's own counts.
    public var schema: String?

    /// What it is, for people; nil where all is as the manifest says.
    public var text: String? {
        let parts = [image.map { "image \($0)" }, schema.map { "schema \($0)" }].compactMap(\.self)
        return parts.isEmpty ? nil : "what was applied last: \(parts.joined(separator: ", "))"
    }

    public var json: JSON? {
        text.map { _ in .members(["image": image, "schema": schema]) }
    }
}
