import Foundation
import JSON
import Support
import Testing

/// The page of `reconcile report`.
@Suite("report")
struct ReportTests {
    static let path = ".reconcile/ledger.sqlite"

    /// Without the moment at which it was made.
    private static func steady(_ page: String) -> String {
        page.replacing(#/As of <time datetime="[^"]*">[^<]*<\/time>/#, with: "As of TIME")
    }

    /// What is wrong with a page's HTML.
    private static func problems(_ page: String) async throws -> String {
        let file = try Scratch.folder("html") + "/page.html"
        try Scratch.write(page, to: file)
        let script = Project.root + "/Tests/CommandTests/Report/wellformed.py"
        let outcome = try await Outcome.of("sh", ["-c", "python3 '\(script)' < '\(file)'"])
        return outcome.out.trimmingCharacters(in: .whitespacesAndNewlines) + outcome.error
    }

    @Test("of a ledger alone has all its environments, and is the same twice")
    func golden() async throws {
        let folder = try await LedgerCommandTests.books()
        let outcome = try await LedgerCommandTests.run("report", "--ledger", Self.path, in: folder)
        #expect(outcome.exit == 0 && outcome.error.isEmpty, "\(outcome.error)")
        try GoldenTests.check(Self.steady(outcome.out), "report.html")
        #expect(try await Self.problems(outcome.out) == "")
        let other = try await LedgerCommandTests.run("report", "--ledger", Self.path, "--out", "p.html", in: folder)
        #expect(other.exit == 0 && other.out.isEmpty)
        let written = try String(contentsOfFile: folder + "/p.html", encoding: .utf8)
        #expect(Self.steady(written) == Self.steady(outcome.out))
    }

    @Test(
        "shows text of others and nothing of it becomes HTML",
        arguments: [
            "</script><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onload='alert(1)", "<!-- x",
            "</style></title><svg onload=alert(1)>", "&lt;b&gt;&#60;", "]]>\n\n<h1>x", "a\u{0}b\u{1B}[2J\u{202E}x",
            "javascript:alert(1)", "\\(x) ${x} {{x}}", "::error::x",
        ])
    func hostile(text: String) async throws {
        let folder = try Scratch.folder("hostile")
        try await Season.hostile(text, at: "\(folder)/ledger")
        let outcome = try await LedgerCommandTests.run("report", "--ledger", "ledger", in: folder)
        #expect(outcome.exit == 0, "\(outcome.error)")
        #expect(try await Self.problems(outcome.out) == "")
        #expect(!outcome.out.contains("<script") && !outcome.out.contains("<img") && !outcome.out.contains("<!-- "))
        let obeyed = outcome.out.unicodeScalars.filter { $0 != "\n" && $0.properties.generalCategory == .control }
        #expect(obeyed.isEmpty)
    }

    @Test("has an environment without a run, and a ledger that is named must be there")
    func empty() async throws {
        let folder = try Scratch.folder("empty")
        try Scratch.write(
            #"{"apiVersion": "reconcile/v1", "environment": "prod", "cluster": "c", "image": {"repository": "r", "tag": "t"}, "services": [{"name": "web"}]}"#,
            to: folder + "/m.json")
        let outcome = try await LedgerCommandTests.run("report", "m.json", "--offline", in: folder)
        #expect(outcome.exit == 0, "\(outcome.error)")
        #expect(outcome.out.contains("No runs in this ledger"))
        #expect(try await Self.problems(outcome.out) == "")
        let missing = try await LedgerCommandTests.run("report", "--ledger", "nope", in: folder)
        #expect(missing.exit == 74 && missing.out.isEmpty && missing.error.contains("error[ledger-unreadable]"))
        let shown = try await LedgerCommandTests.run("report", "m.json", "--offline", "--ledger", "nope", in: folder)
        #expect(shown.exit == 74 && shown.out.contains("The ledger cannot be read"), "\(shown.error)")
        let over = try await LedgerCommandTests.run("report", "m.json", "--offline", "--out", "m.json", in: folder)
        #expect(over.exit == 64 && over.error.contains("would be written over"), "\(over.error)")
        let usage = try await LedgerCommandTests.run("report", in: folder)
        #expect(usage.exit == 64 && usage.error.contains("Name a manifest, or a ledger with --ledger."))
    }

    @Test("of a thousand runs has a bounded size, and says what it leaves out")
    func thousand() async throws {
        let folder = try Scratch.folder("thousand")
        try await Books.rollouts((1...1_000).map { 30 + $0 % 200 }, at: "\(folder)/ledger")
        let outcome = try await LedgerCommandTests.run("report", "--ledger", "ledger", in: folder)
        #expect(outcome.out.utf8.count < 100_000, "\(outcome.out.utf8.count)")
        #expect(outcome.out.contains("950 older runs are not shown: see --limit"))
        #expect(try await Self.problems(outcome.out) == "")
        let one = try await LedgerCommandTests.run("report", "--ledger", "ledger", "--limit", "1", in: folder)
        #expect(one.out.ranges(of: "<details").count == 1)
    }

    @Test("shows what runs, what drifted and why the last run failed, and no value of an environment")
    func world() async throws {
        let world = try await World()
        try world.manifest()
        try world.image("v1")
        try world.image("v2", migrate: .some("echo \"canary: $CANARY\"; echo '<b>no table</b>' >&2; exit 1"))
        #expect(try await world.reconcile("apply", "m.json").exit == 0)
        let sync = try await world.reconcile("report", "m.json")
        #expect(sync.exit == 0 && sync.out.contains("1 of 1 in sync"), "\(sync.error)")
        #expect(!sync.out.contains("Last failure"))
        let failed = try await world.reconcile("apply", "m.json", "--image-tag", "v2", "--schema-version", "2")
        #expect(failed.exit == 3)
        let page = try await world.reconcile("report", "m.json")
        #expect(page.exit == 0 && page.error.isEmpty, "\(page.error)")
        for text in [
            "<code class=\"code\">migration-failed</code> schema/main: the migration failed: app ended with exit code 1",
            "  &lt;b&gt;no table&lt;/b&gt;\n", "<code>reconcile apply m.json --image-tag v2 --schema-version 2</code>",
            "app:2 is rolled out",
        ] { #expect(page.out.contains(text), "\(text)") }
        _ = try await world.aws(
            "ecs", "update-service", "--cluster", "test", "--service", "web", "--task-definition", "app:1")
        let drift = try await world.reconcile("report", "m.json")
        #expect(
            drift.exit == 0 && drift.out.contains("<h3>Drift</h3>")
                && drift.out.contains("<td data-column=\"Moved by\">world"))
        for text in [sync.out, page.out, drift.out] {
            #expect(!text.contains("canary-of"))
            #expect(try await Self.problems(text) == "")
        }
    }

    @Test("without AWS shows the ledger, and says why nothing was compared; one bad manifest does not hide the others")
    func unreachable() async throws {
        let world = try await World()
        try world.manifest()
        try world.image("v1")
        #expect(try await world.reconcile("apply", "m.json").exit == 0)
        let environment = ["AWS_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"]
        let alone = try await LedgerCommandTests.run("report", "m.json", in: world.folder, environment: environment)
        #expect(
            alone.exit == 0 && alone.error.hasPrefix("test-env  warning: not compared with AWS: "), "\(alone.error)")
        #expect(alone.out.contains("<code class=\"code\">credentials-missing</code>"))
        #expect(alone.out.contains("Run 1: apply") && alone.out.contains("app:2, 1 of 1 running"))
        try Scratch.write("{", to: world.folder + "/bad.json")
        let both = try await world.reconcile("report", "m.json", "bad.json")
        #expect(both.exit == 65 && both.error.contains("error[manifest-invalid]"), "\(both.error)")
        #expect(both.out.contains("1 of 2 in sync") && both.out.contains("<a href=\"#e2\"><span>bad.json</span>"))
        for text in [alone.out, both.out] { #expect(try await Self.problems(text) == "") }
    }
}
