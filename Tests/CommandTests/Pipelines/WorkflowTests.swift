import Foundation
import JSON
import Support
import Testing
import YAML

/// The files of `docs/ci`, which users copy: each of their commands is run, against the sandbox, with programs in place of
/// GitHub's and GitLab's that keep what they were called with.
@Suite("the files of docs/ci")
struct WorkflowTests {
    /// A world whose checkout is as the workflows expect it.
    private func checkout() async throws -> (world: World, runner: GitHubRunner) {
        let world = try await World()
        try world.manifest(name: "manifest.json")
        try Scratch.write("1\n", to: world.folder + "/SCHEMA_VERSION")
        try world.image("v1")
        let runner = try GitHubRunner(in: world.folder, environment: world.environment)
        _ = try await FakeRelease(runner.fakes)
        return (world, runner)
    }

    @Test("a push releases its commit, and hands on how that ended")
    func release() async throws {
        let (world, runner) = try await checkout()
        try await runner.run("docs/ci/github-release.yml", job: "apply")
        #expect(!runner.hasFailed, "\(runner.steps)")
        #expect(world.migrated == ["v1"])
        #expect(runner.context["steps.apply.outputs.exit-code"] == "0")
        #expect(try await world.reconcile("apply", "manifest.json", "--sequence", "6").exit == 6)
    }

    @Test("a run that can be resumed is run again after its end")
    func retry() async throws {
        let release = try GitHubRunner(in: try Scratch.folder())
        try release.fakes.add("gh")
        try await release.run("docs/ci/github-release.yml", job: "retry")
        #expect(
            release.fakes.calls("gh") == [
                "gh workflow run retry.yml --repo acme/checkout --ref main --field run=42"
            ])
        let retry = try GitHubRunner(in: try Scratch.folder())
        try retry.fakes.add("gh")
        retry.context["inputs.run"] = "42"
        try await retry.run("docs/ci/github-retry.yml", job: "retry")
        #expect(
            retry.fakes.calls("gh") == [
                "gh run watch 42 --repo acme/checkout", "gh run rerun 42 --repo acme/checkout --failed",
            ])
    }

    @Test("a pull request gets one comment with its plan, which is updated", arguments: ["", "99\n100\n"])
    func plan(comments: String) async throws {
        let (world, runner) = try await checkout()
        runner.context["github.event.pull_request.head.sha"] = "v1"
        runner.context["github.event.pull_request.number"] = "5"
        try runner.fakes.add("gh", "[ \"$2\" != --paginate ] || printf '\(comments.replacing("\n", with: "\\n"))'")
        try await runner.run("docs/ci/github-plan.yml", job: "plan")
        #expect(!runner.hasFailed, "\(runner.steps)")
        let call =
            comments.isEmpty
            ? "gh api --method POST repos/acme/checkout/issues/5/comments --field body=@comment.md"
            : "gh api --method PATCH repos/acme/checkout/issues/comments/99 --field body=@comment.md"
        #expect(runner.fakes.calls("gh").dropFirst() == [call])
        let comment = try String(contentsOfFile: world.folder + "/comment.md", encoding: .utf8)
        #expect(comment.hasPrefix("<!-- reconcile plan -->\n"))
        #expect(comment.contains("| `schema/main` | migrate | first migration: 1 |"))
    }

    @Test("drift opens an issue, renews it, and closes it; a drift that fails leaves all as it is")
    func drift() async throws {
        let (world, runner) = try await checkout()
        #expect(try await world.reconcile("apply", "manifest.json").exit == 0)
        func calls(open: String, _ version: String) async throws -> [String] {
            try world.manifest(["schema": ["database": "main", "version": .string(version)]], name: "manifest.json")
            let runner = try GitHubRunner(in: world.folder, environment: world.environment)
            _ = try await FakeRelease(runner.fakes)
            try runner.fakes.add("gh", "[ \"$1 $2\" != 'issue list' ] || echo '\(open)'")
            try await runner.run("docs/ci/github-drift.yml", job: "drift")
            #expect(runner.hasFailed == (version != "1"))
            #expect(runner.fakes.calls("gh")[1].hasPrefix("gh issue list --label drift --state open --json number "))
            return runner.fakes.calls("gh").dropFirst(2).map { String($0.prefix(17)) }
        }
        #expect(try await calls(open: "", "1") == [])
        #expect(try await calls(open: "", "2") == ["gh issue create -"])
        #expect(try await calls(open: "3", "2") == ["gh issue edit 3 -"])
        #expect(try await calls(open: "3", "1") == ["gh issue close 3 "])
        runner.environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1"
        try runner.fakes.add("gh")
        try Scratch.write("{", to: world.folder + "/manifest.json")
        try await runner.run("docs/ci/github-drift.yml", job: "drift")
        #expect(runner.hasFailed && runner.fakes.calls("gh").isEmpty)
    }

    @Test("GitLab installs the package, takes credentials for its token, and plans, releases and compares")
    func gitlab() async throws {
        let (world, runner) = try await checkout()
        let file = try GitHubRunner.read("docs/ci/gitlab-ci.yml")
        let before = try #require(file[".reconcile"]?["before_script"]?.elements)
        try Scratch.write("a package", to: world.folder + "/package")
        let sum = try await Outcome.of("sha256sum", [world.folder + "/package"])
        try runner.fakes.add("apt-get")
        try runner.fakes.add("curl", "cp package \"$(basename \"${!#}\")\"")
        try runner.fakes.add(
            "aws", "[ \"$1\" != sts ] || printf '%s\\t%s\\n' $KEYS")
        try runner.fakes.addReconcile()
        for job in ["plan", "release", "drift"] {
            let part = try #require(file[job])
            var variables = world.environment
            for given in [file["variables"], part["variables"]] {
                for variable in given?.object?.members ?? [] { variables[variable.key] = variable.value.string }
            }
            // The sandbox has no session tokens.
            let keys = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]
            variables["KEYS"] = keys.compactMap { world.environment[$0] }.joined(separator: " ")
            for name in keys { variables[name] = nil }
            variables.merge([
                "PATH": runner.fakes.path, "CI_COMMIT_SHA": "v1", "CI_PIPELINE_IID": "7", "CI_JOB_ID": "8",
                "WEB_IDENTITY_TOKEN": "token", "RECONCILE_SHA256": String(sum.out.prefix(64)),
            ]) { $1 }
            let script = (before + (part["script"]?.elements ?? [])).map { $0.string ?? "" }
            let outcome = try await Outcome.of(
                "bash", ["-eo", "pipefail", "-c", script.joined(separator: "\n")], environment: variables,
                in: world.folder)
            #expect(outcome.exit == 0, "\(job): \(outcome)")
        }
        #expect(world.migrated == ["v1"])
        #expect(
            runner.fakes.calls("curl").allSatisfy {
                $0.hasSuffix(" https://github.com/OWNER/reconcile/releases/download/v0.1.0/reconcile_0.1.0_amd64.deb")
            })
        #expect(runner.fakes.calls("apt-get").contains { $0.hasSuffix(" ./reconcile_0.1.0_amd64.deb") })
        #expect(runner.fakes.calls("aws").count { $0.contains(" --web-identity-token token ") } == 3)
    }

    @Test("the command of the systemd unit compares all manifests of a folder")
    func unit() async throws {
        let world = try await World()
        try world.manifest(name: "etc/m.json")
        try world.image("v1")
        let unit = try String(contentsOfFile: Project.root + "/docs/ci/reconcile-drift.service", encoding: .utf8)
        let command = try #require(unit.firstMatch(of: #/\nExecStart=\/usr\/bin\/reconcile (.*)\n/#)?.1)
        let words = command.split(separator: " ").map { $0 == "/etc/reconcile" ? "etc" : String($0) }
        #expect(try await world.reconcile(words).exit == 2)
        #expect(try await world.reconcile("apply", "etc/m.json").exit == 0)
        #expect(try await world.reconcile(words).exit == 0)
    }

    @Test(
        "each file is what its program understands",
        .enabled(if: ForeignServer.isThere("zizmor") && ForeignServer.isThere("check-jsonschema")))
    func syntax() async throws {
        let here = ["github-release", "github-retry", "github-plan", "github-drift"].map { "docs/ci/\($0).yml" }
        let own = ".github/workflows/release.yml"
        for (program, words) in [
            ("check-jsonschema", ["--builtin-schema", "vendor.github-actions", "action.yml"]),
            ("check-jsonschema", ["--builtin-schema", "vendor.github-workflows", own] + here),
            ("check-jsonschema", ["--builtin-schema", "vendor.gitlab-ci", "docs/ci/gitlab-ci.yml"]),
            ("zizmor", ["--offline", "--no-progress", "action.yml", own]),
            (
                "zizmor",
                ["--offline", "--no-progress", "--config", "Tests/CommandTests/Pipelines/zizmor.yml"] + here
            ),
        ] {
            let outcome = try await Outcome.of(program, words, in: Project.root)
            #expect(outcome.exit == 0, "\(program): \(outcome.out)\(outcome.error)")
        }
        let all = try FileManager.default.contentsOfDirectory(atPath: Project.root + "/docs/ci")
        #expect(Set(all.filter { $0.hasPrefix("github-") }.map { "docs/ci/" + $0 }) == Set(here))
    }

    @Test(
        "systemd takes the units",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze")))
    func systemd() async throws {
        let folder = try Scratch.folder("units")
        for name in ["reconcile-drift.service", "reconcile-drift.timer"] {
            let text = try String(contentsOfFile: "\(Project.root)/docs/ci/\(name)", encoding: .utf8)
            // The program and its manual page are not installed here.
            try Scratch.write(
                text.replacing("/usr/bin/reconcile", with: "/bin/true").replacing(#/Documentation=.*/#, with: ""),
                to: "\(folder)/\(name)")
        }
        let outcome = try await Outcome.of(
            "systemd-analyze",
            ["verify", folder + "/reconcile-drift.service", folder + "/reconcile-drift.timer"])
        #expect(outcome.exit == 0 && outcome.error.isEmpty, "\(outcome.error)")
    }
}
