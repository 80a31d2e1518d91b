import JSON
import Support
import Testing

/// Relations between two runs that need no one to say what is right.
@Suite("What must not make a difference")
struct SamenessTests {
    @Test("the order of keys, white space and YAML change no byte of a plan; neither does planning twice")
    func plans() async throws {
        let world = try await World(services: [("web", "app"), ("worker", "other")])
        try world.image("v1")
        let one = """
            {"apiVersion": "reconcile/v1", "environment": "e", "cluster": "test",
             "image": {"repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app", "tag": "v1"},
             "schema": {"database": "main", "version": "1", "migrate": {"environment": {"A": "1", "B": "2"}}},
             "services": [{"name": "web", "desiredCount": 2}, {"name": "worker"}]}
            """
        let other = """
            {
              "services": [ { "desiredCount": 2,
                              "name": "web" }, { "name": "worker" } ],
              "schema": { "migrate": { "environment": { "B": "2", "A": "1" } }, "version": "1", "database": "main" },
              "image": { "tag": "v1", "repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app" },
              "cluster": "test", "environment": "e", "apiVersion": "reconcile/v1"
            }
            """
        let yaml = """
            services:
              - {name: web, desiredCount: 2}
              - name: worker
            apiVersion: reconcile/v1
            environment: e
            cluster: test
            image:
              tag: v1
              repository: 123456789012.dkr.ecr.us-east-1.amazonaws.com/app
            schema:
              version: "1"
              database: main
              migrate: {environment: {B: "2", A: "1"}}

            """
        var plans: [String] = []
        for (name, text) in [("one.json", one), ("other.json", other), ("third.yaml", yaml), ("one.json", one)] {
            try Scratch.write(text, to: "\(world.folder)/\(name)")
            let outcome = try await world.reconcile("plan", name, "--output", "json")
            #expect(outcome.exit == 0, "\(outcome.error)")
            plans.append(outcome.out)
        }
        #expect(Set(plans).count == 1, "\(plans)")
        #expect(plans[0].contains("\"action\":\"migrate\""))
    }

    @Test("what one manifest has brought about, the same in other words finds in place")
    func converged() async throws {
        let world = try await World()
        try world.image("v1")
        try world.manifest()
        try await world.applied()
        try world.manifest([
            "services": [["timeout": "10m", "name": "web"]],
            "schema": [
                "migrate": ["timeout": "10m", "environment": ["DB_USER": "canary-of-the-override"]], "version": "1",
                "database": "main",
            ],
        ])
        let (result, _) = try await world.applied()
        #expect(result["calls"]?["mutating"] == 0)
    }
}
