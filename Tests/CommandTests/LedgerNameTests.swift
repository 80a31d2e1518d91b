import Foundation
import JSON
import Support
import Testing

/// What `--ledger` and RECONCILE_LEDGER take, and what can be done with a ledger that may only be read.
@Suite("The ledger's name")
struct LedgerNameTests {
    @Test(
        "a name that is not a file's path is refused before anything is made",
        arguments: [
            (":memory:", "SQLite gives this name"), ("file:x.sqlite", "SQLite gives this name"),
            ("file::memory:?cache=shared", "SQLite gives this name"), ("FILE:x", "SQLite gives this name"),
            ("s3:///prefix", "not the name of a bucket"), ("S3://bucket", "it has no prefix"),
            ("s3://bucket/a//b", "the prefix must be plain text"),
            ("gs://bucket/x", "ledgers of the kind gs:// are not supported"), ("", "an empty name"),
            ("x.sqlite-wal", "SQLite's own"), ("x.sqlite-shm", "SQLite's own"), ("x.sqlite-journal", "SQLite's own"),
        ])
    func refused(name: String, why: String) async throws {
        let folder = try Scratch.folder("name")
        try Scratch.write("{}", to: folder + "/m.json")
        for command in [
            ["apply", "m.json"], ["plan", "m.json"], ["drift", "m.json"], ["status", "m.json"], ["history", "m.json"],
            ["run", "m.json"], ["ledger", "verify"], ["ledger", "export"], ["ledger", "rebuild"],
            ["resolve", "m.json", "schema/x", "--failed", "--reason", "r"],
        ] {
            let rest = command == ["run", "m.json"] ? ["--", "true"] : []
            let outcome = try await Outcome.of(
                Project.reconcile, command + ["--ledger", name] + rest, in: folder)
            #expect(outcome.exit == 64, "\(command) \(outcome.error)")
            if !name.isEmpty { #expect(outcome.error.contains(why), "\(command) \(outcome.error)") }
            if name.isEmpty { continue }
            let other = try await Outcome.of(
                Project.reconcile, command + rest, environment: ["RECONCILE_LEDGER": name], in: folder)
            #expect(other.exit == 64, "\(command) \(other.error)")
            #expect(other.error.contains("RECONCILE_LEDGER"), "\(command) \(other.error)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["m.json"])
    }

    @Test("the manifest names a ledger next to itself for every command; an option outranks it, and it the environment")
    func ofManifest() async throws {
        let world = try await World()
        try world.image("v1")
        try world.manifest(["ledger": "${var:place}/l.sqlite"], name: "deep/m.json")
        let named = ["--var", "place=books"]
        let other = ["RECONCILE_LEDGER": world.folder + "/other"]
        let applied = try await world.reconcile(["apply", "deep/m.json"] + named, extra: other)
        #expect(applied.exit == 0, "\(applied.error)")
        for command in [["history"], ["ledger", "verify"], ["ledger", "export"], ["ledger", "rebuild"]] {
            let outcome = try await world.reconcile(command + ["deep/m.json"] + named, extra: other)
            #expect(outcome.exit == 0 && !outcome.out.isEmpty, "\(command) \(outcome.error)")
            let unknown = try await world.reconcile(command + ["deep/m.json"])
            #expect(unknown.exit == 65 && unknown.error.contains("the variable place has no value"), "\(unknown.error)")
        }
        let elsewhere = try await world.reconcile(["history", "deep/m.json", "--ledger", "l"] + named)
        #expect(
            elsewhere.exit == 74 && elsewhere.error.contains("there is no ledger at l\n"), "\(elsewhere.error)")
        #expect(FileManager.default.fileExists(atPath: world.folder + "/deep/books/l.sqlite"))
        #expect(!FileManager.default.fileExists(atPath: world.folder + "/other"))
        try world.manifest(["ledger": "gs://b/x"])
        let wrong = try await world.reconcile("apply", "m.json")
        #expect(
            wrong.exit == 65 && wrong.error.contains("ledgers of the kind gs:// are not supported"), "\(wrong.error)")
    }

    @Test("a manifest from a pipe, standard input or a process substitution is read once")
    func streams() async throws {
        let world = try await World()
        try world.image("v1")
        try world.manifest()
        for command in [
            "cat m.json | \"$0\" plan /dev/stdin --out plan.json --ledger l && \"$0\" apply m.json --ledger l",
            "\"$0\" apply <(cat m.json) --ledger l", "\"$0\" drift /dev/fd/0 --ledger l < m.json",
            "mkfifo p; cat m.json > p & \"$0\" apply p --ledger l", "\"$0\" plan /dev/stdin < m.json",
        ] {
            let outcome = try await Outcome.of(
                "bash", ["-c", "set -o pipefail; timeout -s KILL 60 bash -c '\(command)' \"$0\"", Project.reconcile],
                environment: world.environment, in: world.folder)
            #expect(outcome.exit == 0, "\(command): \(outcome.out)\(outcome.error)")
        }
        #expect(world.migrated == ["v1"])
    }

    @Test(
        "history, plan, status and drift read a ledger that they may only read",
        .enabled(if: geteuid() == 0, "only root can become another user"), arguments: ["0444", "folder"])
    func readOnly(kind: String) async throws {
        let world = try await World()
        try world.image("v1")
        try world.manifest()
        try await world.applied("--ledger", "deep/l")
        let script = """
            chmod o+rx . deep; chmod -R o+rX .; chmod o+x "$(dirname "$PWD")"; chmod 0444 deep/l m.json
            test \(kind) = folder || chmod 0777 deep
            run() { setpriv --reuid 65534 --regid 65534 --clear-groups "$0" "$@" m.json --ledger deep/l; }
            for command in history plan status drift; do run $command || exit $?; done
            run apply; test $? = 74
            """
        let outcome = try await Outcome.of(
            "bash", ["-c", script, Project.reconcile], environment: world.environment, in: world.folder)
        #expect(outcome.exit == 0, "\(outcome.out)\(outcome.error)")
        #expect(outcome.out.contains("in sync"), "\(outcome.out)")
        #expect(outcome.error.contains("error[ledger-read-only]"), "\(outcome.error)")
    }

    @Test("a limit of file sizes is told as what it is")
    func fileSize() async throws {
        let world = try await World()
        try world.image("v1")
        try world.manifest()
        let outcome = try await Outcome.of(
            "bash", ["-c", "ulimit -f 8; \"$0\" apply m.json", Project.reconcile], environment: world.environment,
            in: world.folder)
        #expect(outcome.exit == 74, "\(outcome.out)\(outcome.error)")
        #expect(outcome.error.contains("error[ledger-full]"), "\(outcome.error)")
        #expect(outcome.error.contains("File too large"), "\(outcome.error)")
    }
}
