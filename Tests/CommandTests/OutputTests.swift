import Foundation
import JSON
import Support
import Testing

/// Where results go, and what happens when they cannot go there.
@Suite("output")
struct OutputTests {
    /// The program in a shell, with what is behind it.
    private func shell(
        _ script: String, in folder: String, environment: [String: String] = [:]
    ) async throws -> Outcome {
        try await Outcome.of(
            "bash", ["-c", "set -o pipefail; \(script)", Project.reconcile], environment: environment, in: folder)
    }

    @Test(
        "a result that cannot be written is a failure",
        arguments: [
            "ledger export m.json", "ledger verify m.json", "history --ledger .reconcile/ledger.sqlite --output json",
            "history m.json --var stage=other", "--help", "--version",
        ])
    func full(command: String) async throws {
        let folder = try await LedgerCommandTests.books()
        let full = try await shell("\"$0\" \(command) > /dev/full", in: folder)
        #expect(full.exit == 1)
        #expect(
            full.error.hasPrefix(
                "error[output-unwritable]: the result cannot be written to standard output: No space left on device\n"))
        let closed = try await shell("\"$0\" \(command) >&-", in: folder)
        #expect(closed.exit == 1)
        #expect(closed.error.contains("error[output-unwritable]") && closed.error.contains("Bad file descriptor"))
    }

    @Test(
        "a reader that goes away is no failure",
        arguments: ["ledger export m.json", "history --ledger .reconcile/ledger.sqlite --output json", "--help"])
    func goneReader(command: String) async throws {
        let folder = try await LedgerCommandTests.books()
        // The reader is gone before the first line is written.
        let outcome = try await shell("{ sleep 0.3; \"$0\" \(command); } | true", in: folder)
        #expect(outcome.exit == 0, "\(outcome.error)")
        #expect(outcome.error.isEmpty)
    }

    @Test("of a run that was killed it is said that no end is recorded, in status as in history")
    func killed() async throws {
        let world = try await World()
        try world.manifest()
        try world.image("v1", migrate: .some("until test -f go; do sleep 0.05; done"))
        let script = """
            "$0" apply m.json 2>log & pid=$!
            until grep -q RUNNING log; do sleep 0.02; done
            kill -KILL $pid; wait $pid
            "$0" status m.json; "$0" history m.json
            """
        let outcome = try await shell(script, in: world.folder, environment: world.environment)
        #expect(
            outcome.out.contains(", no end recorded: cut off, or still under way; the next apply resumes from there\n"))
        #expect(outcome.out.contains("run 1  test-env  apply  no end recorded: cut off, or still under way\n"))
        try Scratch.write("", to: world.folder + "/data/go")
    }

    @Test("what each look finds again is one event of progress")
    func progress() async throws {
        let world = try await World()
        try world.manifest()
        try world.image("v1", migrate: "sleep 3")
        let outcome = try await world.reconcile("apply", "m.json", "--output", "json")
        let events = try outcome.out.split(separator: "\n").map { try JSON.parse(String($0)) }
        var last: [String: JSON] = [:]
        for event in events where event["event"] == "progress" {
            let resource = event["resource"]?.string ?? ""
            #expect(last.updateValue(event, forKey: resource) != event)
        }
        #expect(last["schema/main"] != nil && last["service/web"] != nil)
    }

    @Test("an apply whose reader goes away goes on; one whose result is lost has done its work and says so")
    func apply() async throws {
        let world = try await World()
        try world.manifest()
        for tag in ["v1", "v2"] { try world.image(tag) }
        let plan = try await shell(
            "\"$0\" plan m.json --output json --detailed-exitcode > /dev/full", in: world.folder,
            environment: world.environment)
        #expect(plan.exit == 1)
        let gone = try await shell(
            "{ sleep 0.3; \"$0\" apply m.json --output json; } | true", in: world.folder,
            environment: world.environment)
        #expect(gone.exit == 0, "\(gone.error)")
        #expect(world.migrated == ["v1"])
        let lost = try await shell(
            "\"$0\" apply m.json --image-tag v2 --schema-version 2 > /dev/full", in: world.folder,
            environment: world.environment)
        #expect(lost.exit == 1)
        #expect(lost.error.contains("error[output-unwritable]"))
        #expect(world.migrated == ["v1", "v2"])
        for command in ["status m.json", "drift m.json --image-tag v2", "run m.json -- echo done"] {
            let outcome = try await shell(
                "\"$0\" \(command) > /dev/full", in: world.folder, environment: world.environment)
            #expect(outcome.exit == 1, "\(command): \(outcome.error)")
            #expect(outcome.error.contains("error[output-unwritable]"))
        }
        // What outranks it is not hidden by it.
        let failed = try await shell(
            "\"$0\" run m.json -- sh -c 'exit 4' > /dev/full", in: world.folder, environment: world.environment)
        #expect(failed.exit == 3)
    }
}
