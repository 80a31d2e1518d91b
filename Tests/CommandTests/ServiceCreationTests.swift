import JSON
import Support
import Testing

/// `services[].create`: a service that does not exist yet.
@Suite("A service that does not exist")
struct ServiceCreationTests {
    private static let creation: JSON = [
        "launchType": "FARGATE", "desiredCount": 2,
        "networkConfiguration": ["awsvpcConfiguration": ["subnets": ["subnet-1"]]],
        "deploymentConfiguration": ["deploymentCircuitBreaker": ["enable": true, "rollback": true]],
    ]

    /// Next to the service `web`, which exists, one that does not.
    private func manifest(_ world: World, create: JSON = creation, services: JSON? = nil, _ changes: JSON = [:]) throws
    {
        let worker: JSON = ["name": "worker", "timeout": "10m", "create": create]
        var manifest: JSON = [
            "taskDefinition": ["definition": World.definition("app")],
            "services": services ?? [["name": "web", "timeout": "10m"], worker],
        ]
        for member in changes.object?.members ?? [] {
            manifest[member.key] = member.value == .null ? nil : member.value
        }
        try world.manifest(manifest)
    }

    private func services(_ world: World) async throws -> [JSON] {
        let answer = try await world.aws("ecs", "describe-services", "--cluster", "test", "--services", "web", "worker")
        return answer["services"]?.elements ?? []
    }

    @Test("is created after the migration, as the plan says, and is like any other from then on")
    func created() async throws {
        let world = try await World()
        for tag in ["v1", "v2"] { try world.image(tag) }
        try manifest(world)
        let plan = try await world.reconcile("plan", "m.json")
        #expect(plan.out.contains("+ service/worker"), "\(plan.out)")
        #expect(plan.out.contains("desiredCount: unset -> 2"), "\(plan.out)")
        let events = try await world.applied().events
        let migrated = events.firstIndex { $0["event"] == "finished" && $0["resource"] == "schema/main" }
        let created = events.firstIndex { $0["event"] == "started" && $0["resource"] == "service/worker" }
        #expect(try #require(migrated) < #require(created))
        let worker = try #require(try await services(world).last)
        #expect(
            worker["desiredCount"] == 2 && worker["taskDefinition"]?.string?.hasSuffix("app:2") == true, "\(worker)")
        #expect(try await world.applied().result["calls"]?["mutating"] == 0)
        #expect(try await world.reconcile("drift", "m.json").exit == 0)
        try await world.applied("--image-tag", "v2")
        #expect(try await services(world).allSatisfy { $0["taskDefinition"]?.string?.hasSuffix("app:3") == true })
    }

    @Test("needs no other one, and no revision")
    func alone() async throws {
        let world = try await World()
        try world.image("v1")
        try manifest(
            world, services: [["name": "worker", "timeout": "10m", "create": Self.creation]],
            ["taskDefinition": ["definition": World.definition("fresh")]])
        let plan = try await world.reconcile("plan", "m.json", "--out", "p")
        #expect(plan.out.contains("task-definition/fresh  register  first revision of the family"), "\(plan.out)")
        #expect(try await world.reconcile("apply", "p").exit == 0)
        #expect(world.migrated == ["v1"])
        #expect(try await world.applied().result["calls"]?["mutating"] == 0)
    }

    @Test("has the count that the manifest declares, and else its own")
    func count() async throws {
        let world = try await World()
        try world.image("v1")
        try manifest(
            world, services: [["name": "worker", "timeout": "10m", "desiredCount": 3, "create": Self.creation]])
        try await world.applied()
        #expect(try await services(world).last?["desiredCount"] == 3)
    }

    @Test("is approved as it is created: a plan for other settings is another plan")
    func approved() async throws {
        let world = try await World()
        try world.image("v1")
        try manifest(world)
        #expect(try await world.reconcile("plan", "m.json", "--out", "p").exit == 0)
        var other = Self.creation
        other["networkConfiguration"] = ["awsvpcConfiguration": ["subnets": ["subnet-2"]]]
        try manifest(world, create: other)
        let apply = try await world.reconcile("apply", "p")
        #expect(apply.exit == 1 && apply.error.contains("plan-changed"), "\(apply.out)\(apply.error)")
        #expect(try await services(world).count == 1 && world.migrated.isEmpty)
    }

    @Test("that does not start ends with 4, and is not tried again")
    func failing() async throws {
        let world = try await World(limits: World.seenFailing)
        try world.image("v1", serve: "exit 1")
        try manifest(world, services: [["name": "worker", "timeout": "10m", "create": Self.creation]])
        try await world.applied(exit: 4)
        try await world.applied(exit: 4)
        try world.image("v2")
        try await world.applied("--image-tag", "v2")
    }

    @Test("whose creation got no answer is found by the next apply")
    func unanswered() async throws {
        let world = try await World()
        try world.image("v1")
        try manifest(world)
        let relay = try Relay(to: world.port) { request, side in
            request.operation != "CreateService" || side == .before
        }
        let first = try await world.reconcile(
            "apply", "m.json", "--timeout", "5s", extra: ["AWS_ENDPOINT_URL": relay.url])
        #expect(first.exit != 0)
        try await world.applied()
        #expect(try await services(world).count == 2)
        withExtendedLifetime(relay) {}
    }

    @Test("that was deleted is created again, and drift says that it is gone")
    func deleted() async throws {
        let world = try await World()
        try world.image("v1")
        try manifest(world)
        for _ in 1...2 {
            try await world.applied()
            _ = try await world.aws("ecs", "delete-service", "--cluster", "test", "--service", "worker", "--force")
            try await world.untilGone("worker")
            let drift = try await world.reconcile("drift", "m.json")
            #expect(drift.exit == 2 && drift.out.contains("it does not exist any more"), "\(drift.out)\(drift.error)")
        }
        try await world.applied()
        #expect(world.migrated == ["v1"])
    }

    @Test("whose content ECS gave up is not created again with it, also after it was deleted")
    func refusedContent() async throws {
        let world = try await World(limits: World.seenFailing)
        try world.image("v1", serve: "exit 1")
        try manifest(world, services: [["name": "worker", "timeout": "10m", "create": Self.creation]])
        try await world.applied(exit: 4)
        _ = try await world.aws("ecs", "delete-service", "--cluster", "test", "--service", "worker", "--force")
        try await world.untilGone("worker")
        #expect(try await world.applied(exit: 4).result["calls"]?["mutating"] == 0)
        #expect(try await world.reconcile("apply", "m.json", "--retry-failed").exit == 4)
    }

    @Test("is created with a token of its own")
    func tokens() async throws {
        let world = try await World()
        try world.image("v1")
        let services: [JSON] = ["one", "two", "worker"].map {
            ["name": .string($0), "timeout": "10m", "create": Self.creation]
        }
        try manifest(world, services: .array(services))
        try await world.applied()
    }

    @Test("brings the configuration of a volume that its definition leaves to the service")
    func volumes() async throws {
        let world = try await World()
        try world.image("v1")
        var definition = World.definition("app")
        definition["volumes"] = [["name": "scratch", "configuredAtLaunch": true]]
        let only: JSON = ["name": "worker", "create": Self.creation]
        try manifest(world, services: [only], ["taskDefinition": ["definition": definition]])
        let without = try await world.reconcile("plan", "m.json")
        #expect(without.exit == 65 && without.error.contains("volume scratch of app"), "\(without.error)")
        var create = Self.creation
        create["volumeConfigurations"] = [
            [
                "name": "scratch",
                "managedEBSVolume": ["roleArn": "arn:aws:iam::123456789012:role/ebs", "sizeInGiB": 10],
            ]
        ]
        let configured: JSON = ["name": "worker", "create": create]
        try manifest(world, services: [configured], ["taskDefinition": ["definition": definition]])
        let plan = try await world.reconcile("plan", "m.json")
        #expect(plan.exit == 0, "\(plan.error)")
    }

    @Test("shows no option of a log driver, in a plan and in its file")
    func secrets() async throws {
        let world = try await World()
        try world.image("v1")
        var create = Self.creation
        create["serviceConnectConfiguration"] = [
            "enabled": true,
            "logConfiguration": ["logDriver": "splunk", "options": ["splunk-token": "${env:SPLUNK}"]],
        ]
        try manifest(world, create: create)
        let secret = ["SPLUNK": "canary-of-the-log-driver"]
        let plan = try await world.reconcile(["plan", "m.json", "--out", "p"], extra: secret)
        #expect(plan.exit == 0 && plan.out.contains("splunk-token"), "\(plan.error)")
        let json = try await world.reconcile(["plan", "m.json", "--output", "json"], extra: secret)
        let file = try String(contentsOfFile: world.folder + "/p", encoding: .utf8)
        #expect(![plan.out, json.out, file].contains { $0.contains("canary") })
        let other = try await world.reconcile(["apply", "p"], extra: ["SPLUNK": "another-value"])
        #expect(other.exit == 1 && other.error.contains("plan-changed"), "\(other.error)")
        // The sandbox refuses Service Connect: what AWS says of it is masked like any text.
        let apply = try await world.reconcile(["apply", "m.json"], extra: secret)
        #expect(apply.exit != 0 && !(apply.out + apply.error).contains(secret["SPLUNK"] ?? ""), "\(apply.error)")
    }

    @Test("is in the policy of a deployment, and of no other role")
    func policy() async throws {
        let world = try await World()
        try world.image("v1")
        var create = Self.creation
        create["tags"] = [["key": "team", "value": "shop"]]
        try manifest(world, create: create)
        let policy = try await world.reconcile("policy", "m.json").out
        #expect(policy.contains("TagServices"), "\(policy)")
        create["role"] = "arn:aws:iam::123456789012:role/balancer"
        try manifest(world, create: create)
        let passing = try await world.reconcile("policy", "m.json").out
        #expect(passing.contains("role/balancer") && passing.contains("\"ecs.amazonaws.com\""), "\(passing)")
        create["role"] = nil
        try manifest(world, create: create)
        #expect(policy.contains("ecs:CreateService") && policy.contains("service/test/worker"), "\(policy)")
        #expect(!(try await world.reconcile("policy", "m.json", "--role", "plan").out.contains("CreateService")))
        try Scratch.write(policy, to: world.folder + "/policy.json")
        try await world.applied()
    }

    @Test("and that nothing describes is named, with what creates it")
    func missing() async throws {
        let world = try await World()
        try world.manifest(["services": [["name": "nowhere"]]])
        let plan = try await world.reconcile("plan", "m.json")
        #expect(plan.exit == 1 && plan.error.contains("aws ecs create-service --cluster test"), "\(plan.error)")
    }

    @Test(
        "is refused with settings that CreateService would drop or refuse",
        arguments: [
            (
                ["loadBalancer": []],
                "unknown key \"loadBalancer\" in services[].create (did you mean \"loadBalancers\"?)"
            ),
            (["desiredCount": "2"], "must be a whole number"),
            (["schedulingStrategy": "DAEMON"], "unknown key \"schedulingStrategy\""),
            (["cpu": "256"], "it belongs to the task definition"),
            (["launchType": "FARGTE"], "cannot be \"FARGTE\""),
        ] as [(JSON, String)])
    func refused(create: JSON, says: String) async throws {
        let world = try await World()
        try manifest(world, create: create)
        let plan = try await world.reconcile("plan", "m.json")
        #expect(plan.exit == 65 && plan.error.contains(says), "\(plan.error)")
    }

    @Test("needs a definition: one of its own, or a family's")
    func derived() async throws {
        let world = try await World()
        try world.image("v1")
        try manifest(world, ["taskDefinition": .null])
        let plan = try await world.reconcile("plan", "m.json")
        #expect(plan.exit == 65 && plan.error.contains("nothing says what it is to run"), "\(plan.error)")
        var create = Self.creation
        create["taskDefinition"] = "app"
        try manifest(world, create: create, ["taskDefinition": .null])
        try await world.applied()
        #expect(try await services(world).count == 2)
    }
}
