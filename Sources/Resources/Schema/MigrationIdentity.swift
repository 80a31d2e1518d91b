import Hashing

/// What a migration is known by: (cluster, database, version), and not its command, values or limits.
struct MigrationIdentity: Sendable, Equatable {
    let clusterARN: String
    let database: String
    let version: String

    var digest: String { SHA256.hex([clusterARN, database, version].joined(separator: "\n")) }

    /// The RunTask token of an attempt: the same on every machine that wants the same.
    ///
    /// - Parameter declared: how often a person had declared where the database is: what was undone is not found by its token.
    func token(attempt: Int, declared: Int = 0) -> String {
        SHA256.hex("\(digest)\n\(attempt)" + (declared == 0 ? "" : "\n\(declared)"))
    }

    /// What all migration tasks of one database are started by, whatever their version: at most 128 of `A-Za-z0-9_/-`.
    var startedBy: String { "reconcile/" + SHA256.hex([clusterARN, database].joined(separator: "\n")).prefix(32) }
}
