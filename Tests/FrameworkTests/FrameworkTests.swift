import Foundation
import JSON
import Support
import Testing

/// `db-migrate` and `db-version` of `examples/frameworks`, against a real PostgreSQL server.
@Suite("Frameworks", .fewAtATime)
struct FrameworkTests {
    @Test(
        "two releases migrate, a third apply finds nothing to do, and a migration that fails half way moves no service",
        arguments: Framework.all)
    func releases(_ framework: Framework) async throws {
        let world = try await Releases(framework)
        try world.image("v1", framework.withoutSecond)
        let image = try world.image("v2", [])
        try world.image("v3", framework.broken)

        let first = try await world.apply("v1", framework.first)
        #expect(first.exit == 0, "\(first.out)\(first.error)")
        #expect(try await image.version(world.database) == framework.first)

        let second = try await world.apply("v2", framework.second)
        #expect(second.exit == 0, "\(second.out)\(second.error)")
        #expect(second.out.contains("\"line\":\"RECONCILE_SCHEMA=\(framework.second)\""), "\(second.out)")
        #expect(try await image.version(world.database) == framework.second)

        let same = try await world.apply("v2", framework.second)
        #expect(same.out.contains("\"calls\":{\"mutating\":0,"), "\(same.out)\(same.error)")

        let revision = try world.revision
        let failed = try await world.apply("v3", framework.third)
        #expect(failed.exit == 3, "\(failed.out)\(failed.error)")
        #expect(failed.out.contains("missing") || !framework.isReal, "\(failed.out)")
        #expect(try world.revision == revision)
        #expect(try await image.version(world.database) == framework.afterBroken)
    }

    @Test("without a migration the version is none, and to ask for it changes nothing", arguments: Framework.real)
    func none(_ framework: Framework) async throws {
        let database = try await Database()
        #expect(try await Image(framework).version(database) == "none")
        #expect(try await database.structure == [])
    }

    @Test(
        "RECONCILE_SCHEMA_VERSION is reached exactly, or refused without a change where the framework cannot aim",
        arguments: Framework.all)
    func aim(_ framework: Framework) async throws {
        let image = try Image(framework)
        let database = try await Database()
        // Also with nothing there yet: Liquibase would apply everything.
        let unknown = try await image.run("db-migrate", database, version: "987")
        #expect(unknown.exit != 0)
        #expect(unknown.error.contains("987"), "\(unknown.error)")
        #expect(try await image.version(database) == "none")

        let first = try await image.run("db-migrate", database, version: framework.first)
        if framework.aims {
            #expect(first.exit == 0, "\(first.out)\(first.error)")
            #expect(first.version == framework.first)
        } else {
            #expect(first.exit == 1)
            #expect(first.error.contains("to no other version, not to \(framework.first)"))
            #expect(try await image.version(database) == "none")
        }

        // Empty is the same as not set: the newest.
        let newest = try await image.run("db-migrate", database, version: "")
        #expect(newest.exit == 0, "\(newest.out)\(newest.error)")
        #expect(newest.version == framework.second)
        let again = try await image.run("db-migrate", database, version: framework.second)
        #expect(again.exit == 0, "\(again.out)\(again.error)")
        #expect(again.version == framework.second)
        for outcome in [unknown, first, newest, again] {
            #expect(!(outcome.out + outcome.error).contains(Postgres.password))
        }
    }

    @Test(
        "it never goes down, neither told to nor with an older image, and names a version that it does not have",
        arguments: Framework.all)
    func neverDown(_ framework: Framework) async throws {
        let image = try Image(framework)
        let database = try await Database()
        let migrated = try await image.run("db-migrate", database)
        #expect(migrated.exit == 0, "\(migrated.out)\(migrated.error)")
        let structure = try await database.structure

        let older = try Image(framework, framework.withoutSecond)
        for (image, version) in [(image, framework.first), (older, framework.first), (older, nil), (image, "987")] {
            let outcome = try await image.run("db-migrate", database, version: version)
            #expect(outcome.exit != 0, "\(version ?? "newest"): \(outcome.out)\(outcome.error)")
            #expect(outcome.version == nil)
            #expect(version != "987" || outcome.error.contains("987"), "\(outcome.error)")
        }
        #expect(try await database.structure == structure)
        #expect(try await image.version(database) == framework.second)
        #expect(try await older.version(database) == framework.second)
    }

    @Test(
        "two at once take turns by a lock in the database, even where one of them builds an index concurrently",
        arguments: Framework.withoutLock)
    func turns(_ framework: Framework) async throws {
        let image = try Image(framework, framework.concurrent)
        let database = try await Database()
        let holder = try await database.holder()
        async let one = image.run("db-migrate", database)
        async let other = image.run("db-migrate", database)
        // Both are there, and neither goes on without the lock.
        try await database.connections(3)
        #expect(try await image.version(database) == "none")
        _ = try await database.query("SELECT pg_terminate_backend(\(holder))")

        let outcomes = try await [one, other]
        for outcome in outcomes { #expect(outcome.exit == 0, "\(outcome.out)\(outcome.error)") }
        #expect(outcomes[0].version == outcomes[1].version)
        #expect(
            try await database.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'seen'::regclass") == ["t"])
    }

    @Test(
        "two at once take turns by the framework's own lock",
        arguments: [Framework.yoyo, .sqitch, .liquibase, .flyway, .golangMigrate])
    func ownLock(_ framework: Framework) async throws {
        let image = try Image(framework)
        let database = try await Database()
        // Liquibase's lock is a table, and two that both want to create it fail: see docs/frameworks.md.
        if framework.name == "liquibase" {
            let first = try await image.run("db-migrate", database, version: framework.first)
            #expect(first.exit == 0, "\(first.out)\(first.error)")
        }
        async let one = image.run("db-migrate", database)
        async let other = image.run("db-migrate", database)
        for outcome in try await [one, other] {
            #expect(outcome.exit == 0, "\(outcome.out)\(outcome.error)")
            #expect(outcome.version == framework.second)
        }
    }

    @Test(
        "of two at once one fails by the framework's own lock, if that gives up, and then finds nothing to do",
        arguments: [Framework.rails, .prisma])
    func impatientLock(_ framework: Framework) async throws {
        let image = try Image(framework, framework.waiting)
        let database = try await Database()
        let holder = try await database.holder()
        try await withThrowingTaskGroup { group in
            for _ in 0..<2 { group.addTask { try await image.run("db-migrate", database) } }
            // One is in the middle of its migration, until the test lets it go on.
            let refused = try #require(try await group.next())
            #expect(refused.exit != 0 && refused.error.contains(framework.taken), "\(refused.out)\(refused.error)")
            _ = try await database.query("SELECT pg_terminate_backend(\(holder))")
            let migrated = try #require(try await group.next())
            #expect(migrated.exit == 0, "\(migrated.out)\(migrated.error)")
            #expect(migrated.version == framework.third.replacing("_broken", with: "_waiting"))
            #expect(try await image.run("db-migrate", database).version == migrated.version)
        }
    }
}
