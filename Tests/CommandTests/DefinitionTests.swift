import Foundation
import JSON
import Support
import Testing

/// Where a definition comes from.
@Suite("definitions")
struct DefinitionTests {
    /// A definition as a file would hold it.
    static func declared(_ change: (inout JSON) -> Void = { _ in }) -> JSON {
        var definition = World.definition("app", container: ["command": ["serve"]])
        change(&definition)
        return definition
    }

    @Test("a definition from a file is registered once for each content, with its tags")
    func declared() async throws {
        let world = try await World()
        try world.image("v1")
        try world.manifest(["taskDefinition": ["file": "taskdef.json"], "schema": .null])
        var definition = Self.declared()
        definition["tags"] = [["key": "team", "value": "checkout"]]
        try Scratch.write(definition.compact, to: world.folder + "/taskdef.json")
        try await world.applied()
        #expect(try await world.applied().result["calls"]?["mutating"]?.integer == 0)
        let described = try await world.aws(
            "ecs", "describe-task-definition", "--task-definition", "app", "--include", "TAGS")
        let tags = described["tags"]?.elements.compactMap { $0["key"]?.string }
        #expect(tags == ["reconcile:digest", "reconcile:environment", "team"])
        // What the server fills in, written out, is no other content.
        definition["containerDefinitions"] = [
            {
                var container = definition["containerDefinitions"]?.elements[0] ?? [:]
                container["cpu"] = 0
                container["essential"] = true
                return container
            }()
        ]
        try Scratch.write(definition.compact, to: world.folder + "/taskdef.json")
        #expect(try await world.applied().result["calls"]?["mutating"]?.integer == 0)
        definition["cpu"] = "512"
        try Scratch.write(definition.compact, to: world.folder + "/taskdef.json")
        let plan = try await world.reconcile("plan", "m.json", "--detailed-exitcode")
        #expect(plan.exit == 2)
        #expect(plan.out.contains("cpu: 256 -> 512"))
    }

    @Test("an inline definition may be YAML")
    func inline() async throws {
        let world = try await World()
        try world.image("v1")
        let yaml = """
            apiVersion: reconcile/v1
            environment: test-env
            cluster: test
            image:
              repository: 123456789012.dkr.ecr.us-east-1.amazonaws.com/app
              tag: "${env:TAG:-v1}"
            taskDefinition:
              definition:
                family: app
                networkMode: awsvpc
                requiresCompatibilities: [FARGATE]
                cpu: "256"
                memory: "512"
                containerDefinitions:
                  - name: app
                    environment:
                      - {name: MODE, value: yaml}
            services:
              - name: web
            """
        try Scratch.write(yaml, to: world.folder + "/m.yaml")
        let outcome = try await world.reconcile("apply", "m.yaml")
        #expect(outcome.exit == 0, "\(outcome.error)")
        #expect(try await world.reconcile("apply", "m.yaml").out == "test-env: in sync, nothing to do\n")
    }

    @Test("with base \"latest\" what infrastructure code registered is taken up, and is told")
    func latest() async throws {
        let world = try await World()
        try world.image("v1")
        try world.manifest(["taskDefinition": ["base": "latest"], "schema": .null])
        try await world.applied()
        let theirs = World.definition("app", container: ["memory": 256])
        _ = try await world.aws("ecs", "register-task-definition", "--cli-input-json", theirs.compact)
        let plan = try await world.reconcile("plan", "m.json")
        #expect(plan.out.contains("containerDefinitions[app].memory: unset -> 256"))
        try await world.applied()
        #expect(try await world.applied().result["calls"]?["mutating"]?.integer == 0)
    }

    @Test("a service that somebody else moved is taken as the new base, and the plan says by whom and what")
    func moved() async throws {
        let world = try await World()
        try world.image("v1")
        try world.manifest(["schema": .null])
        try await world.applied()
        let theirs = World.definition("app", container: ["memory": 256])
        _ = try await world.aws("ecs", "register-task-definition", "--cli-input-json", theirs.compact)
        _ = try await world.aws(
            "ecs", "update-service", "--cluster", "test", "--service", "web", "--task-definition", "app:3")
        let plan = try await world.reconcile("plan", "m.json")
        #expect(plan.out.contains("note: taken as the new base: app:3, registered by "))
        #expect(plan.out.contains("containerDefinitions[app].memory unset -> 256"))
        try await world.applied()
    }

    @Test("a desired count is sent only where it is declared")
    func desiredCount() async throws {
        let world = try await World()
        try world.image("v1")
        try world.manifest(["schema": .null, "services": [["name": "web", "desiredCount": 2]]])
        try await world.applied()
        #expect(try await world.page().contains("2/2"))
        try world.manifest(["schema": .null])
        #expect(try await world.applied().result["calls"]?["mutating"]?.integer == 0)
        try world.manifest(["schema": .null, "services": [["name": "web", "desiredCount": 1]]])
        let plan = try JSON.parse(try await world.reconcile("plan", "m.json", "--output", "json").out)
        #expect(
            plan["changes"]?.elements.first?["fields"]
                == [["path": "desiredCount", "from": "2", "to": "1"]])
        try await world.applied()
    }
}
