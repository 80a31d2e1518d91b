import Foundation
import JSON
import Support
import Testing

/// Values of a manifest from the Parameter Store and from a Terraform state.
@Suite("lookups")
struct LookupTests {
    static let state: JSON = [
        "version": 4, "terraform_version": "1.9.5", "serial": 1, "lineage": "l",
        "outputs": [
            "cluster": ["value": "test", "type": "string"],
            "db_user": ["value": "canary-of-the-state", "type": "string"],
            "password": ["value": "canary-of-the-password", "type": "string", "sensitive": true],
        ],
        "resources": [],
    ]

    private func world(_ parameters: JSON = ["/shop/tag": "v1", "/shop/count": "1"]) async throws -> World {
        let world = try await World()
        try world.image("v1")
        try world.image("v2")
        try Scratch.write(parameters.compact, to: world.folder + "/parameters.json")
        try Scratch.write(Self.state.compact, to: world.folder + "/infra/terraform.tfstate")
        try manifest(world)
        return world
    }

    private func manifest(_ world: World, _ changes: JSON = [:], name: String = "m.json") throws {
        var members: JSON = [
            "cluster": "${tfstate:output.cluster}", "sources": ["tfstate": "infra/terraform.tfstate"],
            "image": ["repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app", "tag": "${ssm:/shop/tag}"],
            "schema": [
                "database": "main", "version": "${ssm:/shop/schema:-1}",
                "migrate": ["environment": ["DB_USER": "${tfstate:output.db_user}"], "timeout": "10m"],
            ],
            "services": [["name": "web", "timeout": "10m"]],
        ]
        for member in changes.object?.members ?? [] { members[member.key] = member.value }
        try world.manifest(members, name: name)
    }

    @Test("are released as if they were written, and shown only where other values are")
    func release() async throws {
        let world = try await world()
        let (result, _) = try await world.applied()
        #expect(result["exit"] == 0)
        #expect(world.migrated == ["v1"])
        let status = try await world.reconcile("status", "m.json")
        #expect(status.exit == 0 && !(status.out + status.error).contains("canary"), "\(status.out)\(status.error)")
        let drift = try await world.reconcile("drift", "m.json")
        #expect(drift.exit == 0, "\(drift.out)\(drift.error)")
    }

    @Test("are read once for all manifests, ten names to a call")
    func once() async throws {
        let world = try await world(
            .object((1...12).reduce(into: JSONObject()) { $0["/n/\($1)"] = .string("name-\($1)") }))
        for name in 1...12 {
            try manifest(
                world,
                [
                    "environment": .string("e\(name)"), "image": ["repository": "r.example/app", "tag": "v1"],
                    "schema": ["database": .string("${ssm:/n/\(name)}")],
                ], name: "fleet/m\(name).json")
        }
        try Scratch.write(Self.state.compact, to: world.folder + "/fleet/infra/terraform.tfstate")
        let outcome = try await world.reconcile("status", "fleet", "--verbose")
        #expect(outcome.error.split(separator: "\n").count { $0.contains("ssm:GetParameters 200") } == 2)
        #expect(outcome.exit == 0 && outcome.out.contains("e12"), "\(outcome.out)\(outcome.error)")
    }

    @Test("are not asked for where a manifest has none, or has mistakes elsewhere, which are all reported")
    func mistakes() async throws {
        let world = try await world()
        try world.manifest(name: "plain.json")
        let plain = try await world.reconcile("plan", "plain.json", "--verbose")
        #expect(!plain.error.contains("ssm:"), "\(plain.error)")
        try manifest(world, ["regoin": "x", "account": "12"])
        let outcome = try await world.reconcile("plan", "m.json", "--verbose")
        #expect(outcome.exit == 65 && !outcome.error.contains("call:"), "\(outcome.error)")
        #expect(outcome.error.contains("regoin") && outcome.error.contains("account"))
        #expect(outcome.error.contains("the manifest has 2 problems; nothing was sent to AWS"))
    }

    @Test("that have no value are reported at their places, all at once, and show none")
    func missing() async throws {
        let world = try await world(["/shop/tog": "canary"])
        try manifest(
            world,
            [
                "cluster": "${tfstate:output.clustr}",
                "taskDefinition": ["container": "${tfstate:output.password:-app}"],
            ])
        let outcome = try await world.reconcile("apply", "m.json")
        #expect(outcome.exit == 65)
        for said in [
            "the parameter /shop/tag does not exist", "the Terraform state has no output clustr",
            "did you mean \"cluster\"?", "the output password is sensitive", "has 3 problems; nothing was changed",
        ] { #expect(outcome.error.contains(said), "\(said): \(outcome.error)") }
        #expect(!(outcome.out + outcome.error).contains("canary"))
        #expect(outcome.error.contains(#/m\.json:1:\d+: error: the parameter/#))
    }

    @Test("of a state that is not there are one problem, and no call for it is made")
    func noState() async throws {
        let world = try await world()
        try manifest(world, ["sources": ["tfstate": "nowhere.tfstate"]])
        let outcome = try await world.reconcile("plan", "m.json")
        #expect(outcome.exit == 65 && outcome.error.contains("has 1 problem;"), "\(outcome.error)")
        #expect(outcome.error.contains("the Terraform state cannot be used: nowhere.tfstate cannot be read"))
    }

    @Test("count as values of an approved plan: it is refused once one of them is another")
    func plan() async throws {
        let world = try await world()
        let planned = try await world.reconcile("plan", "m.json", "--out", "p.json")
        #expect(planned.exit == 0, "\(planned.error)")
        let file = try String(contentsOfFile: world.folder + "/p.json", encoding: .utf8)
        #expect(file.contains("\"ssm:/shop/tag\"") && file.contains("\"tfstate:output.db_user\""))
        #expect(!file.contains("canary"))
        try Scratch.write(#"{"/shop/tag": "v2"}"#, to: world.folder + "/parameters.json")
        let refused = try await world.reconcile("apply", "p.json")
        #expect(refused.exit != 0 && refused.error.contains("a variable has another value"), "\(refused.error)")
        #expect(world.migrated.isEmpty)
        try Scratch.write(#"{"/shop/tag": "v1"}"#, to: world.folder + "/parameters.json")
        let applied = try await world.reconcile("apply", "p.json")
        #expect(applied.exit == 0, "\(applied.error)")
    }

    @Test("are left unchecked by verify --offline, which calls nothing")
    func offline() async throws {
        let world = try await world()
        let outcome = try await world.reconcile("verify", "m.json", "--offline", "--verbose")
        #expect(outcome.exit == 0 && !outcome.error.contains("call:"), "\(outcome.out)\(outcome.error)")
        #expect(outcome.out.contains("unchecked") && outcome.out.contains("${ssm:/shop/tag}"), "\(outcome.out)")
        #expect(outcome.out.contains("nothing is wrong, 4 unchecked"), "\(outcome.out)")
    }

    @Test("are in the policy, and without them AWS says no, with the place that needs the value")
    func policy() async throws {
        let world = try await world()
        let outcome = try await world.reconcile("policy", "m.json", "--role", "deploy")
        #expect(outcome.exit == 0, "\(outcome.error)")
        let arn = "arn:aws:ssm:us-east-1:123456789012:parameter/shop/"
        #expect(outcome.out.contains("ssm:GetParameters") && outcome.out.contains("\(arn)tag"), "\(outcome.out)")
        #expect(!outcome.out.contains("s3:GetObject"))
        try Scratch.write(outcome.out, to: world.folder + "/policy.json")
        let allowed = try await world.reconcile("apply", "m.json")
        #expect(allowed.exit == 0, "\(allowed.out)\(allowed.error)")
        try Scratch.write(
            outcome.out.replacing("\(arn)tag", with: "\(arn)other"), to: world.folder + "/policy.json")
        let denied = try await world.reconcile("plan", "m.json")
        #expect(denied.exit == 77 && denied.error.contains("ssm:GetParameters"), "\(denied.error)")
        #expect(denied.error.contains(#/m\.json:1:\d+: \${ssm:/shop/tag} needs it/#), "\(denied.error)")
    }

    @Test("cannot say where the past is: history and the ledger need no AWS")
    func past() async throws {
        let world = try await world()
        try manifest(world, ["environment": "${ssm:/shop/tag}"])
        let history = try await world.reconcile("history", "m.json")
        #expect(history.exit == 65 && history.error.contains("cannot be used for this key"), "\(history.error)")
    }

    @Test("work in a sandbox that the command starts itself, also for a plan of several manifests")
    func attached() async throws {
        let world = try await world()
        await world.end()
        try manifest(world, ["environment": "other", "schema": .null, "services": [["name": "web"]]], name: "n.json")
        let plain = ["--sandbox", ".", "--out", "p.json"]
        let planned = try await Outcome.of(Project.reconcile, ["plan", "m.json"] + plain, in: world.folder)
        #expect(planned.exit == 0, "\(planned.out)\(planned.error)")
        let applied = try await Outcome.of(
            Project.reconcile, ["apply", "p.json", "--sandbox", "."], in: world.folder)
        #expect(applied.exit == 0, "\(applied.out)\(applied.error)")
    }
}
