import Foundation
import JSON
import Support
import Testing

/// Exit codes and what is said with them.
@Suite("failures")
struct FailureTests {
    @Test("a bad manifest ends with 65, all problems at once, and nothing is sent")
    func badManifest() async throws {
        let world = try await World()
        try Scratch.write(
            "{\n  \"apiVersion\": \"reconcile/v1\",\n  \"enviroment\": \"x\",\n  \"image\": {\"repository\": \"r\"},\n  \"services\": []\n}\n",
            to: world.folder + "/m.json")
        let outcome = try await world.reconcile("apply", "m.json", "--verbose")
        #expect(outcome.exit == 65)
        #expect(!outcome.error.contains("call:"))
        #expect(
            outcome.error == """
                m.json:1:1: error: the manifest needs the key "environment"
                m.json:3:3: error: unknown key "enviroment" (did you mean "environment"?)
                m.json:4:12: error: image needs "tag" or "digest" (or pass --image-tag TAG)
                m.json:5:15: error: services must name at least one service
                error[manifest-invalid]: the manifest has 4 problems; nothing was sent to AWS
                  next: fix them and run the same command again
                    reconcile apply m.json --verbose

                """)
        let json = try await world.reconcile("apply", "m.json", "--output", "json")
        #expect(json.exit == 65)
        let result = try JSON.parse(json.out)
        #expect(result["failure"]?["problems"]?.elements.count == 4)
        #expect(result["failure"]?["problems"]?.elements[1]["line"]?.integer == 3)
        #expect(try await world.reconcile("plan", "nope.json").exit == 65)
    }

    @Test("wrong usage ends with 64")
    func usage() async throws {
        for arguments in [
            ["apply"], ["plan", "m.json", "--nope"], ["apply", "m.json", "--timeout", "5 minutes"], ["fly"],
            ["apply", "m.json", "--timeout", "0s"], ["apply", "m.json", "--timeout", "25h"],
            ["run", "m.json", "--timeout", "0s", "--", "x"], ["apply", "m.json", "--lock-timeout", "25h"],
            ["plan", "m.json", "--region", "x y"], ["plan", "m.json", "--region", ""],
        ] {
            let outcome = try await Outcome.of(Project.reconcile, arguments)
            #expect(outcome.exit == 64, "\(arguments)")
        }
        // What is said of a manifest that is not there shows that the options were taken.
        for patience in ["0", "0s", "90s", "24h"] {
            let outcome = try await Outcome.of(
                Project.reconcile, ["apply", "m.json", "--lock-timeout", patience, "--timeout", "24h"])
            #expect(outcome.exit == 65, "\(patience)")
        }
        let region = try await Outcome.of(
            Project.reconcile, ["plan", Project.root + "/manifests/quickstart.json"],
            environment: ["HOME": "/nonexistent"])
        #expect(region.exit == 77)
        #expect(region.error.contains("error[credentials-missing]"))
    }

    @Test("a definition in which a migration could run twice or not end is refused before any write")
    func unfit() async throws {
        let restarting = try await World(container: ["restartPolicy": ["enabled": true]])
        try restarting.manifest()
        try restarting.image("v1")
        let outcome = try await restarting.reconcile("apply", "m.json")
        #expect(outcome.exit == 65)
        #expect(outcome.error.contains("error[definition-unfit]"))
        #expect(outcome.error.contains("restartPolicy.enabled"))
    }

    @Test("what is missing in AWS is named")
    func missing() async throws {
        let world = try await World()
        try world.manifest()
        let image = try await world.reconcile("plan", "m.json")
        #expect(image.exit == 1)
        #expect(image.error.contains("error[image-missing]"))
        try world.image("v1")
        try world.manifest(["services": [["name": "wbe"]]])
        let service = try await world.reconcile("plan", "m.json")
        #expect(service.exit == 1)
        #expect(service.error.contains("error[service-missing]: service/wbe: there is no service wbe in cluster test"))
        try world.manifest(["cluster": "tset"])
        #expect(try await world.reconcile("plan", "m.json").error.contains("error[cluster-missing]"))
    }

    @Test("credentials that AWS does not accept end with 77, and no permission is blamed")
    func denied() async throws {
        let world = try await World()
        try world.manifest()
        let outcome = try await world.reconcile("plan", "m.json", extra: ["AWS_SECRET_ACCESS_KEY": "wrong"])
        #expect(outcome.exit == 77)
        #expect(outcome.error.contains("error[aws-denied]"))
        #expect(outcome.error.contains("check the credentials in use"))
    }

    @Test("a ledger that cannot be trusted ends with 74, and nothing is done")
    func ledger() async throws {
        let world = try await World()
        try world.manifest()
        try world.image("v1")
        try Scratch.write(
            "this is not a ledger, it is a text that somebody put here", to: world.folder + "/.reconcile/ledger.sqlite")
        let outcome = try await world.applied(exit: 74)
        #expect(outcome.result["calls"]?["mutating"]?.integer == 0)
    }

    @Test("a second run of an environment ends with 75 and names the first, or waits for it if told to")
    func locked() async throws {
        let world = try await World()
        try world.manifest()
        try world.image("v1", migrate: .some("until test -f go; do sleep 0.05; done; echo v1 >> migrated"))
        let script = """
            "$0" apply m.json & first=$!
            until grep -q RUNNING log; do sleep 0.02; done
            for format in text json; do "$0" status m.json --output $format; done
            "$0" history m.json | head -1
            "$0" apply m.json; echo "second $?"
            "$0" apply m.json --lock-timeout 1m & third=$!
            touch data/go
            wait $first; echo "first $?"
            wait $third; echo "third $?"
            """
        let outcome = try await Outcome.of(
            "bash", ["-c", "{ \(script); } 2>log", Project.reconcile], environment: world.environment, in: world.folder)
        let log = try String(contentsOfFile: world.folder + "/log", encoding: .utf8)
        // Looking at them does not stand in their way either.
        #expect(outcome.out.contains(", under way\n") && outcome.out.contains(#""underWay":true"#))
        #expect(outcome.out.contains("run 1  test-env  apply  under way\n"))
        #expect(outcome.out.contains("second 75"))
        #expect(log.contains("error[environment-locked]: database/"))
        #expect(log.contains("holder: "))
        #expect(outcome.out.contains("first 0"))
        #expect(outcome.out.contains("third 0"))
        #expect(world.migrated == ["v1"])
        #expect(try await world.applied().result["calls"]?["mutating"]?.integer == 0)
    }

    @Test("in GitHub Actions a program's output is no command, wherever it is shown")
    func untrustedOutput() async throws {
        let world = try await World()
        try world.manifest()
        try world.image("v1", migrate: .some("echo '::add-mask::x'; printf 'a\\033[2Jb\\n'; exit 1"))
        let outcome = try await world.reconcile("apply", "m.json", extra: ["GITHUB_ACTIONS": "true"])
        #expect(outcome.exit == 3)
        #expect(!outcome.error.contains("\u{1B}"))
        var fence: String?
        for line in outcome.error.split(separator: "\n").map({ $0.drop { $0 == " " } }) where line.hasPrefix("::") {
            if let word = fence {
                if line == "::\(word)::" { fence = nil } else { #expect(line == "::add-mask::x") }
            } else if line.hasPrefix("::stop-commands::") {
                fence = String(line.dropFirst(17))
            } else {
                #expect(!line.hasPrefix("::add-mask"))
            }
        }
        #expect(fence == nil)
    }

    @Test("a time-out detaches with 5, and the next apply adopts the task that is still running")
    func timeout() async throws {
        let world = try await World()
        try world.manifest()
        try world.image("v1", migrate: .some("until test -f go; do sleep 0.05; done; echo v1 >> migrated"))
        let detached = try await world.reconcile("apply", "m.json", "--timeout", "20s")
        #expect(detached.exit == 5)
        #expect(detached.error.contains("AWS is still working"))
        try Scratch.write("", to: world.folder + "/data/go")
        let adopted = try await world.applied()
        #expect(world.migrated == ["v1"])
        #expect(!adopted.events.contains { $0["event"] == "started" && $0["action"] == "migrate" })
    }

    @Test("what AWS shows of a migration's end, a person cannot deny")
    func contradicted() async throws {
        let world = try await World()
        try world.manifest()
        try world.image("v1", migrate: .some("touch begun; until test -f go; do sleep 0.05; done; exit 4"))
        try await RecoveryTests.detach(world)
        try Scratch.write("", to: world.folder + "/data/go")
        let resolve = ["resolve", "m.json", "schema/main", "--reason", "x"]
        var denied = try await world.reconcile(resolve + ["--succeeded"])
        while denied.exit == 75 { denied = try await world.reconcile(resolve + ["--succeeded"]) }
        #expect(denied.exit == 1 && denied.error.contains("ended with exit code 4"), "\(denied.error)")
        let said = try await world.reconcile(resolve + ["--failed"])
        #expect(said.exit == 0, "\(said.error)")
    }

    @Test("a migration that was stopped from outside waits for a decision, which is recorded with its reason")
    func resolve() async throws {
        let world = try await World()
        try world.manifest()
        let script = "trap 'exit 0' TERM; echo v1 >> migrated; touch begun; while :; do sleep 0.05; done"
        try world.image("v1", migrate: .some(script))
        try await RecoveryTests.detach(world)
        let tasks = try await world.aws("ecs", "list-tasks", "--cluster", "test", "--family", "app")
        for arn in tasks["taskArns"]?.elements.compactMap(\.string) ?? [] {
            let task = try await world.aws("ecs", "describe-tasks", "--cluster", "test", "--tasks", arn)
            guard task["tasks"]?.elements.first?["startedBy"]?.string?.hasPrefix("reconcile/") == true else { continue }
            _ = try await world.aws("ecs", "stop-task", "--cluster", "test", "--task", arn)
            _ = try await world.aws("ecs", "wait", "tasks-stopped", "--cluster", "test", "--tasks", arn)
        }
        let undecided = try await world.applied(exit: 6)
        #expect(undecided.result["failure"]?["code"] == "schema-undecided")
        #expect(try await world.reconcile("plan", "m.json").exit == 6)
        let other = try await world.reconcile("resolve", "m.json", "service/web", "--failed", "--reason", "x")
        #expect(other.exit == 1 && other.error.contains("open are: schema/main"), "\(other.error)")
        #expect(!other.error.contains("another cluster"))
        let resolved = try await world.reconcile(
            "resolve", "m.json", "schema/main", "--succeeded", "--reason", "the table is there")
        #expect(resolved.out == "schema/main: migrate is settled as succeeded\n")
        try await world.applied()
        #expect(world.migrated == ["v1"])
        let again = try await world.reconcile("resolve", "m.json", "schema/main", "--rerun", "--reason", "x")
        #expect(again.exit == 1)
        #expect(again.error.contains("error[nothing-open]"))
    }

    @Test("what an endpoint does not have, verify says in a short sentence")
    func unknownOperations() async throws {
        let world = try await World()
        try world.manifest()
        try world.image("v1")
        let outcome = try await world.reconcile("verify", "m.json")
        #expect(outcome.exit == 0, "\(outcome.error)")
        #expect(outcome.out.contains("this endpoint does not have iam:SimulatePrincipalPolicy\n"), "\(outcome.out)")
        for word in ["UnknownOperation", "InvalidAction", "(request", "could not look"] {
            #expect(!outcome.out.contains(word), "\(outcome.out)")
        }
    }

    @Test("a rollout that never ends is overtaken by the next image")
    func overtaken() async throws {
        let world = try await World(circuitBreaker: false)
        try world.manifest(["schema": .null, "services": [["name": "web", "timeout": "2s"]]])
        try world.image("v1")
        // No task ever runs, however slow this machine is.
        try FileManager.default.removeItem(atPath: world.folder + "/images/app/v1/bin/serve")
        try await world.applied(exit: 5)
        try world.image("v2")
        try world.manifest(["schema": .null, "services": [["name": "web", "timeout": "10m"]]])
        let applied = try await world.applied("--image-tag", "v2")
        #expect(
            applied.events.contains { $0["text"]?.string?.contains("is overtaken by this one") == true },
            "\(applied.events)")
    }

    @Test("a migration that failed after a time-out is told, and does not stand in the way of another version")
    func lateFailure() async throws {
        let world = try await World()
        try world.manifest()
        try world.image("v1", migrate: .some("touch begun; until test -f go; do sleep 0.05; done; exit 1"))
        try await RecoveryTests.detach(world)
        try Scratch.write("", to: world.folder + "/data/go")
        try world.image("v2")
        let applied = try await world.applied("--image-tag", "v2", "--schema-version", "2")
        #expect(
            applied.events.contains { $0["text"]?.string?.contains("of an earlier run: the migration failed") == true })
        #expect(world.migrated == ["v2"])
    }

    @Test(
        "an interruption ends with 130 and leaves the migration running for the next apply",
        arguments: ["INT", "TERM", "HUP"])
    func interruption(signal: String) async throws {
        let world = try await World()
        try world.manifest()
        try world.image("v1", migrate: .some("until test -f go; do sleep 0.05; done; echo v1 >> migrated"))
        let script = """
            "$0" apply m.json & pid=$!
            until grep -q RUNNING log; do sleep 0.02; done
            kill -\(signal) $pid; wait $pid
            """
        let outcome = try await Outcome.of(
            "bash", ["-c", "{ \(script); } 2>log", Project.reconcile], environment: world.environment,
            in: world.folder)
        #expect(outcome.exit == 130)
        let log = try String(contentsOfFile: world.folder + "/log", encoding: .utf8)
        #expect(log.contains("error[interrupted]") && !log.contains("trying again"))
        try Scratch.write("", to: world.folder + "/data/go")
        try await world.applied()
        #expect(world.migrated == ["v1"])
    }

    @Test("a decision that is interrupted ends with 130, too")
    func interruptedDecision() async throws {
        let world = try await World()
        try world.image("v1")
        try world.manifest()
        let relay = try Relay(to: world.port) { [folder = world.folder] _, _ in
            try? Scratch.write("", to: folder + "/called")
            return false
        }
        let script = """
            "$0" resolve m.json schema/main --at 1 --reason x --endpoint-url \(relay.url) & pid=$!
            until test -e called; do sleep 0.02; done
            kill -TERM $pid; wait $pid
            """
        let outcome = try await Outcome.of(
            "bash", ["-c", script, Project.reconcile], environment: world.environment, in: world.folder)
        #expect(outcome.exit == 130)
        #expect(outcome.error.contains("error[interrupted]"), "\(outcome.error)")
    }
}
