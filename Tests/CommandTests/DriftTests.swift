import Foundation
import JSON
import Support
import Testing

/// What a schedule finds, through the built command line and a sandbox.
@Suite("drift")
struct DriftTests {
    private func drift(_ world: World, _ arguments: String..., exit: Int32) async throws -> [JSON] {
        let outcome = try await world.reconcile(["drift", "m.json", "--output", "json"] + arguments)
        #expect(outcome.exit == exit, "\(outcome.out)\(outcome.error)")
        let answer = try JSON.parse(outcome.out)
        #expect(answer["environment"] == "test-env")
        #expect(answer["inSync"]?.bool == (exit == 0))
        return answer["drift"]?.elements ?? []
    }

    private func applied(_ changes: JSON = [:]) async throws -> World {
        let world = try await World()
        try world.manifest(changes)
        for tag in ["v1", "v2"] { try world.image(tag) }
        try await world.applied()
        return world
    }

    private func moved(_ drift: [JSON]) -> [String] {
        drift.map { "\($0["resource"]?.string ?? "?") \($0["moved"]?.string ?? "?")" }
    }

    @Test("is silent about a world that is as desired, and writes nothing")
    func inSync() async throws {
        let world = try await applied()
        let before = try await world.reconcile("history", "m.json", "--output", "json").out
        #expect(try await drift(world, exit: 0).isEmpty)
        #expect(try await world.reconcile("drift", "m.json", "--quiet").out.isEmpty)
        #expect(try await world.reconcile("history", "m.json", "--output", "json").out == before)
    }

    @Test("definitions that a run has read are not read again, with a ledger or without; without the cache they are")
    func cached() async throws {
        let world = try await applied()
        func described(_ ledger: [String], cache: String? = nil) async throws -> Int {
            let outcome = try await world.reconcile(
                ["drift", "m.json", "--verbose"] + ledger,
                extra: cache.map { ["XDG_CACHE_HOME": $0] } ?? [:])
            #expect(outcome.exit == 0, "\(outcome.error)")
            return outcome.error.components(separatedBy: "DescribeTaskDefinition").count - 1
        }
        #expect(try await described([]) == 0)
        #expect(try await described(["--ledger", "none"]) == 0)
        let elsewhere = world.folder + "/elsewhere"
        #expect(try await described(["--ledger", "none"], cache: elsewhere) > 0)
        #expect(try await described(["--ledger", "none"], cache: elsewhere) == 0)
        // A mark that another machine has set since is looked for where what is remembered lacks it.
        try FileManager.default.removeItem(atPath: elsewhere)
        _ = try await world.reconcile("plan", "m.json", extra: ["XDG_CACHE_HOME": elsewhere])
        try await world.applied("--schema-version", "2")
        let outcome = try await world.reconcile(
            ["drift", "m.json", "--schema-version", "2", "--ledger", "none"], extra: ["XDG_CACHE_HOME": elsewhere])
        #expect(outcome.exit == 0, "\(outcome.out)\(outcome.error)")
    }

    @Test("a new tag and version in the manifest are moved by the manifest")
    func manifestMoved() async throws {
        let world = try await applied()
        let found = try await drift(world, "--image-tag", "v2", "--schema-version", "2", exit: 2)
        #expect(moved(found) == ["task-definition/app manifest", "schema/main manifest"])
        #expect(found.first?["fields"]?.elements.first?["path"] == "containerDefinitions[app].image")
        #expect(found[1]["fields"]?.elements.first == ["path": "version", "from": "1", "to": "2"])
    }

    @Test("a service that somebody moved back is moved by the world, and by whom is told")
    func worldMoved() async throws {
        let world = try await applied()
        _ = try await world.aws(
            "ecs", "update-service", "--cluster", "test", "--service", "web", "--task-definition", "app:1")
        let found = try await drift(world, exit: 2)
        #expect(moved(found) == ["service/web world"])
        #expect(found.first?["fields"]?.elements.first == ["path": "taskDefinition", "from": "app:1", "to": "app:2"])
        #expect(found.first?["by"]?.string?.contains("arn:aws:iam::") == true)
    }

    @Test("a service that somebody moved while the manifest changed is moved by both")
    func bothMoved() async throws {
        let world = try await applied()
        _ = try await world.aws(
            "ecs", "update-service", "--cluster", "test", "--service", "web", "--task-definition", "app:1")
        let found = try await drift(world, "--image-tag", "v2", exit: 2)
        #expect(moved(found) == ["task-definition/app both", "service/web both"])
    }

    /// Someone's own revision, made from another one, with another size, and the services moved to it.
    private func moveByHand(
        _ world: World, _ services: [String] = ["web"], from revision: String, to name: String, cpu: String,
        copiesTags: Bool = false
    ) async throws {
        let shown = try await world.aws(
            "ecs", "describe-task-definition", "--task-definition", revision, "--include", "TAGS")
        var definition = try #require(shown["taskDefinition"])
        for key in [
            "taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities", "registeredAt",
            "registeredBy",
        ] { definition[key] = nil }
        definition["cpu"] = .string(cpu)
        definition["memory"] = .string(cpu == "512" ? "1024" : "2048")
        if copiesTags { definition["tags"] = shown["tags"] }
        _ = try await world.aws("ecs", "register-task-definition", "--cli-input-json", definition.compact)
        for service in services {
            _ = try await world.aws(
                "ecs", "update-service", "--cluster", "test", "--service", service, "--task-definition", name)
        }
        let patience = Patience()
        while !patience.isOver {
            let shown = try await world.aws(["ecs", "describe-services", "--cluster", "test", "--services"] + services)
            let deployments = shown["services"]?.elements.flatMap { $0["deployments"]?.elements ?? [] } ?? []
            if deployments.count == services.count, deployments.allSatisfy({ $0["rolloutState"] == "COMPLETED" }) {
                return
            }
        }
    }

    @Test("a revision that somebody registered by hand is told field by field", arguments: [false, true])
    func registeredByHand(copiesTags: Bool) async throws {
        let world = try await applied()
        try await moveByHand(world, from: "app:2", to: "app:3", cpu: "512", copiesTags: copiesTags)
        let found = try await drift(world, exit: 2)
        #expect(moved(found) == ["task-definition/app world"])
        let paths = found.first?["fields"]?.elements.compactMap { $0["path"]?.string }
        #expect(paths == ["cpu", "memory"])
        #expect(found.first?["by"]?.string?.contains("arn:aws:iam::") == true)
    }

    @Test(
        "a base that somebody else has moved is taken by the next apply, which says so, calls nothing, and says it once"
    )
    func takenBase() async throws {
        let world = try await World(services: [("web", "app"), ("worker", "app")])
        try world.manifest(["services": [["name": "web"], ["name": "worker"]]])
        for tag in ["v1", "v2"] { try world.image(tag) }
        try await world.applied()
        for (from, to, cpu) in [("app:2", "app:3", "512"), ("app:2", "app:4", "1024"), ("app:3", "app:5", "512")] {
            try await moveByHand(world, ["web", "worker"], from: from, to: to, cpu: cpu)
            #expect(moved(try await drift(world, exit: 2)) == ["task-definition/app world"])
            let said = "taken as the new base: \(to), registered by arn:aws:iam::"
            let plan = try await world.reconcile("plan", "m.json", "--detailed-exitcode")
            #expect(plan.exit == 0 && plan.out.contains(said), "\(plan.out)")
            let end = try await world.reconcile("apply", "m.json")
            #expect(end.exit == 0 && end.out.contains("test-env: in sync, \(said)"), "\(end.out)\(end.error)")
            #expect(try await drift(world, exit: 0).isEmpty)
            let before = try await world.reconcile("ledger", "export", "m.json").out
            let again = try await world.applied()
            #expect(again.result["calls"]?["mutating"]?.integer == 0 && again.events.count == 1)
            #expect(try await world.reconcile("ledger", "export", "m.json").out == before)
        }
        // It is where the last apply left it: what is new now is the manifest alone.
        #expect(
            moved(try await drift(world, "--image-tag", "v2", exit: 2)) == ["task-definition/app manifest"])
        try await world.applied("--image-tag", "v2")
        #expect(try await drift(world, "--image-tag", "v2", exit: 0).isEmpty)
    }

    @Test("a count that another user changed is drift")
    func counts() async throws {
        let world = try await applied(["services": [["name": "web", "desiredCount": 2, "timeout": "10m"]]])
        _ = try await world.aws(
            "ecs", "update-service", "--cluster", "test", "--service", "web", "--desired-count", "3")
        let found = try await drift(world, exit: 2)
        #expect(moved(found) == ["service/web world"])
        #expect(found.first?["fields"]?.elements.first == ["path": "desiredCount", "from": "3", "to": "2"])
    }

    @Test("a tag that points at another image is moved by the world, pinned or not", arguments: [true, false])
    func tagMoved(isPinned: Bool) async throws {
        let world = try await applied([
            "image": [
                "repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app", "tag": "v1", "pin": .bool(isPinned),
            ]
        ])
        #expect(try await drift(world, exit: 0).isEmpty)
        try world.image("v1", serve: "echo another; exec sleep 1000")
        let found = try await drift(world, exit: 2)
        #expect(moved(found).first == (isPinned ? "task-definition/app world" : "service/web world"))
        if !isPinned { #expect(found.first?["fields"]?.elements.first?["path"] == "imageDigest") }
    }

    @Test("an image that ECS rolled back is told with its reason")
    func rolledBack() async throws {
        let world = try await World(limits: ["healthy": 2_000])
        try world.manifest()
        try world.image("v1")
        try world.image("v2", serve: "exit 1")
        try await world.applied()
        try await world.applied("--image-tag", "v2", exit: 4)
        let found = try await drift(world, "--image-tag", "v2", exit: 2)
        #expect(moved(found) == ["service/web world"])
        #expect(found.first?["reason"]?.string?.contains("gave up") == true)
    }

    @Test("a tag that was taken away is noticed where the tags are read anew")
    func lostTag() async throws {
        let world = try await applied()
        let arn = "arn:aws:ecs:us-east-1:123456789012:task-definition/app:2"
        _ = try await world.aws("ecs", "untag-resource", "--resource-arn", arn, "--tag-keys", "reconcile:digest")
        #expect(try await drift(world, exit: 0).isEmpty)
        let found = try await drift(world, "--tags", exit: 2)
        #expect(moved(found) == ["task-definition/app world"])
        #expect(found.first?["fields"]?.elements.first?["path"] == "tags[reconcile:digest]")
    }

    @Test(
        "tags that were taken away or changed are told with both values, and the way to clear it that is told clears it"
    )
    func changedTags() async throws {
        let world = try await applied()
        #expect(try await drift(world, "--tags", exit: 0).isEmpty)
        let arn = "arn:aws:ecs:us-east-1:123456789012:task-definition/app:2"
        _ = try await world.aws(
            "ecs", "untag-resource", "--resource-arn", arn, "--tag-keys", "reconcile:schema:test/main")
        _ = try await world.aws(
            "ecs", "tag-resource", "--resource-arn", arn, "--tags", "key=reconcile:digest,value=bogus",
            "key=reconcile:environment,value=other")
        let found = try await drift(world, "--tags", exit: 2)
        #expect(moved(found) == ["task-definition/app world"])
        let fields = try #require(found.first?["fields"]?.elements)
        #expect(
            fields.map(\.["path"]) == [
                "tags[reconcile:digest]", "tags[reconcile:environment]", "tags[reconcile:schema:test/main]",
            ])
        #expect(fields.map(\.["from"]) == ["bogus", "other", .null])
        #expect(fields[1]["to"] == "test-env" && fields[2]["to"] == "1")
        // No apply sets a tag of what is in its place.
        #expect(try await world.applied().result["calls"]?["mutating"]?.integer == 0)
        let way = try #require(found.first?["reason"]?.string?.split(separator: ": aws ", maxSplits: 1).last)
        _ = try await world.aws(way.split(separator: " ").map(String.init))
        #expect(try await drift(world, "--tags", exit: 0).isEmpty)
    }

    @Test(
        "with --probe the database itself is asked, and outranks what the ledger believes",
        arguments: [
            ("1", 0, []), ("2", 2, ["schema/main world"]), ("1 dirty", 2, ["schema/main world"]),
        ] as [(String, Int32, [String])])
    func probed(said: String, exit: Int32, expected: [String]) async throws {
        let world = try await applied(Self.probing)
        try Scratch.write("RECONCILE_SCHEMA=\(said)", to: world.folder + "/data/said")
        #expect(try await drift(world, exit: 0).isEmpty)
        #expect(moved(try await drift(world, "--probe", exit: exit)) == expected)
        let history = try await world.reconcile("history", "m.json").out
        #expect(history.contains("drift --probe") && history.contains("command/web"))
    }

    static let probing: JSON = [
        "schema": ["database": "main", "version": "1", "probe": ["command": ["cat", "said"]]]
    ]

    struct Silence: Sendable, CustomTestStringConvertible {
        let name: String
        let probe: JSON
        let exit: Int32
        let code: String
        let why: String
        let cause: [String]
        var testDescription: String { name }
    }

    @Test(
        "a database that does not tell its version is a failure and no drift, and the rest is told all the same",
        arguments: [
            Silence(
                name: "a probe that fails", probe: ["command": ["sh", "-c", "echo no route; exit 7"]], exit: 3,
                code: "command-failed", why: "ended with exit code 7",
                cause: ["stop code: EssentialContainerExited", "container app: exit code 7", "  no route"]),
            Silence(
                name: "one that says nothing", probe: ["command": ["echo", "hello"]], exit: 1,
                code: "probe-unreadable", why: "its log has no line RECONCILE_SCHEMA=VERSION", cause: ["  hello"]),
            Silence(
                name: "one that no pattern understands",
                probe: ["command": ["echo", "hello"], "pattern": "at ([0-9]+)"], exit: 1, code: "probe-unreadable",
                why: "its log has no line that schema.probe.pattern matches", cause: ["  hello"]),
            Silence(
                name: "one that says too much", probe: ["command": ["echo", "RECONCILE_SCHEMA=1 pending"]], exit: 1,
                code: "probe-unreadable", why: "has more in it than a version",
                cause: ["  RECONCILE_SCHEMA=1 pending"]),
        ])
    func unanswered(row: Silence) async throws {
        let world = try await applied(["schema": ["database": "main", "version": "1", "probe": row.probe]])
        for (isMoved, difference) in [(false, []), (true, ["service/web world"])] {
            if isMoved {
                _ = try await world.aws(
                    "ecs", "update-service", "--cluster", "test", "--service", "web", "--task-definition", "app:1")
            }
            let outcome = try await world.reconcile("drift", "m.json", "--probe", "--output", "json")
            #expect(outcome.exit == row.exit, "\(outcome.out)")
            let answer = try JSON.parse(outcome.out)
            #expect(moved(answer["drift"]?.elements ?? []) == difference)
            #expect(answer["inSync"] == false && answer["exit"]?.integer == Int(row.exit))
            let failure = try #require(answer["failure"])
            #expect(failure["code"]?.string == row.code && failure["resource"] == "schema/main")
            #expect(failure["summary"]?.string?.contains(row.why) == true, "\(failure)")
            #expect(failure["hint"]?.string?.contains("reconcile run m.json -- ") == true)
            let cause = failure["cause"]?.elements.compactMap(\.string) ?? []
            for line in row.cause { #expect(cause.contains(line), "\(cause)") }
            let text = try await world.reconcile("drift", "m.json", "--probe")
            #expect(text.error.contains("error[\(row.code)]: schema/main: the database did not report its version"))
            #expect(text.out.contains(isMoved ? "service/web" : "no difference was found, but its database"))
        }
    }

    @Test("a probe whose log cannot be read has said nothing, and why is AWS's own word")
    func unreadProbe() async throws {
        let world = try await applied(
            ["schema": ["database": "main", "version": "1", "probe": ["command": ["echo", "RECONCILE_SCHEMA=1"]]]])
        let relay = try Relay(to: world.port, denied: ["GetLogEvents"])
        let outcome = try await world.reconcile("drift", "m.json", "--probe", "--endpoint-url", relay.url)
        #expect(outcome.exit == 1, "\(outcome.error)")
        #expect(
            outcome.error.contains("its log could not be read: logs:GetLogEvents: AccessDenied"), "\(outcome.error)")
    }

    @Test("a probe that outlasts the time-out is still under way")
    func slowProbe() async throws {
        let world = try await applied(
            ["schema": ["database": "main", "version": "1", "probe": ["command": ["sleep", "60"]]]])
        let outcome = try await world.reconcile("drift", "m.json", "--probe", "--timeout", "3s")
        #expect(outcome.exit == 5, "\(outcome.error)")
        #expect(outcome.error.contains("error[timed-out]: command/web"), "\(outcome.error)")
    }

    @Test("that a database was not asked, because no probe is declared, is said")
    func unprobed() async throws {
        let world = try await applied()
        let outcome = try await world.reconcile("drift", "m.json", "--probe")
        #expect(outcome.exit == 0)
        #expect(outcome.error == "test-env: no probe is declared, so its database was not asked\n")
    }

    @Test("what the manifest wants newly is told as moved by it, also where the database was asked")
    func probedManifest() async throws {
        let world = try await applied(Self.probing)
        try Scratch.write("RECONCILE_SCHEMA=1", to: world.folder + "/data/said")
        let found = try await drift(world, "--probe", "--schema-version", "2", exit: 2)
        #expect(moved(found) == ["schema/main manifest"])
        #expect(found.first?["fields"]?.elements.first == ["path": "version", "from": "1", "to": "2"])
    }

    @Test("is shown as text, Markdown, and annotations of GitHub")
    func shown() async throws {
        let world = try await applied()
        _ = try await world.aws(
            "ecs", "update-service", "--cluster", "test", "--service", "web", "--task-definition", "app:1")
        let text = try await world.reconcile("drift", "m.json")
        #expect(text.out.contains("service/web  world"))
        #expect(text.out.contains("taskDefinition: app:1 -> app:2"))
        let markdown = try await world.reconcile(
            ["drift", "m.json", "--output", "markdown"], extra: ["GITHUB_ACTIONS": "true"])
        #expect(markdown.out.contains("| `service/web` | world |"))
        #expect(
            markdown.error.contains(",title=drift in test-env::service/web moved by world"))
    }

    @Test("cannot tell drift without AWS, and says so with its own exit code")
    func noCluster() async throws {
        let world = try await World()
        try world.manifest(["cluster": "nowhere"])
        let outcome = try await world.reconcile("drift", "m.json")
        #expect(outcome.exit == 1)
        #expect(outcome.error.contains("cluster-missing"))
    }
}
