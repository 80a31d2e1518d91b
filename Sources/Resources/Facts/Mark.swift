import Hashing
import Manifest

/// The tags that let a new ledger find out what was done.
enum Mark {
    static let prefix = TaskDefinitionCheck.ownPrefix
    /// On revisions: what they say, so that they are found again.
    static let digest = "reconcile:digest"
    static let environment = "reconcile:environment"
    /// On migration tasks: the token of the intent that started them.
    static let intent = "reconcile:intent"
    /// What releases before 0.2 set on revisions, as `DATABASE=VERSION`. It does not name its cluster, and a family may serve
    /// several clusters, each with a database of that name: it proves nothing.
    static let unqualifiedSchema = "reconcile:schema"

    static let declaration = "reconcile:declared"
    private static let sequence = "reconcile:sequence"

    /// The key of the tag on revisions whose value is the number of the release that an environment got it by last. Two
    /// environments may share a revision.
    static func sequence(_ environment: String, clusterARN: String) -> String {
        key(sequence, environment, clusterARN)
    }

    /// Whether another ledger, or a person, may have set the tag to something newer.
    static func isMovable(_ key: String) -> Bool {
        [unqualifiedSchema, declaration, sequence].contains(where: key.hasPrefix)
    }

    /// The key of a tag about a database. A revision is of one account and region, so with the cluster's name the key names
    /// the database completely.
    ///
    /// Keys have at most 128 characters (ECS API Reference, Tag): where the names are longer, their digest is in the key.
    static func key(_ prefix: String, _ database: String, _ clusterARN: String) -> String {
        let cluster = clusterARN.split(separator: "/").last.map(String.init) ?? clusterARN
        let name = "\(cluster)/\(database)"
        let key = "\(prefix):\(name)"
        return key.utf8.count <= 128 ? key : "\(prefix):\(SHA256.hex(name))"
    }
}
