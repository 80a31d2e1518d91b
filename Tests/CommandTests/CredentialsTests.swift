import Foundation
import JSON
import Support
import Testing

/// How the built program gets its credentials, against a sandbox that knows one pair of keys.
@Suite("Credentials of the command line")
struct CredentialsTests {
    /// A world whose environment has no keys, and profiles.
    private func world(_ profiles: (_ id: String, _ secret: String) -> String) async throws -> (World, [String: String])
    {
        let world = try await World()
        try world.manifest()
        try world.image("v1")
        var extra = ["AWS_CONFIG_FILE": world.folder + "/config", "AWS_EC2_METADATA_DISABLED": "true"]
        let id = world.environment["AWS_ACCESS_KEY_ID"] ?? ""
        let secret = world.environment["AWS_SECRET_ACCESS_KEY"] ?? ""
        try Scratch.write(profiles(id, secret), to: world.folder + "/config")
        for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] { extra[name] = "" }
        return (world, extra)
    }

    @Test("a profile's program gives keys, which no process list shows")
    func program() async throws {
        let (world, extra) = try await world { id, secret in
            """
            [profile deploy]
            credential_process = sh give.sh
            [profile broken]
            credential_process = sh -c 'echo no network >&2; exit 3'
            [profile none]
            credential_process = true
            """
        }
        let keys: JSON = [
            "Version": 1, "AccessKeyId": .string(world.environment["AWS_ACCESS_KEY_ID"] ?? ""),
            "SecretAccessKey": .string(world.environment["AWS_SECRET_ACCESS_KEY"] ?? ""),
        ]
        try Scratch.write("echo '\(keys.compact)'", to: world.folder + "/give.sh")
        let apply = try await world.reconcile(["apply", "m.json", "--profile", "deploy"], extra: extra)
        #expect(apply.exit == 0, "\(apply.error)")
        let broken = try await world.reconcile(["plan", "m.json", "--profile", "broken"], extra: extra)
        #expect(broken.exit == 77)
        #expect(broken.error.contains("error[credentials-missing]: credential_process ended with exit code 3"))
        // It may say what it was to keep secret.
        #expect(!broken.error.contains("no network"), "\(broken.error)")
        let none = try await world.reconcile(["plan", "m.json", "--profile", "none"], extra: extra)
        #expect(none.exit == 77 && none.error.contains("AccessKeyId"), "\(none.error)")
    }

    @Test("without any, all that was tried is told, and what to do")
    func none() async throws {
        let (world, extra) = try await world { _, _ in "" }
        let plan = try await world.reconcile(["plan", "m.json"], extra: extra)
        #expect(plan.exit == 77)
        for words in [
            "error[credentials-missing]: no AWS credentials were found", "environment: AWS_ACCESS_KEY_ID is not set",
            "instance: AWS_EC2_METADATA_DISABLED is true", "--role-arn",
        ] { #expect(plan.error.contains(words), "\(plan.error)") }
    }

    @Test("of another account than the manifest's nothing is done", arguments: [true, false])
    func account(isInManifest: Bool) async throws {
        let world = try await World()
        try world.image("v1")
        try world.manifest(["account": isInManifest ? "999999999999" : .null])
        let option = isInManifest ? [] : ["--account", "999999999999"]
        for command in ["apply", "plan", "drift"] {
            let outcome = try await world.reconcile([command, "m.json"] + option)
            #expect(outcome.exit == 77)
            let says =
                "error[account-mismatch]: the credentials are of the account 123456789012, and 999999999999 is expected"
            #expect(outcome.error.contains(says) || outcome.out.contains(says), "\(outcome.out)\(outcome.error)")
        }
        #expect(world.migrated.isEmpty)
        try await world.applied("--account", "123456789012")
    }
}
