import Foundation
import JSON
import SQLite
import Support
import Testing

/// The commands that read and mend a ledger. None of them sends anything.
@Suite("history and ledger")
struct LedgerCommandTests {
    /// A folder with a ledger, and a manifest next to it that leaves its image to the command line.
    static func books() async throws -> String {
        let folder = try Scratch.folder("books")
        try await Books.make(at: folder + "/.reconcile/ledger.sqlite")
        try Scratch.write(
            #"{"apiVersion": "reconcile/v1", "environment": "${var:stage}", "image": {"repository": "r"}}"#,
            to: folder + "/m.json")
        return folder
    }

    static let path = ".reconcile/ledger.sqlite"

    static func run(
        _ arguments: String..., in folder: String, environment: [String: String] = [:]
    ) async throws -> Outcome {
        try await Outcome.of(Project.reconcile, arguments, environment: environment, in: folder)
    }

    static func files(_ folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
    }

    @Test("the history of a ledger, in text, JSON and Markdown")
    func history() async throws {
        let folder = try await Self.books()
        for (format, name) in [("text", "txt"), ("json", "jsonl"), ("markdown", "md")] {
            let outcome = try await Self.run("history", "--ledger", Self.path, "--output", format, in: folder)
            #expect(outcome.exit == 0, "\(outcome.error)")
            try GoldenTests.check(outcome.out, "history.\(name)")
        }
        #expect(try Self.files(folder) == [".reconcile", Self.path, "m.json"])
    }

    @Test(
        "the history of a resource tells how long its steps took, all of them together, also of runs that are not shown"
    )
    func durations() async throws {
        let folder = try await Self.books()
        try await Books.rollouts([60, 40, 600], at: folder + "/" + Self.path)
        for (format, name) in [("text", "txt"), ("json", "jsonl"), ("markdown", "md")] {
            let outcome = try await Self.run(
                "history", "--ledger", Self.path, "--resource", "service/web", "--limit", "2", "--output", format,
                in: folder)
            #expect(outcome.exit == 0, "\(outcome.error)")
            try GoldenTests.check(outcome.out, "history-resource.\(name)")
        }
    }

    @Test("a manifest, a resource and a limit each narrow it down; what is left out is counted")
    func choice() async throws {
        let folder = try await Self.books()
        func epochs(_ arguments: String...) async throws -> [Int] {
            let outcome = try await Outcome.of(
                Project.reconcile, ["history", "--output", "json"] + arguments, in: folder)
            #expect(outcome.exit == 0, "\(outcome.error)")
            return try outcome.out.split(separator: "\n").map { try JSON.parse(String($0))["epoch"]?.integer ?? 0 }
        }
        #expect(try await epochs("m.json", "--var", "stage=prod") == [6, 5, 4, 2, 1])
        #expect(try await epochs("m.json", "--var", "stage=staging") == [3])
        #expect(try await epochs("--ledger", Self.path, "--resource", "schema/main") == [5, 4, 3, 2, 1])
        #expect(try await epochs("--ledger", Self.path, "--limit", "2") == [6, 5])
        let text = try await Self.run("history", "--ledger", Self.path, "--limit", "5", in: folder)
        #expect(text.out.hasSuffix("\n1 older run is not shown: see --limit\n"))
        try Scratch.write("{}", to: folder + "/no-manifest.json")
        #expect(try await epochs(".", "--var", "stage=staging") == [3])
        #expect(try await epochs("./", "m.json", "--var", "stage=staging") == [3])
        try FileManager.default.copyItem(atPath: folder + "/m.json", toPath: folder + "/n.json")
        let two = try await Self.run("history", "m.json", "n.json", "--var", "stage=staging", in: folder)
        #expect(two.out.split(separator: "\n\n").count == 2)
        let none = try await Self.run("history", "m.json", "--var", "stage=other", in: folder)
        #expect(none.out == "other: no runs in this ledger\n")
        let named = try await Self.run("history", in: folder, environment: ["RECONCILE_LEDGER": Self.path])
        #expect(named.out.hasPrefix("run 6  prod"))
    }

    @Test("where there is no ledger history says so and makes none")
    func noLedger() async throws {
        let folder = try await Self.books()
        try FileManager.default.removeItem(atPath: folder + "/.reconcile")
        let outcome = try await Self.run("history", "m.json", "--var", "stage=prod", in: folder)
        #expect(outcome.exit == 0)
        #expect(outcome.out == "prod: there is no ledger at \(Self.path) yet\n")
        let json = try await Self.run("history", "m.json", "--var", "stage=prod", "--output", "json", in: folder)
        #expect(json.out.isEmpty)
        #expect(json.error == "prod: there is no ledger at \(Self.path) yet\n")
        // A mistyped name is not a ledger that is yet to be made.
        for manifest in [[], ["m.json", "--var", "stage=prod"]] {
            let outcome = try await Outcome.of(
                Project.reconcile, ["history", "--ledger", "none"] + manifest, environment: [:], in: folder)
            #expect(outcome.exit == 74 && outcome.out.isEmpty)
            #expect(
                outcome.error.contains("error[ledger-unreadable]: there is no ledger at none\n"), "\(outcome.error)")
        }
        for command in ["verify", "export", "rebuild"] {
            let outcome = try await Self.run("ledger", command, "m.json", in: folder)
            #expect(outcome.exit == 74)
            #expect(outcome.error.hasPrefix("error[ledger-unreadable]: there is no ledger at \(Self.path)\n"))
        }
        #expect(try Self.files(folder) == ["m.json"])
    }

    @Test("which ledger is meant has to be said")
    func usage() async throws {
        let folder = try await Self.books()
        for arguments in [
            ["history"], ["ledger", "verify"], ["ledger", "export"], ["ledger", "rebuild"], ["ledger", "drop"],
            ["history", "m.json", "--limit", "0"], ["history", "m.json", "--resource", "schema"],
        ] {
            let outcome = try await Outcome.of(Project.reconcile, arguments, in: folder)
            #expect(outcome.exit == 64, "\(arguments)")
        }
        let unset = try await Self.run("history", "m.json", in: folder)
        #expect(unset.exit == 65)
        #expect(unset.error.contains("pass --var stage=VALUE"))
    }

    @Test("a ledger that is right: verified, exported whole and without its key, and left alone by a rebuild")
    func right() async throws {
        let folder = try await Self.books()
        let verified = try await Self.run("ledger", "verify", "m.json", in: folder)
        #expect(verified.exit == 0)
        try GoldenTests.check(verified.out, "ledger-verify.txt")

        let exported = try await Self.run("ledger", "export", "--ledger", Self.path, in: folder)
        #expect(exported.exit == 0)
        let lines = try exported.out.split(separator: "\n").map { try JSON.parse(String($0)) }
        #expect(lines.first?.object?.keys == ["lineage", "format"])
        #expect(lines.dropFirst().map { $0["sequence"]?.integer } == Array(1...21))
        #expect(
            lines[1].object?.keys == [
                "sequence", "epoch", "time", "awsTime", "environment", "resource", "kind", "token", "payload", "digest",
            ])
        #expect(lines.last?["payload"]?["reason"] == "app:1 -> app:2")
        #expect(verified.out.contains(lines.last?["digest"]?.string?.prefix(12) ?? "?"))
        let key = (0..<32).map { UInt8(truncatingIfNeeded: $0 * 7) }.map { String(format: "%02x", $0) }.joined()
        #expect(!exported.out.contains(key))

        let rebuilt = try await Self.run("ledger", "rebuild", "m.json", in: folder)
        #expect(rebuilt.exit == 0)
        #expect(rebuilt.out == "\(Self.path): 21 entries verified, nothing was changed\n")
        #expect(try Self.files(folder) == [".reconcile", Self.path, "m.json"])
    }

    @Test("a ledger whose last entries are gone is damaged for every command that reads it", arguments: [1, 6])
    func cutOff(count: Int64) async throws {
        let folder = try await Self.books()
        let connection = try Connection(path: folder + "/" + Self.path, create: false)
        try connection.run(
            "DELETE FROM entry WHERE sequence > (SELECT max(sequence) FROM entry) - ?", .integer(count))
        for command in [["ledger", "verify"], ["ledger", "export"], ["history"]] {
            let outcome = try await Outcome.of(
                Project.reconcile, command + ["--ledger", Self.path], environment: [:], in: folder)
            #expect(outcome.exit == 74, "\(command)")
            #expect(outcome.error.contains("it is missing"), "\(command): \(outcome.error)")
        }
    }

    @Test("a damaged ledger: the place is told, what verifies is exported, and a rebuild keeps it")
    func damaged() async throws {
        let folder = try await Self.books()
        try Connection(path: folder + "/" + Self.path, create: false)
            .run("UPDATE entry SET token = 'other' WHERE sequence = 8")
        let verified = try await Self.run("ledger", "verify", "m.json", in: folder)
        #expect(verified.exit == 74)
        try GoldenTests.check(verified.error, "ledger-damaged.txt")
        let exported = try await Self.run("ledger", "export", "m.json", in: folder)
        #expect(exported.exit == 74)
        #expect(exported.out.split(separator: "\n").count == 8)
        #expect(exported.error.contains("  entry 8: its digest does not match"))
        #expect(try await Self.run("history", "--ledger", Self.path, in: folder).exit == 74)

        let rebuilt = try await Self.run("ledger", "rebuild", "m.json", in: folder)
        #expect(rebuilt.exit == 0)
        try GoldenTests.check(rebuilt.out, "ledger-rebuilt.txt")
        #expect(try Self.files(folder) == [".reconcile", Self.path, Self.path + ".damaged-1", "m.json"])
        #expect(try await Self.run("ledger", "verify", "m.json", in: folder).out.contains("entries  7,"))
    }

    @Test("a rebuild tells programs in one line what it found and did")
    func rebuiltJSON() async throws {
        let folder = try await Self.books()
        func rebuild(exit: Int32 = 0, _ path: String = Self.path) async throws -> JSON {
            let outcome = try await Self.run("ledger", "rebuild", "--ledger", path, "--output", "json", in: folder)
            #expect(outcome.exit == exit, "\(outcome.error)")
            let json = try JSON.parse(outcome.out)
            #expect(json["exit"]?.integer == Int(exit) && json["ledger"] == .string(path))
            return json
        }
        #expect(
            try await rebuild().compact == """
                {"environment":null,"manifest":null,"exit":0,"failure":null,"ledger":"\(Self.path)","entries":21}
                """)
        func damage(_ statement: String) throws {
            try Connection(path: folder + "/" + Self.path, create: false).run(statement)
        }
        try damage("UPDATE entry SET token = 'other' WHERE sequence = 8")
        let replaced = try await rebuild()
        #expect(replaced["entries"] == 7 && replaced["aside"] == .string(Self.path + ".damaged-1"))
        #expect(replaced["lost"] == 14 && replaced["cause"]?.elements.count == 1)
        #expect(try await rebuild(exit: 74, "none")["failure"]?["code"] == "ledger-unreadable")
    }

    @Test("a ledger that is named by a link is looked after where it is, and the link stays one")
    func link() async throws {
        let folder = try await Self.books()
        let files = FileManager.default
        try files.createSymbolicLink(atPath: folder + "/first", withDestinationPath: "second")
        try files.createSymbolicLink(atPath: folder + "/second", withDestinationPath: folder + "/" + Self.path)
        try Connection(path: folder + "/" + Self.path, create: false)
            .run("UPDATE entry SET token = 'other' WHERE sequence = 8")
        let rebuilt = try await Self.run("ledger", "rebuild", "--ledger", "first", in: folder)
        #expect(rebuilt.exit == 0, "\(rebuilt.error)")
        #expect(
            try Self.files(folder) == [".reconcile", Self.path, Self.path + ".damaged-1", "first", "m.json", "second"])
        #expect(try files.destinationOfSymbolicLink(atPath: folder + "/first") == "second")
        let verified = try await Self.run("ledger", "verify", "--ledger", "second", in: folder)
        #expect(verified.out.contains("entries  7,"))
    }

    @Test("a log without its file is refused also behind a link")
    func linkedOrphan() async throws {
        let folder = try await Self.books()
        let target = folder + "/" + Self.path
        try Data().write(to: URL(fileURLWithPath: target))
        try Data(repeating: 7, count: 8_000).write(to: URL(fileURLWithPath: target + "-wal"))
        try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: Self.path)
        let outcome = try await Self.run("ledger", "verify", "--ledger", "link", in: folder)
        #expect(outcome.exit == 74)
        #expect(outcome.error.contains("is empty, but its log"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: target + "-wal")).count == 8_000)
    }

    @Test("the locks of a ledger stand beside it, also where the first apply makes it behind a link")
    func linkedLocks() async throws {
        let world = try await World()
        try world.manifest()
        try world.image("v1")
        try FileManager.default.createDirectory(
            atPath: world.folder + "/books", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: world.folder + "/link", withDestinationPath: "books/ledger")
        let outcome = try await world.reconcile("apply", "m.json", "--ledger", "link")
        #expect(outcome.exit == 0, "\(outcome.error)")
        let files = try Self.files(world.folder)
        #expect(files.contains("books/ledger"))
        #expect(files.contains("books/locks"))
        #expect(!files.contains("locks"))
    }

    @Test("a damaged ledger is rebuilt, and the next apply repeats no migration")
    func applyAfterRebuild() async throws {
        let world = try await World()
        try world.manifest()
        try world.image("v1")
        try await world.applied()
        try Connection(path: world.folder + "/" + Self.path, create: false)
            .run("UPDATE entry SET token = 'other' WHERE sequence = 5")
        try await world.applied(exit: 74)
        #expect(try await world.reconcile("ledger", "rebuild", "m.json").exit == 0)
        let again = try await world.applied()
        #expect(again.result["calls"]?["mutating"]?.integer == 0)
        #expect(world.migrated == ["v1"])
        let history = try await world.reconcile("history", "m.json", "--output", "json")
        #expect(history.exit == 0)
    }
}
