import Testing

@testable import Manifest
@testable import Resources

@Suite("Schema versions")
struct VersionOrderTests {
    @Test(
        "stand to each other as their order says",
        arguments: [
            (.opaque, "b", ["a", "b"], .same), (.opaque, "a", ["a", "b"], .older), (.opaque, "c", ["a", "b"], .newer),
            (.opaque, "a", [], .newer), (.opaque, "a", ["a", "b", "a"], .same),
            (.integer, "10", ["9"], .newer), (.integer, "9", ["10"], .older), (.integer, "007", ["7"], .same),
            (.integer, "20260131120000", ["20251231235959"], .newer), (.integer, "99999999999999999999", ["1"], .newer),
            (.integer, "2", ["abc"], .unknown), (.integer, "2", ["sha256:aa"], .newer),
            (.integer, "2", ["3", "sha256:aa"], .older), (.dotted, "2.10", ["2.9"], .newer),
            (.dotted, "2.1", ["2.1.0"], .same),
            (.dotted, "1.9.9", ["2"], .older), (.dotted, "2.0.1", ["2"], .newer),
            (.lexical, "20240115_b", ["20240115_a"], .newer), (.lexical, "A", ["a"], .older),
        ] as [(VersionOrder, String, [String], VersionOrder.Standing)])
    func standing(order: VersionOrder, wanted: String, history: [String], expected: VersionOrder.Standing) {
        #expect(order.standing(of: wanted, given: history) == expected)
    }

    static func need(
        _ version: SchemaSpec.Version, _ wanted: String, _ history: [String], _ order: VersionOrder = .opaque,
        _ accepts: SchemaSpec.Accepts = .exact
    ) -> SchemaState.Need {
        let spec = SchemaSpec(
            database: "d", version: version, order: order, accepts: accepts,
            migrate: MigrateSpec(
                command: ["db-migrate"], environment: [:], taskRoleARN: nil, timeout: .seconds(1), rerunnable: false,
                service: nil, launch: LaunchOverrides()),
            probe: nil)
        return SchemaState(
            history: history, wanted: wanted, attempt: 1, running: nil, question: nil, marking: []
        ).need(spec)
    }

    @Test("an older version is refused, unless the manifest accepts a newer schema")
    func rollForward() {
        #expect(
            Self.need(.declared("1"), "1", ["1", "2"]) == .refusal("the schema is at 2, and 1 is older"))
        #expect(
            Self.need(.declared("1"), "1", ["1", "2"], .opaque, .atLeast)
                == .nothing("the schema is at 2, which is at least 1"))
        #expect(Self.need(.declared("3"), "3", ["1", "2"], .opaque, .atLeast) == .migration("schema 2 -> 3"))
        #expect(Self.need(.declared("1"), "1", ["2"], .opaque, .atLeast) == .migration("schema 2 -> 1"))
        for accepts in [SchemaSpec.Accepts.exact, .atLeast] {
            guard case .refusal = Self.need(.declared("1"), "1", ["a"], .integer, accepts) else {
                Issue.record("a version that cannot be compared is refused")
                return
            }
        }
        #expect(Self.need(.declared("2"), "2", []) == .migration("first migration: 2"))
    }

    @Test("of an image it counts only whether it was migrated for")
    func image() {
        #expect(
            Self.need(.image, "sha256:a", ["sha256:a", "sha256:b"]) == .nothing("the migration has run for this image"))
        #expect(Self.need(.image, "sha256:c", ["sha256:a"]) == .migration("the migration has not run for this image"))
    }
}
