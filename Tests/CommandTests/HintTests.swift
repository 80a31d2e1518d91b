import Foundation
import JSON
import Ledger
import Resources
import Support
import Testing

@testable import reconcile

/// Hints name commands that can be copied and run as they are.
@Suite("Hints")
struct HintTests {
    struct Filling: Sendable, CustomTestStringConvertible {
        let typed: [String]
        let hint: String
        let filled: String
        var manifest: String? = "m.json"
        var testDescription: String { typed.joined(separator: " ") + " | " + hint }
    }

    static let fillings = [
        Filling(
            typed: [
                "apply", "m.json", "--image-tag", "v2", "--endpoint-url=http://h:1", "--region", "eu-west-1", "-q",
            ],
            hint: "wait, then run the same command again: it goes on",
            filled: """
                wait, then run the same command again: it goes on
                reconcile apply m.json --image-tag v2 --endpoint-url http://h:1 --region eu-west-1 -q
                """),
        Filling(
            typed: ["apply", "my m.json", "--ledger", "l.sqlite"],
            hint:
                "Run the same command again to go on; or end it: reconcile resolve MANIFEST schema/a --stop --reason TEXT",
            filled: """
                Run the same command again to go on; or end it:
                reconcile apply 'my m.json' --ledger l.sqlite
                reconcile resolve 'my m.json' --ledger l.sqlite schema/a --stop --reason 'why'
                """, manifest: "my m.json"),
        Filling(
            typed: ["apply", "m.json", "--image-tag", "v2", "--profile", "ci"],
            hint: "fix it and apply its new image: reconcile apply MANIFEST --image-tag NEW; or look",
            filled: "fix it and apply its new image; or look\nreconcile apply m.json --profile ci --image-tag NEW"),
        Filling(
            typed: ["status", "m.json", "--sandbox", "f"],
            hint: "say how it ended: reconcile resolve MANIFEST schema/a --succeeded|--failed|--rerun --reason TEXT",
            filled: """
                say how it ended:
                reconcile resolve m.json --sandbox f schema/a --succeeded --reason 'what was found'
                reconcile resolve m.json --sandbox f schema/a --failed --reason 'what was found'
                reconcile resolve m.json --sandbox f schema/a --rerun --reason 'what was found'
                """),
        Filling(
            typed: ["drift", "a.json", "b.json", "--var", "DB=canary", "--var=X=canary"],
            hint: "see it: reconcile history MANIFEST",
            filled: "see it:\nreconcile history a.json b.json --var DB=VALUE --var X=VALUE", manifest: nil),
        Filling(
            typed: ["ledger", "verify", "m.json", "--ledger", "it's"], hint: "run the same command again",
            filled: "run the same command again\nreconcile ledger verify m.json --ledger 'it'\\''s'", manifest: nil),
        Filling(
            typed: [
                "run", "m.json", "--environment", "P=canary", "--environment", "Q", "--", "sh", "-c",
                "echo canary q qmail",
            ],
            hint: "run the same command again",
            filled: "run the same command again\n"
                + "reconcile run m.json --environment P=VALUE --environment Q -- sh -c 'echo VALUE VALUE qmail'"),
        Filling(
            typed: ["run", "m.json", "--environment", "RECONCILE_SCHEMA_VERSION=0002", "--", "check", "0002"],
            hint: "run the same command again",
            filled: "run the same command again\n"
                + "reconcile run m.json --environment RECONCILE_SCHEMA_VERSION=0002 -- check 0002"),
        Filling(
            typed: ["apply"] + (0..<200).map { "manifest\($0).json" }, hint: "run the same command again",
            filled: "run the same command again"),
        Filling(typed: ["history", "--ledger", "l"], hint: "check the path", filled: "check the path", manifest: nil),
    ]

    @Test("have the manifest, the options of this invocation and no secret", arguments: fillings)
    func filled(row: Filling) {
        let typed = TypedCommand(row.typed, ["Q": "q"])
        let hint = CommandHint(manifest: row.manifest, typed: typed)
        #expect(hint.fill(row.hint) == row.filled)
        #expect(hint.fill(hint.fill(row.hint)) == row.filled, "to fill twice changes nothing")
    }

    /// The commands below the last `next:`.
    private func commands(_ outcome: Outcome) -> [String] {
        let next = outcome.error.components(separatedBy: "next: ").last ?? ""
        return next.split(separator: "\n").dropFirst().prefix { $0.hasPrefix("    reconcile ") }
            .map { String($0.dropFirst(4)) }
    }

    /// Types a line into a shell, as a person would.
    private func type(_ line: String, in world: World) async throws -> Outcome {
        try await Outcome.of(
            "sh", ["-c", "reconcile() { \"$RECONCILE_PROGRAM\" \"$@\"; }; \(line)"],
            environment: world.environment.merging(["RECONCILE_PROGRAM": Project.reconcile]) { $1 }, in: world.folder)
    }

    @Test("after a failed migration name the new image and the same command, and both can be typed as they are")
    func failedMigration() async throws {
        let world = try await World()
        try world.image("v1", migrate: "exit 1")
        try world.image("NEW")
        try world.manifest(name: "my m.json")
        let options = ["--image-tag", "v1", "--ledger", "my l.sqlite", "--region", "us-east-1"]
        let failed = try await world.reconcile(["apply", "my m.json"] + options)
        let lines = commands(failed)
        #expect(
            lines == [
                "reconcile apply 'my m.json' --region us-east-1 --ledger 'my l.sqlite' --image-tag NEW",
                "reconcile apply 'my m.json' --image-tag v1 --ledger 'my l.sqlite' --region us-east-1",
            ], "\(failed.error)")
        try #require(lines.count == 2)
        #expect(try await type(lines[1], in: world).exit == 3)
        #expect(try await type(lines[0], in: world).exit == 0)
    }

    @Test("of every command that looks have its manifest and its options")
    func looking() async throws {
        let world = try await World()
        try world.image("v1", migrate: "exec sleep 1000")
        try world.manifest()
        let options = ["--ledger", "l.sqlite", "--image-tag", "v1"]
        #expect(try await world.reconcile(["apply", "m.json", "--timeout", "3s"] + options).exit == 5)
        // A version that is under way blocks another one.
        for command in ["plan", "status"] {
            let outcome = try await world.reconcile([command, "m.json"] + options)
            #expect(!(outcome.out + outcome.error).contains("MANIFEST"), "\(outcome.out)")
        }
        let early = try await world.reconcile(
            ["resolve", "m.json", "schema/main", "--failed", "--reason", "x"] + options)
        let stop = try #require(commands(early).first, "\(early.error)")
        #expect(try await type(stop, in: world).exit == 0)
        let undecided = try await world.reconcile(["apply", "m.json"] + options)
        #expect(undecided.exit == 6)
        let json = try await world.reconcile(["status", "m.json", "--output", "json"] + options)
        #expect(!json.out.contains("MANIFEST"), "\(json.out)")
        let decided = try #require(commands(undecided).first { $0.contains("--failed") }, "\(undecided.error)")
        #expect(try await type(decided, in: world).exit == 0)
    }

    @Test("of a damaged ledger whose name has blanks can be typed as they are")
    func damagedLedger() async throws {
        let world = try await World()
        try world.image("v1")
        try world.manifest()
        try await world.applied("--ledger", "my l.sqlite")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: world.folder + "/my l.sqlite"))
        var damaged = bytes
        for index in stride(from: 5_000, to: bytes.count, by: 97) { damaged[index] ^= 0x55 }
        try damaged.write(to: URL(fileURLWithPath: world.folder + "/my l.sqlite"))
        for arguments in [["history"], ["ledger", "verify"], ["status", "m.json"]] {
            let outcome = try await world.reconcile(arguments + ["--ledger", "my l.sqlite"])
            #expect(outcome.exit == 74)
            #expect(commands(outcome) == ["reconcile ledger rebuild --ledger 'my l.sqlite'"], "\(outcome.error)")
        }
        #expect(try await type("reconcile ledger rebuild --ledger 'my l.sqlite'", in: world).exit == 0)
    }

    @Test("at the deadline name a longer time-out")
    func deadline() async throws {
        let world = try await World()
        try world.manifest()
        try #require(mkfifo(world.folder + "/pipe.json", 0o600) == 0)
        let outcome = try await world.reconcile("plan", "pipe.json", "--timeout", "1s")
        #expect(commands(outcome) == ["reconcile plan pipe.json --timeout 2s"], "\(outcome.error)")
    }
}
