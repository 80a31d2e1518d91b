import Foundation
import JSON
import Support
import Testing

/// What can be known before a release, against a server that plays all services that are asked.
@Suite("verify", .enabled(if: ForeignServer.isThere("ministack"), "ministack is not installed"))
struct VerifyTests {
    /// An account with a cluster, a service and what its tasks need, and a manifest next to it.
    struct Account {
        let server: ForeignServer
        let folder: String
        var keys = ["test", "test"]

        init() throws {
            server = try ForeignServer.ministack()
            folder = try Scratch.folder("verify")
        }

        var environment: [String: String] {
            [
                "AWS_ENDPOINT_URL": server.url, "AWS_ACCESS_KEY_ID": keys[0], "AWS_SECRET_ACCESS_KEY": keys[1],
                "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
                "HOME": folder,
                "XDG_CACHE_HOME": folder + "/cache",
            ]
        }

        @discardableResult
        func aws(_ words: String...) async throws -> JSON {
            var environment = environment
            (environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"]) = ("test", "test")
            let outcome = try await Outcome.of("aws", words + ["--output", "json"], environment: environment)
            try #require(outcome.exit == 0, "\(words.prefix(2)): \(outcome.error)")
            return outcome.out.isEmpty ? [:] : try JSON.parse(outcome.out)
        }

        func role(_ name: String, trusting service: String) async throws {
            let trust =
                #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"\#(service)"},"#
                + #""Action":"sts:AssumeRole"}]}"#
            try await aws("iam", "create-role", "--role-name", name, "--assume-role-policy-document", trust)
        }

        /// - Returns: the checks, each as `VERDICT SUBJECT`, and the whole answer.
        func verify(_ arguments: String..., exit: Int32) async throws -> (checks: [String: String], text: String) {
            let outcome = try await Outcome.of(
                Project.reconcile, ["verify", "m.json", "--output", "json"] + arguments, environment: environment,
                in: folder)
            #expect(outcome.exit == exit, "\(outcome.out)\(outcome.error)")
            let checks = try JSON.parse(outcome.out)["checks"]?.elements ?? []
            let pairs = checks.map { ($0["check"]?.string ?? "", $0["verdict"]?.string ?? "") }
            return (Dictionary(pairs) { $0 + " " + $1 }, outcome.out)
        }

        func manifest(_ change: (inout JSON) -> Void = { _ in }) throws {
            var manifest: JSON = [
                "apiVersion": "reconcile/v1", "environment": "prod", "account": "000000000000", "cluster": "prod",
                "ledger": "s3://books/shop",
                "image": ["repository": "000000000000.dkr.ecr.us-east-1.amazonaws.com/app"],
                "schema": ["database": "main", "version": "image"], "services": [["name": "web"]],
            ]
            change(&manifest)
            try Scratch.write(manifest.compact, to: folder + "/m.json")
        }

        /// - Parameters:
        ///   - architecture: that the tasks ask for.
        ///   - secret: that they get.
        func prepare(architecture: String, secret: String, group: String, mode: String, breaker: Bool) async throws {
            try await aws("ecs", "create-cluster", "--cluster-name", "prod")
            try await aws("ecr", "create-repository", "--repository-name", "app")
            try await aws("s3api", "create-bucket", "--bucket", "books")
            try await aws("logs", "create-log-group", "--log-group-name", "app")
            let parts: [JSON] = ["amd64", "arm64"].map { architecture in
                [
                    "mediaType": "application/vnd.oci.image.manifest.v1+json", "size": 1,
                    "digest": .string("sha256:" + String(repeating: architecture == "amd64" ? "1" : "2", count: 64)),
                    "platform": ["os": "linux", "architecture": .string(architecture)],
                ]
            }
            let index: JSON = [
                "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": .array(parts),
            ]
            try await aws(
                "ecr", "put-image", "--repository-name", "app", "--image-tag", "v1", "--image-manifest", index.compact,
                "--image-manifest-media-type", "application/vnd.oci.image.index.v1+json")
            let definition: JSON = [
                "family": "app", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256",
                "memory": "512", "executionRoleArn": "arn:aws:iam::000000000000:role/exec",
                "runtimePlatform": ["cpuArchitecture": .string(architecture), "operatingSystemFamily": "LINUX"],
                "containerDefinitions": [
                    [
                        "name": "app", "image": "000000000000.dkr.ecr.us-east-1.amazonaws.com/app:v0",
                        "secrets": [["name": "DB", "valueFrom": .string(secret)]],
                        "logConfiguration": [
                            "logDriver": "awslogs",
                            "options": [
                                "awslogs-group": .string(group), "awslogs-region": "us-east-1",
                                "awslogs-stream-prefix": "e", "mode": .string(mode),
                            ],
                        ],
                    ]
                ],
            ]
            try await aws("ecs", "register-task-definition", "--cli-input-json", definition.compact)
            let subnet = try await aws("ec2", "describe-subnets")["Subnets"]?.elements.first?["SubnetId"]?.string ?? ""
            try await aws(
                "ecs", "create-service", "--cluster", "prod", "--service-name", "web", "--task-definition", "app",
                "--desired-count", "1", "--launch-type", "FARGATE", "--network-configuration",
                "awsvpcConfiguration={subnets=[\(subnet)]}", "--deployment-configuration",
                "deploymentCircuitBreaker={enable=\(breaker),rollback=true}")
        }
    }

    @Test("is content with an account in which a release can work, and knows the permissions of a user")
    func good() async throws {
        var account = try Account()
        let secret = try await account.aws(
            "secretsmanager", "create-secret", "--name", "db", "--secret-string", "canary")
        let arn = secret["ARN"]?.string ?? ""
        try await account.role("exec", trusting: "ecs-tasks.amazonaws.com")
        let read =
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"secretsmanager:*","Resource":"*"}]}"#
        try await account.aws(
            "iam", "put-role-policy", "--role-name", "exec", "--policy-name", "p", "--policy-document", read)
        try await account.prepare(
            architecture: "ARM64", secret: arn + ":key::", group: "app", mode: "blocking", breaker: true)
        try account.manifest()
        // With the actions of `policy`, and what verify itself asks, nothing is missing.
        let policy = try await Outcome.of(
            Project.reconcile, ["policy", "m.json"], environment: account.environment, in: account.folder)
        #expect(policy.exit == 0, "\(policy.error)")
        var document = try JSON.parse(policy.out)
        // The server knows neither the resources nor the condition keys of calls to ECS.
        document["Statement"] = .array(
            (document["Statement"]?.elements ?? []).map { statement in
                var statement = statement
                statement["Condition"] = nil
                statement["Resource"] = "*"
                return statement
            })
        let own: JSON = [
            "Effect": "Allow", "Resource": "*",
            "Action": [
                "iam:SimulatePrincipalPolicy", "iam:GetRole", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups",
                "secretsmanager:DescribeSecret", "ssm:DescribeParameters", "logs:DescribeLogGroups",
                "ecr:BatchGetImage",
            ],
        ]
        document["Statement"] = .array((document["Statement"]?.elements ?? []) + [own])
        try await account.aws("iam", "create-user", "--user-name", "u")
        try await account.aws(
            "iam", "put-user-policy", "--user-name", "u", "--policy-name", "p", "--policy-document", document.compact)
        let key = try await account.aws("iam", "create-access-key", "--user-name", "u")["AccessKey"]
        account.keys = [key?["AccessKeyId"]?.string ?? "", key?["SecretAccessKey"]?.string ?? ""]
        let (checks, text) = try await account.verify("--image-tag", "v1", exit: 0)
        let bad = checks.filter { $0.value != "ok" }
        #expect(bad == ["schema/main": "unchecked"], "\(text)")
        #expect(checks["permissions"] == "ok" && checks["ledger"] == "ok" && checks["platform"] == "ok")
        #expect(!text.contains("canary"))
        // One action less.
        let less = (document["Statement"]?.elements ?? []).filter { $0["Sid"] != "UpdateServices" }
        document["Statement"] = .array(less)
        try await account.aws(
            "iam", "put-user-policy", "--user-name", "u", "--policy-name", "p", "--policy-document", document.compact)
        let missing = try await account.verify("--image-tag", "v1", exit: 1)
        #expect(missing.checks.filter { $0.value == "failure" } == ["permissions": "failure"], "\(missing.text)")
        #expect(missing.text.contains("ecs:UpdateService on arn:aws:ecs:us-east-1:000000000000:service/prod/web"))
    }

    @Test("names all that a release would end with, each with what to do, and changes nothing")
    func bad() async throws {
        let account = try Account()
        try await account.role("exec", trusting: "ec2.amazonaws.com")
        try await account.prepare(
            architecture: "X86_64", secret: "/app/none", group: "nowhere", mode: "non-blocking", breaker: false)
        try account.manifest { manifest in
            manifest["services"] = [
                [
                    "name": "web",
                    "networkConfiguration": ["awsvpcConfiguration": ["subnets": ["subnet-0123456789abcdef0"]]],
                ],
                ["name": "worker"],
            ]
            manifest["schema"] = [
                "database": "main", "version": "image",
                "migrate": ["taskRoleArn": "arn:aws:iam::000000000000:role/none"],
            ]
        }
        let before = try await account.aws("ecs", "list-task-definitions")
        let (checks, text) = try await account.verify("--image-tag", "v9", exit: 1)
        #expect(
            checks == [
                "account": "ok", "ledger": "ok", "service/web": "warning", "service/worker": "failure",
                "image": "failure", "role/exec": "failure", "role/none": "failure", "secret /app/none": "failure",
                "log group nowhere": "failure", "task-definition/app": "warning", "subnets": "failure",
                "permissions": "unchecked", "schema/main": "unchecked", "plan": "failure",
            ], "\(text)")
        let wrong = try JSON.parse(text)["checks"]?.elements.filter { $0["verdict"] == "failure" } ?? []
        #expect(wrong.allSatisfy { $0["remedy"]?.string?.isEmpty == false })
        #expect(try await account.aws("ecs", "list-task-definitions") == before)
        // Without a call, and without credentials.
        let offline = try await Outcome.of(
            Project.reconcile, ["verify", "m.json", "--offline"], environment: ["HOME": account.folder],
            in: account.folder)
        #expect(offline.exit == 0 && offline.out.contains("it is valid"))
    }
}
