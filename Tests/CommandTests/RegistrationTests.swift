import Foundation
import JSON
import Support
import Testing

/// What is registered, found again and released, for definitions with more than one plain container.
@Suite("registrations")
struct RegistrationTests {
    static let registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com"

    /// A definition of two containers of the released image and one of another.
    static func trio() -> JSON {
        var definition = World.definition("app", container: ["command": ["serve"]])
        var worker = definition["containerDefinitions"]?.elements[0] ?? [:]
        worker["name"] = "worker"
        worker["essential"] = false
        let side: JSON = [
            "name": "side", "image": .string("\(registry)/side:v1"), "command": ["serve"], "essential": false,
        ]
        definition["containerDefinitions"] = [definition["containerDefinitions"]?.elements[0] ?? [:], worker, side]
        return definition
    }

    private func world(_ definition: JSON, _ manifest: JSON = [:]) async throws -> World {
        let world = try await World()
        for tag in ["v1", "v2"] { try world.image(tag) }
        try Scratch.write(
            "#!/bin/sh\nexec sleep 1000\n", to: "\(world.folder)/images/side/v1/bin/serve", executable: true)
        try Scratch.write(definition.compact, to: world.folder + "/t.json")
        var changes: JSON = ["taskDefinition": ["file": "t.json"], "schema": .null]
        for member in manifest.object?.members ?? [] { changes[member.key] = member.value }
        try world.manifest(changes)
        return world
    }

    private func calls(_ applied: (result: JSON, events: [JSON])) -> Int? {
        applied.result["calls"]?["mutating"]?.integer
    }

    @Test("all containers of the repository get the image, the plan shows each, and another ledger finds it again")
    func containers() async throws {
        let world = try await world(Self.trio())
        try await world.applied()
        let plan = try await world.reconcile("plan", "m.json", "--image-tag", "v2")
        #expect(plan.out.contains("containerDefinitions[app].image\n"), "\(plan.out)")
        #expect(plan.out.contains("containerDefinitions[worker].image\n"), "\(plan.out)")
        #expect(!plan.out.contains("[side]"), "\(plan.out)")
        #expect(calls(try await world.applied("--image-tag", "v2")) == 2)
        #expect(calls(try await world.applied("--image-tag", "v2")) == 0)
        #expect(calls(try await world.applied("--image-tag", "v2", "--ledger", "other.sqlite")) == 0)
        // A derived definition moves the same ones, and knows its base by all the rest.
        try world.manifest(["schema": .null])
        let derived = try await world.reconcile("plan", "m.json")
        #expect(derived.out.contains("app:3 -> app:2"), "\(derived.out)\(derived.error)")
        #expect(!derived.out.contains("new base"))
        #expect(calls(try await world.applied("--image-tag", "v1")) == 1)
        #expect(calls(try await world.applied("--image-tag", "v1", "--ledger", "third.sqlite")) == 0)
    }

    @Test("taskDefinition.containers names a part of them")
    func subset() async throws {
        let world = try await world(
            Self.trio(), ["taskDefinition": ["file": "t.json", "containers": ["app"]]])
        let plan = try await world.reconcile("plan", "m.json")
        let worker = plan.out.split(separator: "\n").first { $0.contains("\"name\":\"worker\"") }
        #expect(worker?.contains("app:v0") == true, "\(plan.out)\(plan.error)")
        try world.manifest(["taskDefinition": ["file": "t.json", "containers": ["app", "workre"]], "schema": .null])
        let misspelt = try await world.reconcile("plan", "m.json")
        #expect(misspelt.exit == 65)
        #expect(misspelt.error.contains("no definition has the container workre"), "\(misspelt.error)")
    }

    @Test("a container that gets no image and has none is refused before any call that changes something")
    func imageless() async throws {
        var definition = Self.trio()
        var containers = definition["containerDefinitions"]?.elements ?? []
        containers[2]["image"] = nil
        definition["containerDefinitions"] = .array(containers)
        let world = try await world(definition)
        let plan = try await world.reconcile("plan", "m.json")
        #expect(plan.exit == 65)
        #expect(plan.error.contains("container side of the task definition has no image"), "\(plan.error)")
    }

    @Test("what the server shows in its own order and with its defaults is found again by a new ledger")
    func serverOrder() async throws {
        var definition = World.definition(
            "app",
            container: [
                "command": ["serve"], "environment": [["name": "B", "value": ""], ["name": "A", "value": "1"]],
                "secrets": [["name": "S", "valueFrom": "x"], ["name": "R", "valueFrom": "y"]],
                "portMappings": [["containerPort": 8080], ["containerPort": 80]],
                "mountPoints": [
                    ["sourceVolume": "v", "containerPath": "/v"], ["sourceVolume": "w", "containerPath": "/w"],
                ],
                "dockerLabels": ["empty": "", "a": "b"],
                "ulimits": [
                    ["name": "nofile", "softLimit": 1024, "hardLimit": 1024],
                    ["name": "core", "softLimit": 0, "hardLimit": 0],
                ],
            ])
        definition["volumes"] = [["name": "w"], ["name": "v", "efsVolumeConfiguration": ["fileSystemId": "fs-1"]]]
        let world = try await world(definition)
        try await world.applied()
        let shown = try await world.aws("ecs", "describe-task-definition", "--task-definition", "app")["taskDefinition"]
        let container = shown?["containerDefinitions"]?.elements.first
        #expect(container?["environment"]?.elements.first?["name"] == "B")
        #expect(container?["dockerLabels"]?["empty"] == "")
        #expect(calls(try await world.applied("--ledger", "other.sqlite")) == 0)
        // And so is the server's whole answer, given back as the definition.
        let answer = try await world.aws(
            "ecs", "describe-task-definition", "--task-definition", "app", "--include", "TAGS")
        try Scratch.write(answer.compact, to: world.folder + "/t.json")
        #expect(calls(try await world.applied()) == 0)
    }

    @Test("a changed tag registers nothing: the plan and drift show it with the command that sets it")
    func tags() async throws {
        var definition = World.definition("app", container: ["command": ["serve"]])
        definition["tags"] = [["key": "team", "value": "checkout"]]
        let world = try await world(definition)
        try await world.applied()
        definition["tags"] = [["key": "team", "value": "cash desk"]]
        try Scratch.write(definition.compact, to: world.folder + "/t.json")
        let plan = try await world.reconcile("plan", "m.json", "--detailed-exitcode")
        #expect(plan.exit == 0)
        #expect(plan.out.contains("tag-resource --region us-east-1 --resource-arn "), "\(plan.out)")
        let drift = try await world.reconcile("drift", "m.json")
        #expect(drift.exit == 2)
        #expect(drift.out.contains("tags[team]: checkout -> cash desk"), "\(drift.out)")
        #expect(calls(try await world.applied()) == 0)
        _ = try await world.aws(
            "ecs", "tag-resource", "--resource-arn", "arn:aws:ecs:us-east-1:123456789012:task-definition/app:2",
            "--tags", "key=team,value=cash desk")
        #expect(try await world.reconcile("drift", "m.json").exit == 0)
        // With anything else that changes, it goes into the new revision, and the plan says so.
        definition["cpu"] = "512"
        definition["tags"] = [["key": "team", "value": "other"]]
        try Scratch.write(definition.compact, to: world.folder + "/t.json")
        #expect(try await world.reconcile("plan", "m.json").out.contains("tags[team]: cash desk -> other"))
    }

    @Test(
        "a deregistered revision is registered again where a task or a service is about to use it, and a service moves off it"
    )
    func inactive() async throws {
        let world = try await World()
        try world.image("v1")
        try world.manifest()
        try await world.applied()
        _ = try await world.aws("ecs", "deregister-task-definition", "--task-definition", "app:2")
        // Nothing is about to use it, and it runs on.
        #expect(calls(try await world.applied()) == 0)
        // The same image with another version: its migration would be refused by ECS.
        let plan = try await world.reconcile("plan", "m.json", "--schema-version", "2")
        #expect(plan.out.contains("app:2 matches the manifest but is deregistered"), "\(plan.out)")
        try await world.applied("--schema-version", "2")
        let service = try await world.aws("ecs", "describe-services", "--cluster", "test", "--services", "web")
        let revision = service["services"]?.elements.first?["taskDefinition"]?.string
        #expect(revision?.hasSuffix("/app:3") == true)
        #expect(calls(try await world.applied("--schema-version", "2")) == 0)
        // A command from what the service runs cannot be started; one of the manifest's image can.
        _ = try await world.aws("ecs", "deregister-task-definition", "--task-definition", "app:3")
        let refused = try await world.reconcile("run", "m.json", "--", "db-migrate")
        #expect(refused.exit == 1)
        #expect(refused.error.contains("the revision was deregistered"), "\(refused.error)")
        let run = try await world.reconcile("run", "m.json", "--image-tag", "v1", "--", "db-migrate")
        #expect(run.exit == 0, "\(run.error)")
        // Known to be deregistered, it is left as soon as possible.
        let drift = try await world.reconcile("drift", "m.json", "--schema-version", "2")
        #expect(drift.exit == 2)
        #expect(drift.out.contains("app:3 was deregistered, and app:4 says the same"), "\(drift.out)")
        // Its revision is marked first: the command that registered it wanted another version.
        #expect(calls(try await world.applied("--schema-version", "2")) == 2)
        // A ledger that has never seen it.
        _ = try await world.aws("ecs", "deregister-task-definition", "--task-definition", "app:4")
        #expect(try await world.reconcile("drift", "m.json", "--schema-version", "2").exit == 0)
        let asked = try await world.reconcile("drift", "m.json", "--schema-version", "2", "--tags")
        #expect(asked.out.contains("app:4 was deregistered: it runs on"), "\(asked.out)")
        try await world.applied("--schema-version", "2", "--ledger", "other.sqlite")
        #expect(calls(try await world.applied("--schema-version", "2", "--ledger", "other.sqlite")) == 0)
    }

    @Test("an approved plan covers the tags that a revision is registered with")
    func approval() async throws {
        let world = try await World()
        try world.image("v1")
        try world.manifest(["schema": .null])
        let arn = "arn:aws:ecs:us-east-1:123456789012:task-definition/app:1"
        for (value, exit) in [("a", Int32(1)), ("c", 0)] {
            _ = try await world.aws("ecs", "tag-resource", "--resource-arn", arn, "--tags", "key=team,value=\(value)")
            #expect(try await world.reconcile("plan", "m.json", "--out", "plan.json").exit == 0)
            if exit == 1 {
                _ = try await world.aws("ecs", "tag-resource", "--resource-arn", arn, "--tags", "key=team,value=b")
            }
            let outcome = try await world.reconcile("apply", "plan.json")
            #expect(outcome.exit == exit, "\(outcome.error)")
            #expect(outcome.error.contains("plan-changed") == (exit == 1), "\(outcome.error)")
        }
    }

    struct EntryPoint: Sendable {
        let words: JSON
        let command: JSON
        /// A part of the refusal; nil where there is none.
        let refusal: String?
    }

    @Test(
        "a command that an entryPoint would cut or ignore is refused, and what to write instead is said",
        arguments: [
            EntryPoint(
                words: ["sh", "-c"], command: ["alembic", "upgrade", "a b"],
                refusal: "write the command as one word: [\"alembic upgrade 'a b'\"]"),
            EntryPoint(
                words: ["/bin/bash", "-euo", "pipefail", "-c"], command: ["a", "b"],
                refusal: "drop the other words of the command"),
            EntryPoint(words: ["tini", "--", "/bin/sh", "-lc"], command: ["a", "b"], refusal: "drop the other words"),
            EntryPoint(words: ["sh", "-c", "npm start"], command: ["db-migrate"], refusal: "would be ignored"),
            EntryPoint(words: ["sh", "-c", "exec \"$0\" \"$@\""], command: ["a", "b"], refusal: nil),
            EntryPoint(words: ["sh", "-c"], command: ["a b"], refusal: nil),
            EntryPoint(words: ["/entrypoint.sh"], command: ["a", "b"], refusal: nil),
        ])
    func entryPoint(example: EntryPoint) async throws {
        let world = try await World(container: ["entryPoint": example.words])
        try world.image("v1")
        try world.manifest(["schema": ["database": "main", "version": "1", "migrate": ["command": example.command]]])
        let plan = try await world.reconcile("plan", "m.json")
        #expect(plan.exit == (example.refusal == nil ? 0 : 65), "\(plan.out)\(plan.error)")
        if let refusal = example.refusal {
            #expect(plan.error.replacing("\n", with: " ").contains(refusal), "\(plan.error)")
        }
    }

    @Test(
        "a log that cannot be read is said in the plan",
        arguments: [
            (nil, "has no logConfiguration"),
            (["logDriver": "splunk", "options": ["splunk-url": "https://x"]], "logs with splunk, not with awslogs"),
            (
                ["logDriver": "awslogs", "options": ["awslogs-group": "g", "awslogs-region": "us-east-1"]],
                "logs without \"awslogs-group\" or \"awslogs-stream-prefix\""
            ),
        ] as [(JSON?, String)])
    func logs(configuration: JSON?, words: String) async throws {
        let world = try await World(container: ["logConfiguration": configuration ?? .null])
        try world.image("v1")
        try world.manifest()
        let plan = try await world.reconcile("plan", "m.json")
        #expect(plan.out.contains(words), "\(plan.out)\(plan.error)")
    }

    @Test(
        "a volume that is configured at launch is configured as the service's, and refused where the service's is not")
    func volumes() async throws {
        var definition = World.definition(
            "app", container: ["command": ["serve"], "mountPoints": [["sourceVolume": "v", "containerPath": "/v"]]])
        definition["volumes"] = [["name": "v", "configuredAtLaunch": true]]
        let world = try await world(definition, ["schema": ["database": "main", "version": "1"]])
        let plan = try await world.reconcile("plan", "m.json")
        #expect(plan.exit == 65)
        #expect(
            plan.error.contains("volume v of app is configuredAtLaunch, and service web has no configuration for it"),
            "\(plan.error)")
        // A service that has one.
        _ = try await world.aws("ecs", "register-task-definition", "--cli-input-json", definition.compact)
        var service = World.service("disk", "app", in: "test", circuitBreaker: false)
        service["volumeConfigurations"] = [
            ["name": "v", "managedEBSVolume": ["roleArn": "arn:aws:iam::123456789012:role/ebs", "sizeInGiB": 10]]
        ]
        _ = try await world.aws("ecs", "create-service", "--cli-input-json", service.compact)
        try world.manifest([
            "taskDefinition": ["file": "t.json"], "schema": ["database": "main", "version": "1"],
            "services": [["name": "disk"]],
        ])
        try await world.applied()
        #expect(world.migrated == ["v1"])
        #expect(calls(try await world.applied()) == 0)
    }
}
