/// What the command line says instead of the manifest: the short way for CI.
public struct Overrides: Sendable {
    public var imageTag: String?
    public var imageDigest: String?
    public var schemaVersion: String?
    public var region: String?
    /// Whether what CI gives with each apply, and nobody gives now, is compared as it was applied last.
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
