import Support
import Testing

/// `--var-file`, as editors of all systems write it.
@Suite("variable files")
struct VariableFileTests {
    @Test(
        "lines end as on Unix or on Windows, with or without a byte order mark",
        arguments: [
            "# where\nstage=prod\n", "# where\r\nstage=prod\r\n", "stage=prod", "\r\n\r\nstage=prod\r\n\r\n",
            "\u{FEFF}stage=prod\r\n",
        ])
    func lineEnds(text: String) async throws {
        let folder = try await LedgerCommandTests.books()
        try Scratch.write(text, to: folder + "/vars")
        let outcome = try await LedgerCommandTests.run(
            "history", "m.json", "--var-file", "vars", "--limit", "1", in: folder)
        #expect(outcome.exit == 0, "\(outcome.error)")
        #expect(outcome.out.hasPrefix("run 6  prod  "))
    }

    @Test("a line that is no pair is told with its number, and not shown")
    func place() async throws {
        let folder = try await LedgerCommandTests.books()
        try Scratch.write("stage=prod\r\n\r\na canary\r\n", to: folder + "/vars")
        let outcome = try await LedgerCommandTests.run("history", "m.json", "--var-file", "vars", in: folder)
        #expect(outcome.exit == 65)
        #expect(outcome.error.contains("vars:3:1: NAME=VALUE is expected on each line"))
        #expect(!outcome.error.contains("canary"))
    }
}
