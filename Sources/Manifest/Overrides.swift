import Base

/// What the command line says instead of the manifest: the short way for CI.
public struct Overrides: Sendable {
    public var imageTag: String?
    public var imageDigest: String?
    public var schemaVersion: String?
    public var region: String?
    /// Whether a tag or version that CI passes to apply, and this command was not passed, is taken from the last apply.
    public var comparesAsApplied = false

    public init(
        imageTag: String? = nil, imageDigest: String? = nil, schemaVersion: String? = nil, region: String? = nil
    ) {
        self.imageTag = imageTag
        self.imageDigest = imageDigest
        self.schemaVersion = schemaVersion
        self.region = region
    }

    /// Why a value is none that an image or a schema can have; nil where all are.
    public var problem: String? {
        if let imageTag, !Syntax.isTag(imageTag) {
            return Self.refusal("--image-tag", imageTag, "a tag", Syntax.tagAdvice)
        }
        if let imageDigest, !Syntax.isDigest(imageDigest) {
            return Self.refusal("--image-digest", imageDigest, "a digest", Syntax.digestAdvice)
        }
        if let schemaVersion, !Syntax.isVersion(schemaVersion) {
            return Self.refusal("--schema-version", schemaVersion, "a version", Syntax.versionAdvice)
        }
        return nil
    }

    private static func refusal(_ option: String, _ value: String, _ noun: String, _ advice: String) -> String {
        value.isEmpty
            ? "\(option) is empty: is the variable set that it comes from?"
            : "\(option) \(quoted(value)) is not \(noun): \(advice)."
    }

    func has(_ part: ReleasePart) -> Bool {
        switch part {
        case .image: imageTag != nil || imageDigest != nil
        case .schema: schemaVersion != nil
        }
    }
}
