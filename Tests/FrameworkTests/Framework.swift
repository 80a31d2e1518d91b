import Foundation
import Support
import Testing

/// A folder of `examples/frameworks`, and what the tests do with it.
struct Framework: Sendable, CustomTestStringConvertible {
    /// A change to an image.
    enum Edit: Sendable {
        case remove(String)
        case write(String, String)
        case append(String, String)
        /// Keeps what is before the first such words.
        case cut(String, before: String)
    }

    let name: String
    /// Its two migrations, as db-version calls them.
    let first: String
    let second: String
    /// What a manifest calls the third one, which only tests add.
    let third: String
    let order: String
    /// Takes the second migration out of an image.
    let withoutSecond: [Edit]
    /// Adds a third one that fails in its middle.
    let broken: [Edit]
    /// What db-version says after that.
    let afterBroken: String
    /// Adds a third one that builds an index concurrently: for those whose lock the example takes itself.
    var concurrent: [Edit] = []
    /// Adds a third one that waits for the lock that a test holds, for those whose own lock does not wait, or not long.
    var waiting: [Edit] = []
    /// What these say of a lock that is taken.
    var taken = ""
    /// Whether it can be told to go to the first version of an image that has two.
    var aims = true
    /// Whether it is the real one. Else a program in `Tools` replaces it.
    var isReal = true

    var testDescription: String { name }

    static let real = [plainSQL, alembic, django, yoyo, sqitch, liquibase, rails]
    static let all = real + [flyway, golangMigrate, prisma]
    static let withoutLock = [plainSQL, alembic, django]

    private static let brokenSQL = "CREATE TABLE half (id int);\nALTER TABLE missing ADD COLUMN x int;\n"

    private static let lock = "SELECT pg_advisory_lock(hashtext('db-migrate'))"

    static let plainSQL = Framework(
        name: "plain-sql", first: "0001", second: "0002", third: "0003", order: "integer",
        withoutSecond: [.remove("migrations/0002_add_seen_at.sql")],
        broken: [.write("migrations/0003_broken.sql", "-- no transaction\n" + brokenSQL)], afterBroken: "0003 dirty",
        concurrent: [
            .write("migrations/0003_index.sql", "-- no transaction\nCREATE INDEX CONCURRENTLY seen ON visits (id);\n")
        ])

    static let alembic = Framework(
        name: "alembic", first: "8f4b1c6a2d90", second: "d27e9a53b1f4", third: "0123456789ab", order: "opaque",
        withoutSecond: [.remove("migrations/versions/d27e9a53b1f4_add_seen_at.py")],
        broken: [
            .write(
                "migrations/versions/broken.py",
                """
                from alembic import op

                revision = "0123456789ab"
                down_revision = "d27e9a53b1f4"


                def upgrade():
                    op.execute("CREATE TABLE half (id int)")
                    op.execute("ALTER TABLE missing ADD COLUMN x int")

                """)
        ], afterBroken: "d27e9a53b1f4",
        concurrent: [
            .write(
                "migrations/versions/index.py",
                """
                from alembic import op

                revision = "0123456789ab"
                down_revision = "d27e9a53b1f4"


                def upgrade():
                    with op.get_context().autocommit_block():
                        op.execute("CREATE INDEX CONCURRENTLY seen ON visits (id)")

                """)
        ])

    static let django = Framework(
        name: "django", first: "visits.0001_create_visits", second: "visits.0002_add_seen_at",
        third: "visits.0003_broken", order: "lexical",
        withoutSecond: [.remove("visits/migrations/0002_add_seen_at.py")],
        broken: [
            .write(
                "visits/migrations/0003_broken.py",
                """
                from django.db import migrations


                class Migration(migrations.Migration):
                    dependencies = [("visits", "0002_add_seen_at")]
                    operations = [
                        migrations.RunSQL("CREATE TABLE half (id int)"),
                        migrations.RunSQL("ALTER TABLE missing ADD COLUMN x int"),
                    ]

                """)
        ], afterBroken: "visits.0002_add_seen_at",
        concurrent: [
            .write(
                "visits/migrations/0003_index.py",
                """
                from django.db import migrations


                class Migration(migrations.Migration):
                    atomic = False
                    dependencies = [("visits", "0002_add_seen_at")]
                    operations = [migrations.RunSQL("CREATE INDEX CONCURRENTLY seen ON visits_visit (id)")]

                """)
        ], aims: false)

    static let yoyo = Framework(
        name: "yoyo", first: "0001.create-visits", second: "0002.add-seen-at", third: "0003.broken", order: "lexical",
        withoutSecond: [.remove("migrations/0002.add-seen-at.sql")],
        broken: [.write("migrations/0003.broken.sql", "-- depends: 0002.add-seen-at\n" + brokenSQL)],
        afterBroken: "0002.add-seen-at")

    static let sqitch = Framework(
        name: "sqitch", first: "create_visits", second: "add_seen_at", third: "broken", order: "opaque",
        withoutSecond: [.cut("sqitch.plan", before: "add_seen_at")],
        broken: [
            .append("sqitch.plan", "broken 2026-01-19T09:00:00Z Ada <ada@example.com>\n"),
            .write("deploy/broken.sql", "BEGIN;\n\(brokenSQL)COMMIT;\n"),
        ], afterBroken: "add_seen_at")

    static let liquibase = Framework(
        name: "liquibase", first: "0001", second: "0002", third: "0003", order: "integer",
        withoutSecond: [.cut("changelog.yaml", before: "  - changeSet:\n      id: add-seen-at")],
        broken: [
            .append(
                "changelog.yaml",
                """
                  - changeSet:
                      id: good
                      author: ada
                      changes: [sql: { sql: "CREATE TABLE half (id int)" }]
                  - changeSet:
                      id: broken
                      author: ada
                      changes: [sql: { sql: "ALTER TABLE missing ADD COLUMN x int" }]
                  - changeSet: { id: tag-0003, author: ada, changes: [tagDatabase: { tag: "0003" }] }

                """)
        ], afterBroken: "0002 dirty")

    static let flyway = Framework(
        name: "flyway", first: "1", second: "2", third: "3", order: "dotted",
        withoutSecond: [.remove("sql/V2__add_seen_at.sql")],
        broken: [.write("sql/V3__broken.sql", brokenSQL)], afterBroken: "3 dirty", isReal: false)

    static let golangMigrate = Framework(
        name: "golang-migrate", first: "1", second: "2", third: "3", order: "integer",
        withoutSecond: [.remove("migrations/000002_add_seen_at.up.sql")],
        broken: [.write("migrations/000003_broken.up.sql", brokenSQL)], afterBroken: "3 dirty", isReal: false)

    static let prisma = Framework(
        name: "prisma", first: "20260105090000_create_visits", second: "20260112090000_add_seen_at",
        third: "20260119090000_broken", order: "lexical",
        withoutSecond: [.remove("prisma/migrations/20260112090000_add_seen_at")],
        broken: [.write("prisma/migrations/20260119090000_broken/migration.sql", brokenSQL)],
        afterBroken: "20260119090000_broken dirty",
        waiting: [.write("prisma/migrations/20260119090000_waiting/migration.sql", lock + ";\n")],
        taken: "Timed out trying to acquire a postgres advisory lock", aims: false, isReal: false)

    static let rails = Framework(
        name: "rails", first: "20260105090000", second: "20260112090000", third: "20260119090000", order: "integer",
        withoutSecond: [.remove("db/migrate/20260112090000_add_seen_at.rb")],
        broken: [
            migration(
                "broken",
                "create_table :half\n    execute \"ALTER TABLE missing ADD COLUMN x int\"")
        ], afterBroken: "20260112090000",
        waiting: [migration("waiting", "execute \"\(lock)\"")], taken: "ActiveRecord::ConcurrentMigrationError")

    private static func migration(_ name: String, _ statements: String) -> Edit {
        .write(
            "db/migrate/20260119090000_\(name).rb",
            """
            class \(name.capitalized) < ActiveRecord::Migration[6.1]
              def up
                \(statements)
              end
            end

            """)
    }
}
