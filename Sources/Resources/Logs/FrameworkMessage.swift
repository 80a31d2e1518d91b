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

    static let all = [
        FrameworkMessage(
            framework: "Liquibase", kind: .lock, words: ["Could not acquire change log lock"],
            advice: "its lock is a row that a killed migration leaves behind: see that none is running, then liquibase "
                + "release-locks"),
        FrameworkMessage(
            framework: "Flyway", kind: .lock, words: ["Unable to", "lock", "Flyway"],
            advice: "its lock ends with the session that holds it: wait, or end that session in the database"),
        FrameworkMessage(
            framework: "Prisma", kind: .lock, words: ["Timed out trying to acquire", "advisory lock"],
            advice:
                "its lock ends with the session that holds it, which a pooler may keep open: connect without one, or "
                + "end the session that holds pg_locks objid 72707369"),
        FrameworkMessage(
            framework: "Rails", kind: .lock, words: ["another migration process is currently running"],
            advice: "its lock ends with the session that holds it: wait, or end that session in the database"),
        FrameworkMessage(
            framework: "golang-migrate", kind: .lock, words: ["can't acquire database lock"],
            advice: "its lock ends with the session that holds it: wait, or end that session in the database"),
        FrameworkMessage(
            framework: "yoyo", kind: .lock, words: ["has locked this database"],
            advice:
                "its lock is a row that a killed migration leaves behind: see that none is running, then yoyo break-lock"
        ),
        FrameworkMessage(
            framework: "Atlas", kind: .lock, words: ["acquiring database lock"],
            advice: "its lock ends with the session that holds it: wait, or end that session in the database"),
        FrameworkMessage(
            framework: "golang-migrate", kind: .dirty, words: ["Dirty database version"],
            advice: "fix the database by hand, then migrate force VERSION"),
        FrameworkMessage(
            framework: "Prisma", kind: .dirty, words: ["P3009"],
            advice: "fix the database by hand, then prisma migrate resolve"),
    ]

    /// The first of them that stands in a log.
    static func found(in log: [String], _ kind: Kind) -> FrameworkMessage? {
        all.first { message in
            message.kind == kind && log.contains { line in message.words.allSatisfy(line.contains) }
        }
    }
}
