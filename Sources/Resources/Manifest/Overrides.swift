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

    func has(_ part: ReleasePart) -> Bool {
        switch part {
        case .image: imageTag != nil || imageDigest != nil
        case .schema: schemaVersion != nil
        }
    }
}
