import Foundation
import JSON
import Support
import Testing

/// The policy that `reconcile policy` prints, enforced by the sandbox while the commands run.
@Suite("policy")
struct PolicyTests {
    /// A world whose tasks have roles, a probe, and a service whose count is declared.
    private func world() async throws -> World {
        let world = try await World(definition: [
            "executionRoleArn": "arn:aws:iam::123456789012:role/exec",
            "taskRoleArn": "arn:aws:iam::123456789012:role/task",
        ])
        for tag in ["v1", "v2"] { try world.image(tag) }
        let schema: JSON = [
            "database": "main", "version": "1",
            "migrate": ["taskRoleArn": "arn:aws:iam::123456789012:role/migrator"],
            "probe": ["command": ["sh", "-c", "echo RECONCILE_SCHEMA=1"]],
        ]
        for (name, count) in [("m.json", 1), ("count.json", 2)] {
            let services: JSON = [["name": "web", "desiredCount": .integer(count), "timeout": "10m"]]
            try world.manifest(["schema": schema, "services": services], name: name)
        }
        return world
    }

    private func policy(_ world: World, _ role: String) async throws -> JSON {
        let outcome = try await world.reconcile("policy", "m.json", "--role", role)
        #expect(outcome.exit == 0, "\(outcome.error)")
        return try JSON.parse(outcome.out)
    }

    private func enforce(_ policy: JSON, in world: World) throws {
        try Scratch.write(policy.compact, to: world.folder + "/policy.json")
    }

    /// What a deploy role does: a release, a command, drift with the probe, and a look.
    private static let commands = [
        ["apply", "m.json", "--sequence", "1"], ["plan", "m.json", "--image-tag", "v2"],
        ["plan", "count.json"], ["drift", "m.json", "--probe"], ["status", "m.json"],
        ["run", "m.json", "--", "sh", "-c", "echo done"],
    ]

    @Test("allows all that a deploy does, and nothing that it does not need")
    func deploy() async throws {
        let world = try await world()
        let policy = try await policy(world, "deploy")
        try enforce(policy, in: world)
        for command in Self.commands {
            let outcome = try await world.reconcile(command)
            #expect(outcome.exit == 0, "\(command): \(outcome.out)\(outcome.error)")
        }
    }

    /// Each action of the policy that is needed in a first release, a second one, drift or a command.
    static let actions = [
        "ecs:DescribeServices", "ecs:DescribeTaskDefinition", "ecs:DescribeTasks", "ecs:ListTasks",
        "ecr:DescribeImages",
        "logs:GetLogEvents", "application-autoscaling:DescribeScalableTargets", "ecs:RegisterTaskDefinition",
        "ecs:TagResource", "ecs:UpdateService", "ecs:RunTask", "iam:PassRole", "events:ListRuleNamesByTarget",
        "scheduler:ListSchedules", "states:ListStateMachines",
    ]

    @Test("without one of its actions something is denied, and the action is named", arguments: actions)
    func less(action: String) async throws {
        let world = try await world()
        var policy = try await policy(world, "deploy")
        #expect(policy.compact.contains("\"\(action)\""))
        policy["Statement"] = .array(
            (policy["Statement"]?.elements ?? []).compactMap { statement in
                let actions = (statement["Action"]?.array ?? [statement["Action"] ?? .null]).filter {
                    $0.string != action
                }
                var statement = statement
                statement["Action"] = .array(actions)
                return actions.isEmpty ? nil : statement
            })
        try enforce(policy, in: world)
        var said = ""
        var worst: Int32 = 0
        for command in Self.commands {
            let outcome = try await world.reconcile(command)
            said += outcome.out + outcome.error
            worst = max(worst, outcome.exit)
        }
        #expect(said.contains("to perform: \(action)") || said.contains("allow \(action)"), "\(said.suffix(2_000))")
    }

    @Test("of a role that looks allows looking, and no change", arguments: ["drift", "plan"])
    func looking(role: String) async throws {
        let world = try await world()
        try await world.applied()
        try enforce(try await policy(world, role), in: world)
        for command in [["plan", "m.json"], ["drift", "m.json"], ["status", "m.json"]] {
            let outcome = try await world.reconcile(command)
            #expect(outcome.exit == 0, "\(command): \(outcome.out)\(outcome.error)")
        }
        let apply = try await world.reconcile("apply", "m.json", "--image-tag", "v2")
        #expect(apply.exit == 77, "\(apply.out)\(apply.error)")
    }

    @Test("is one for all manifests, and Terraform's as well")
    func merged() async throws {
        let world = try await world()
        try world.manifest(["environment": "other"], name: "other.json")
        let both = try await world.reconcile("policy", "m.json", "other.json")
        let sids = try JSON.parse(both.out)["Statement"]?.elements.compactMap { $0["Sid"]?.string } ?? []
        #expect(Set(sids).count == sids.count && sids.contains("UpdateServices"))
        let terraform = try await world.reconcile("policy", "m.json", "--format", "terraform")
        #expect(terraform.out.hasPrefix("data \"aws_iam_policy_document\" \"reconcile_deploy\" {\n"))
        #expect(terraform.out.contains("variable = \"ecs:cluster\""))
        let file = try await world.reconcile("policy", "m.json", "other.json", "--out", "both.json")
        #expect(file.exit == 0 && file.out.isEmpty && file.error.isEmpty)
        #expect(try String(contentsOfFile: world.folder + "/both.json", encoding: .utf8) == both.out)
        #expect(
            try await world.reconcile("policy", "m.json", "--out", "/nowhere/x").error.contains("output-unwritable"))
    }
}
