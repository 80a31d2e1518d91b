/// Names of facts in the ledger.
enum FactName {
    static let version = "version"
    /// Versions that a person says the database is not at any more, each once for each time that it was brought there.
    static let undone = "undone"
    /// How the order of versions is known.
    static let order = "order"
    /// The latest ``Declaration``, made here or elsewhere.
    static let declared = "declared"
    static let marked = "marked"
    /// The ARN of the revision of a family that was registered last.
    static let revision = "revision"
    /// The digest of what that revision was made from, its image aside. Of a service: that digest and the ARN of the revision
    /// that is the base now, also where somebody else has registered it.
    static let base = "base"
    /// The revision that was registered for a content.
    static func registered(_ digest: String) -> String { "registered/\(digest)" }
    /// The ARN of the revision that the latest migration ran from.
    static let migratedFrom = "migrated-from"
    /// One for each attempt that is known to have stopped without success; the name ends with the migration's identity.
    static func failed(_ identity: String) -> String { "failed/\(identity)" }
    /// What a probe told about a migration; the name ends with the token of its intent.
    static func probed(_ token: String) -> String { "probed/\(token)" }
    /// The image of a service's last rollout, as the manifest named it.
    static let image = "image"
    /// The release that a service was moved to last: a ``ReleaseRecord`` as JSON.
    static let release = "release"
    /// The desired count that was set last.
    static let desiredCount = "desired-count"
    /// What of a service's configuration was declared and set last.
    static let settings = "settings"
    /// Tags that were set on a revision; the name ends with its ARN.
    static func tags(_ arn: String) -> String { "tags/\(arn)" }
    /// How a service's rollouts ended: `completed DIGEST` or `refused DIGEST`; `taken DIGEST` where somebody else has moved it
    /// and an apply let it be.
    static let rollout = "rollout"
}
