import Base

/// What migration frameworks say when their lock is taken, or when a migration is half applied, and what to do then.
///
/// Sources: the frameworks' own texts. Liquibase `StandardLockService`; Flyway `PostgreSQLAdvisoryLockTemplate`; Prisma
/// `schema-engine` (P1002, P3009); Rails `ActiveRecord::ConcurrentMigrationError`; golang-migrate `migrate.go` (`ErrLockTimeout`,
/// `ErrDirty`); yoyo `backends/base.py`; Atlas `migrate apply`.
struct FrameworkMessage: Sendable {
    enum Kind: Sendable {
        /// Another migration holds the framework's lock, or left it behind.
        case lock
        /// A migration is half applied: a person has to look.
        case dirty
    }

    let framework: String
    let kind: Kind
    /// All of them stand in one line.
    let words: [String]
    let advice: String

    private init(_ framework: String, _ kind: Kind, _ words: [String], _ advice: String) {
        (self.framework, self.kind, self.words, self.advice) = (framework, kind, words, advice)
    }

    private static let ofSession =
        "its lock ends with the session that holds it: wait, or end that session in the database"

    static let all = [
        FrameworkMessage(
            "Liquibase", .lock, ["Could not acquire change log lock"],
            "its lock is a row that a killed migration leaves behind: see that none is running, then liquibase "
                + "release-locks"),
        FrameworkMessage("Flyway", .lock, ["Unable to", "lock", "Flyway"], ofSession),
        FrameworkMessage(
            "Prisma", .lock, ["Timed out trying to acquire", "advisory lock"],
            "its lock ends with the session that holds it, which a pooler may keep open: connect without one, or "
                + "end the session that holds pg_locks objid 72707369"),
        FrameworkMessage("Rails", .lock, ["another migration process is currently running"], ofSession),
        FrameworkMessage("golang-migrate", .lock, ["can't acquire database lock"], ofSession),
        FrameworkMessage(
            "yoyo", .lock, ["has locked this database"],
            "its lock is a row that a killed migration leaves behind: see that none is running, then yoyo break-lock"),
        FrameworkMessage("Atlas", .lock, ["acquiring database lock"], ofSession),
        FrameworkMessage(
            "golang-migrate", .dirty, ["Dirty database version"],
            "fix the database by hand, then migrate force VERSION"),
        FrameworkMessage("Prisma", .dirty, ["P3009"], "fix the database by hand, then prisma migrate resolve"),
    ]

    /// The first of them that stands in a log.
    static func found(in log: [String], _ kind: Kind) -> FrameworkMessage? {
        all.first { message in
            message.kind == kind && log.contains { line in message.words.allSatisfy(line.contains) }
        }
    }
}
