import Foundation
import Support
import Testing

/// Text that others wrote controls neither a terminal nor a CI runner.
@Suite("text of others")
struct TextOfOthersTests {
    static let hostile = [
        "\u{1B}[2Jx", "\u{9B}31mx", "\u{202E}x", "a\r::error::x", "a\n::set-output name=a::b", " ::error::x",
        "\u{2028}::error::x", "##[error]x", "a ##[add-path]x", "::stop-commands::x", "\u{A0}::error::x",
    ]

    /// What the runner of GitHub Actions takes for a command. (actions/runner, ActionCommand.cs.)
    private static func commands(_ text: String) -> [String] {
        var fence: String?
        return text.unicodeScalars.split { "\r\n".unicodeScalars.contains($0) }.map { String($0) }.filter { line in
            let trimmed = line.trimmingCharacters(in: .whitespacesAndNewlines)
            if let word = fence {
                if trimmed == "::\(word)::" { fence = nil }
                return false
            }
            if trimmed.hasPrefix("::stop-commands::") {
                fence = String(trimmed.dropFirst(17))
                return false
            }
            return trimmed.hasPrefix("::") || trimmed.contains("##[")
        }
    }

    private static func check(_ outcome: Outcome, _ what: String, isRead: Bool) {
        for text in [outcome.out, outcome.error] {
            let obeyed = text.unicodeScalars.filter { scalar in
                scalar != "\n" && [.control, .format, .lineSeparator].contains(scalar.properties.generalCategory)
            }
            #expect(obeyed.isEmpty, "\(what): \(text.debugDescription)")
            let commands =
                !isRead
                ? [] : commands(text).filter { !$0.hasPrefix("::error title=") && !$0.hasPrefix("::error file=") }
            #expect(commands.isEmpty, "\(what): \(commands)")
        }
    }

    @Test("in arguments, names of files and options", arguments: hostile)
    func arguments(text: String) async throws {
        let folder = try Scratch.folder("hostile")
        for github in ["true", "false"] {
            for arguments in [
                [text], ["plan", text], ["plan", "m.json", text], ["plan", "--\(text)"],
                ["plan", "--output", text, "m"],
                ["help", text], ["ledger", "verify", text], ["history", "m.json", "--resource", text],
                ["plan", text, "--output", "json"], ["plan", text, "--output", "markdown"],
            ] {
                let outcome = try await Outcome.of(
                    Project.reconcile, arguments, environment: ["GITHUB_ACTIONS": github], in: folder)
                Self.check(outcome, "\(arguments)", isRead: github == "true")
                #expect(outcome.exit != 0)
            }
        }
    }

    @Test(
        "a mistyped command or option is answered with what to type, and ends with 64",
        arguments: [
            (["diff", "m.json", "--ledger", "l"], "reconcile plan m.json --ledger l shows"),
            (["deploy", "m.json"], "reconcile apply m.json --image-tag TAG"),
            (["rollback", "m.json"], "reconcile apply"), (["version"], "reconcile --version"),
            (["aply", "m.json"], "did you mean reconcile apply?"),
            (["apply", "m.json", "--dry-run"], "reconcile plan m.json shows"),
            (["apply", "m.json", "--tag", "v2"], "--image-tag"), (["help", "nope"], "the commands are"),
            (["help", "aply"], "did you mean reconcile apply?"),
            (["plan", "m.json", "--target", "X"], "Next: each command is about a whole manifest"),
            (["drift", "m.json", "--exit-code"], "Next: drift exits 2 if there is a difference; for plan"),
            (["drift", "m.json", "--detailed-exitcode"], "Next: only plan has it; drift exits 2 if"),
            (["apply", "m.json", "--retry"], "Next: write --retry-failed"),
            (["apply", "m.json", "--cluster", "prod"], "Next: it is in the manifest: write \"cluster\": "),
            (["run", "m.json", "db-version"], "Next: reconcile run m.json -- db-version\n"),
            (
                ["run", "m.json", "python", "manage.py", "--check", "a b", "--sandbox", "f", "--environment=P=canary"],
                "Next: reconcile run m.json --sandbox f --environment P=VALUE -- python manage.py --check 'a b'\n"
            ),
            (["validate", "m.json"], "Next: reconcile verify m.json --offline checks the manifest"),
        ])
    func mistyped(arguments: [String], answer: String) async throws {
        let outcome = try await Outcome.of(Project.reconcile, arguments)
        #expect(outcome.exit == 64 && outcome.error.contains(answer), "\(outcome.error)")
        #expect(!outcome.error.contains("Did you mean '--var'"))
    }

    @Test(
        "an option's value that no image or schema can have ends with 64, as usage",
        arguments: [
            (["--image-tag", ""], "--image-tag is empty: is the variable set that it comes from?"),
            (["--image-tag", "a:b"], "--image-tag \"a:b\" is not a tag: use"),
            (["--image-digest", "sha256:1"], "--image-digest \"sha256:1\" is not a digest: write"),
            (["--schema-version", "a b"], "--schema-version \"a b\" is not a version: use"),
        ])
    func values(options: [String], answer: String) async throws {
        let outcome = try await Outcome.of(Project.reconcile, ["plan", "m.json"] + options)
        #expect(outcome.exit == 64 && outcome.error.contains(answer), "\(outcome.error)")
    }

    @Test("a ledger is not looked for beside a manifest that is not there", arguments: ["verify", "export", "rebuild"])
    func noManifest(command: String) async throws {
        let folder = try await LedgerCommandTests.books()
        let outcome = try await Outcome.of(Project.reconcile, ["ledger", command, "nope.json"], in: folder)
        #expect(outcome.exit == 65 && outcome.error.contains("error[manifest-unreadable]"), "\(outcome.error)")
    }

    @Test("a value of run --environment NAME comes from the environment, and one that is not set ends with 64")
    func environment() async throws {
        let world = try await World()
        try world.manifest()
        let command = ["run", "m.json", "--environment", "GREETING", "--", "sh", "-c", "echo ${#GREETING}"]
        let set = try await world.reconcile(command, extra: ["GREETING": "hello-there"])
        #expect(set.exit == 0 && set.out == "11\n", "\(set.error)")
        #expect(try await world.reconcile(command).exit == 64)
    }

    @Test("no line that a terminal draws again reaches its last column, however narrow it is", arguments: [12, 30, 44])
    func narrow(columns: Int) async throws {
        let world = try await World()
        try world.manifest()
        try world.image("v1")
        let command = "unset CI; stty cols \(columns) rows 24; '\(Project.reconcile)' apply m.json"
        let outcome = try await Outcome.of(
            "script", ["-qec", command, "/dev/null"],
            environment: world.environment.merging(["TERM": "xterm", "SHELL": "/bin/sh"]) { $1 },
            in: world.folder)
        let lines = outcome.out.replacing(#/\u{1B}\[[0-9]*[mAJ]|\r/#, with: "").split(whereSeparator: \.isNewline)
            .filter {
                $0.unicodeScalars.first.map { (0x2801...0x28FF).contains($0.value) } == true
            }
        #expect(!lines.isEmpty, "\(outcome.out)")
        for line in lines { #expect(line.count < columns, "\(line)") }
    }

    @Test(
        "on the page of a step no name becomes a link, an image, HTML, a mention, code or a heading",
        arguments: [
            ("[x](https://evil.example)", ["x](", "https://"]), ("![x](https://evil.example)", ["![", "https://"]),
            ("<img src=x onerror=y>", ["<img"]), ("@octocat and #12", ["@octocat", "#12"]), ("`x` ```", [" `x`"]),
            ("a\n# heading", ["\n# heading"]), ("a\n\n| b | c |", [" | b |"]), ("&lt;script>", [" &lt;script"]),
            ("www.evil.example", ["www.evil"]), ("**x** __y__ ~~z~~", ["**x", "__y", "~~z"]),
        ])
    func page(name: String, unwanted: [String]) async throws {
        let folder = try Scratch.folder("page")
        let outcome = try await Outcome.of(
            Project.reconcile, ["apply", name], environment: ["GITHUB_STEP_SUMMARY": folder + "/page.md"], in: folder)
        #expect(outcome.exit == 65)
        let page = try String(contentsOfFile: folder + "/page.md", encoding: .utf8)
        #expect(page.hasPrefix("### "))
        for text in unwanted { #expect(!page.contains(text), "\(page)") }
    }

    @Test("a reason for which a task was stopped shows no value of an environment", arguments: ["apply", "run"])
    func reasons(command: String) async throws {
        let world = try await World()
        try world.image("v1", migrate: "exec sleep 1000")
        try world.manifest()
        let started =
            command == "apply"
            ? try await world.reconcile("apply", "m.json", "--timeout", "4s")
            : try await world.reconcile(
                "run", "m.json", "--image-tag", "v1", "--environment", "DB_USER=canary-of-the-override", "--timeout",
                "4s", "--", "db-migrate")
        try #require(started.exit == 5, "\(started.error)")
        let tasks = try await world.aws("ecs", "list-tasks", "--cluster", "test")
        for arn in tasks["taskArns"]?.elements.compactMap(\.string) ?? [] {
            let task = try await world.aws("ecs", "describe-tasks", "--cluster", "test", "--tasks", arn)
            guard task["tasks"]?.elements.first?["startedBy"]?.string?.hasPrefix("reconcile/") == true else { continue }
            _ = try await world.aws(
                "ecs", "stop-task", "--cluster", "test", "--task", arn, "--reason",
                "canary-of-the-definition or canary-of-the-override")
        }
        let ended =
            command == "apply"
            ? try await world.reconcile("apply", "m.json")
            : try await world.reconcile(
                "run", "m.json", "--image-tag", "v1", "--environment", "DB_USER=canary-of-the-override", "--",
                "db-migrate")
        #expect(ended.error.contains("reason: *** or ***"), "\(ended.error)")
        let ledger = try await world.reconcile("ledger", "export", "m.json").out
        #expect(command == "apply" || ledger.contains("*** or ***"))
        for text in [started.out, started.error, ended.out, ended.error, ledger] { #expect(!text.contains("canary")) }
    }
}
