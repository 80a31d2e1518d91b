import Hashing

/// What a migration is known by: (cluster, database, version), and not its command, values or limits.
struct MigrationIdentity: Sendable, Equatable {
    let clusterARN: String
    let database: String
    let version: String

    var digest: String { SHA256.hex([clusterARN, database, version].joined(separator: "\n")) }

    /// The RunTask token of an attempt: the same on every machine that wants the same.
    ///
    /// - Parameter declared: the last declaration. It changes the token, so that a migration that it undid can start again.
    func token(attempt: Int, declared: Declaration = .none) -> String {
        SHA256.hex("\(digest)\n\(attempt)" + (declared == .none ? "" : "\n\(declared.number)"))
    }

    /// What all migration tasks of one database are started by, whatever their version: at most 128 of `A-Za-z0-9_/-`.
    var startedBy: String { "reconcile/" + SHA256.hex([clusterARN, database].joined(separator: "\n")).prefix(32) }
}
