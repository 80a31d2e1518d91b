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

    /// The key of the tag on revisions whose value is the version that a database was migrated to. A revision is of one
    /// account and region, so with the cluster's name the key names the database completely.
    ///
    /// Keys have at most 128 characters (ECS API Reference, Tag): where the names are longer, their digest is in the key.
    static func schema(_ database: String, clusterARN: String) -> String {
        key(unqualifiedSchema, database, clusterARN)
    }

    /// The key of the tag next to it that tells of which time the mark is: the ``Declaration`` before it. It is missing
    /// until the first declaration.
    static func declared(_ database: String, clusterARN: String) -> String {
        key(declaration, database, clusterARN)
    }

    /// The key of the tag on revisions whose value is the number of the release that an environment got it by last. Two
    /// environments may share a revision.
    static func sequence(_ environment: String, clusterARN: String) -> String {
        key(sequence, environment, clusterARN)
    }

    private static let sequence = "reconcile:sequence"
    private static let declaration = "reconcile:declared"

    /// Whether another ledger, or a person, may have set the tag to something newer.
    static func isMovable(_ key: String) -> Bool {
        [unqualifiedSchema, declaration, sequence].contains(where: key.hasPrefix)
    }

    private static func key(_ prefix: String, _ database: String, _ clusterARN: String) -> String {
        let cluster = clusterARN.split(separator: "/").last.map(String.init) ?? clusterARN
        let name = "\(cluster)/\(database)"
        let key = "\(prefix):\(name)"
        return key.utf8.count <= 128 ? key : "\(prefix):\(SHA256.hex(name))"
    }
}
