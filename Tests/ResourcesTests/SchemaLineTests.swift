import JSON
import Testing
import Time

@testable import AWS
@testable import Manifest
@testable import Reconciler
@testable import Resources

/// What a migration or a probe says of the database's version.
@Suite("A line about the schema")
struct SchemaLineTests {
    @Test(
        "is read for what it says, and nothing is made of one that says nothing",
        arguments: [
            ("RECONCILE_SCHEMA=0002", "0002"), ("2026-01-01 INFO RECONCILE_SCHEMA=a1+b2", "a1+b2"),
            ("RECONCILE_SCHEMA=3 dirty", "3 dirty"), ("RECONCILE_SCHEMA=3  dirty  ", "3 dirty"),
            ("RECONCILE_SCHEMA=3 DIRTY", "3 dirty"), ("RECONCILE_SCHEMA=3 (dirty)", "3 dirty"),
            ("RECONCILE_SCHEMA=3 (Dirty)\r", "3 dirty"), ("RECONCILE_SCHEMA=3 dirtyish", "unreadable"),
            ("RECONCILE_SCHEMA=3,dirty", "unreadable"), ("RECONCILE_SCHEMA=3 pending", "unreadable"),
            ("RECONCILE_SCHEMA=3 dirty 4", "unreadable"), ("RECONCILE_SCHEMA=garbage x y", "unreadable"),
            ("RECONCILE_SCHEMA= dirty", "unreadable"), ("RECONCILE_SCHEMA= 3", "unreadable"),
            ("RECONCILE_SCHEMA=", "unreadable"), ("RECONCILE_SCHEMA=a;b", "unreadable"),
            ("RECONCILE_SCHEMA = 3", "nothing"), ("done", "nothing"),
        ])
    func line(text: String, expected: String) {
        #expect(Self.told(ProbeAnswer(line: text)) == expected)
    }

    @Test(
        "is also read in a framework's own words, by a declared pattern",
        arguments: [
            ("Current version: ([0-9]+)", "Current version: 20260112090000", "20260112090000"),
            ("^([0-9]+)( [(]dirty[)])?$", "12 (dirty)", "12 dirty"), ("^([0-9]+)( [(]dirty[)])?$", "12", "12"),
            ("([0-9]+)", "no number", "nothing"), ("v([0-9]+)", "RECONCILE_SCHEMA=7", "7"),
            ("at (.*)", "at 7 of 8", "unreadable"),
        ])
    func pattern(pattern: String, text: String, expected: String) throws {
        let known: VersionPattern? = VersionPattern(pattern)
        #expect(known != nil)
        #expect(Self.told(ProbeAnswer(line: text, known)) == expected)
    }

    @Test("a pattern without a group, or that is none, is refused", arguments: ["[0-9]+", "(", "", "(?:x)"])
    func noPattern(text: String) { #expect(VersionPattern(text) == nil) }

    private static func told(_ answer: ProbeAnswer?) -> String {
        guard let answer else { return "nothing" }
        if case .unreadable = answer { return "unreadable" }
        return answer.fact
    }

    static func verdict(
        exit: Int, _ lines: [String], version: String = "2", order: String = "integer", accepts: String = "exact"
    ) throws -> String {
        let task = try VerdictTests.task(
            #"{"lastStatus":"STOPPED","startedAt":1,"containers":[{"name":"app","exitCode":\#(exit)}]}"#)
        let log = LogTail(lines: lines, answer: lines.compactMap { ProbeAnswer(line: $0) }.last)
        let end = try #require(MigrationEnd(task, container: "app", log: log))
        let spec = SchemaSpec(
            database: "d", version: .declared(version), order: try #require(VersionOrder(rawValue: order)),
            accepts: try #require(SchemaSpec.Accepts(rawValue: accepts)),
            migrate: MigrateSpec(
                command: [], environment: [:], timeout: .seconds(1), rerunnable: false, launch: LaunchOverrides()))
        switch MigrationVerdict.judge(
            end, rerunnable: false, wanted: WantedVersion(of: RunnerFixture.order(.task, version: version), spec),
            isFirst: true,
            of: VerdictTests.id)
        {
        case .succeeded(let found): return "succeeded at \(found ?? "?")"
        case .failed(let failure, let found): return "\(failure.code.rawValue) at \(found ?? "?")"
        case .undecided(let failure): return failure.code.rawValue
        }
    }

    @Test(
        "outranks the exit code of the migration that prints it",
        arguments: [
            (0, [], "2", "integer", "exact", "succeeded at ?"),
            (0, ["RECONCILE_SCHEMA=2"], "2", "integer", "exact", "succeeded at 2"),
            (0, ["RECONCILE_SCHEMA=0002"], "2", "integer", "exact", "succeeded at 0002"),
            (0, ["RECONCILE_SCHEMA=0002"], "2", "opaque", "exact", "migration-failed at 0002"),
            (0, ["RECONCILE_SCHEMA=1"], "2", "integer", "exact", "migration-failed at 1"),
            (0, ["RECONCILE_SCHEMA=3"], "2", "integer", "exact", "migration-failed at 3"),
            (0, ["RECONCILE_SCHEMA=3"], "2", "integer", "at-least", "succeeded at 3"),
            (0, ["RECONCILE_SCHEMA=1"], "2", "integer", "at-least", "migration-failed at 1"),
            (0, ["RECONCILE_SCHEMA=b+a"], "a+b", "opaque", "exact", "succeeded at b+a"),
            (0, ["RECONCILE_SCHEMA=a"], "a+b", "opaque", "exact", "migration-failed at a"),
            (0, ["RECONCILE_SCHEMA=c"], "a", "opaque", "at-least", "migration-failed at c"),
            (0, ["RECONCILE_SCHEMA=2 dirty"], "2", "integer", "exact", "schema-undecided"),
            (0, ["RECONCILE_SCHEMA=1", "RECONCILE_SCHEMA=2"], "2", "integer", "exact", "succeeded at 2"),
            (0, ["RECONCILE_SCHEMA=?"], "2", "integer", "exact", "schema-undecided"),
            (0, ["RECONCILE_SCHEMA=2 (dirty)"], "2", "integer", "exact", "schema-undecided"),
            (0, ["RECONCILE_SCHEMA=2 pending"], "2", "integer", "exact", "schema-undecided"),
            (0, ["RECONCILE_SCHEMA=2", "RECONCILE_SCHEMA=2 pending"], "2", "integer", "exact", "schema-undecided"),
            (0, ["RECONCILE_SCHEMA=2 pending", "RECONCILE_SCHEMA=2"], "2", "integer", "exact", "succeeded at 2"),
            (1, ["RECONCILE_SCHEMA=1"], "2", "integer", "exact", "migration-failed at 1"),
            // What would make the next apply believe that it succeeded is not kept.
            (1, ["RECONCILE_SCHEMA=2"], "2", "integer", "exact", "migration-failed at ?"),
            (1, ["RECONCILE_SCHEMA=0002"], "2", "integer", "exact", "migration-failed at ?"),
            (1, ["RECONCILE_SCHEMA=3"], "2", "integer", "at-least", "migration-failed at ?"),
            (1, ["RECONCILE_SCHEMA=3"], "2", "integer", "exact", "migration-failed at 3"),
            (1, ["RECONCILE_SCHEMA=2 dirty"], "2", "integer", "exact", "schema-undecided"),
            (
                1, ["error: Dirty database version 3. Fix and force version."], "2", "integer", "exact",
                "schema-undecided"
            ),
            (1, ["Error: P3009"], "2", "lexical", "exact", "schema-undecided"),
        ])
    func outranks(
        exit: Int, lines: [String], version: String, order: String, accepts: String, expected: String
    ) throws {
        #expect(try Self.verdict(exit: exit, lines, version: version, order: order, accepts: accepts) == expected)
    }

    @Test(
        "a framework whose lock is taken is named, with its own way out",
        arguments: [
            (
                "liquibase.exception.LockException: Could not acquire change log lock.  Currently locked by x",
                "release-locks"
            ),
            (
                "Context: Timed out trying to acquire a postgres advisory lock (SELECT pg_advisory_lock(72707369)).",
                "72707369"
            ),
            ("Cannot run migrations because another migration process is currently running.", "Rails"),
            ("error: timeout: can't acquire database lock", "golang-migrate"),
            ("Process 12 has locked this database (run yoyo break-lock to remove this lock)", "yoyo break-lock"),
            ("Unable to acquire Flyway advisory lock", "Flyway"),
            ("Error: acquiring database lock: sql/schema: lock is held by other session", "Atlas"),
        ])
    func locks(line: String, expected: String) throws {
        let found = try #require(FrameworkMessage.found(in: ["first", line], .lock))
        #expect("\(found.framework) \(found.advice)".contains(expected))
        #expect(FrameworkMessage.found(in: ["relation locks does not exist"], .lock) == nil)
    }
}
