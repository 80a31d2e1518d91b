import Foundation
import JSON
import Support
import Testing

/// The Parameter Store and a Terraform state in S3, as another server than our own sandbox plays them.
@Suite("lookups", .enabled(if: ForeignServer.isThere("ministack"), "ministack is not installed"))
struct LookupTests {
    private func account() async throws -> VerifyTests.Account {
        let account = try VerifyTests.Account()
        try await account.role("exec", trusting: "ecs-tasks.amazonaws.com")
        try await account.prepare(
            architecture: "X86_64", secret: "arn:aws:secretsmanager:us-east-1:000000000000:secret:db", group: "app",
            mode: "non-blocking", breaker: true)
        for (name, kind, value) in [
            ("/shop/tag", "String", "v1"), ("/shop/secret", "SecureString", "canary"),
            ("/shop/list", "StringList", "a,b"),
        ] {
            try await account.aws("ssm", "put-parameter", "--name", name, "--type", kind, "--value", value)
        }
        let state: JSON = [
            "version": 4,
            "outputs": [
                "cluster": ["value": "prod", "type": "string"],
                "password": ["value": "canary", "type": "string", "sensitive": true],
            ],
            "resources": [],
        ]
        try Scratch.write(state.compact, to: account.folder + "/state")
        try await account.aws(
            "s3api", "put-object", "--bucket", "books", "--key", "infra/prod.tfstate", "--body",
            account.folder + "/state")
        return account
    }

    private func plan(
        _ account: VerifyTests.Account, tag: String, cluster: String = "${tfstate:output.cluster}",
        state: String = "s3://books/infra/prod.tfstate", verb: String = "plan"
    ) async throws -> Outcome {
        let manifest: JSON = [
            "apiVersion": "reconcile/v1", "environment": "shop", "region": "us-east-1", "cluster": .string(cluster),
            "sources": ["tfstate": .string(state)],
            "image": [
                "repository": "000000000000.dkr.ecr.us-east-1.amazonaws.com/app", "tag": .string(tag), "pin": false,
            ],
            "services": [["name": "web"]],
        ]
        try Scratch.write(manifest.compact, to: account.folder + "/m.json")
        return try await Outcome.of(
            Project.reconcile, [verb, "m.json", "--verbose"], environment: account.environment, in: account.folder)
    }

    @Test("are read with one call for the parameters and one for the state, and are in the policy")
    func values() async throws {
        let account = try await account()
        let outcome = try await plan(account, tag: "${ssm:/shop/tag}")
        #expect(outcome.exit == 0 && outcome.out.contains("app:v1"), "\(outcome.out)\(outcome.error)")
        let calls = outcome.error.split(separator: "\n")
        #expect(calls.count { $0.contains("ssm:GetParameters") } == 1)
        #expect(calls.count { $0.contains("s3:GetObject") } == 1)
        let policy = try await plan(account, tag: "${ssm:/shop/tag}", verb: "policy")
        #expect(policy.out.contains("arn:aws:s3:::books/infra/prod.tfstate"), "\(policy.out)\(policy.error)")
        #expect(policy.out.contains("parameter/shop/tag"))
    }

    @Test("never show what is secret", arguments: ["${ssm:/shop/secret}", "${ssm:/shop/secret:-v1}"])
    func secret(tag: String) async throws {
        let outcome = try await plan(try await account(), tag: tag, cluster: "${tfstate:output.password}")
        #expect(outcome.exit == 65 && outcome.error.contains("is a SecureString"), "\(outcome.error)")
        #expect(outcome.error.contains("the output password is sensitive"))
        #expect(!(outcome.out + outcome.error).contains("canary"))
    }

    @Test("refuse lists, and a state or a bucket that does not exist")
    func refused() async throws {
        let account = try await account()
        let list = try await plan(account, tag: "${ssm:/shop/list}")
        #expect(list.exit == 65 && list.error.contains("is a StringList"), "\(list.error)")
        for state in ["s3://books/infra/none.tfstate", "s3://no-such-books/state"] {
            let outcome = try await plan(account, tag: "${ssm:/shop/none:-v1}", state: state)
            #expect(outcome.exit == 65 && outcome.error.contains("\(state) does not exist"), "\(outcome.error)")
        }
    }
}
