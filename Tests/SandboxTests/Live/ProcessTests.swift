import Glibc
import JSON
import Testing

@testable import Sandbox

/// A whole sandbox with shell scripts as programs.
@Suite struct ProcessTests {
    private static let serve = "trap 'exit 0' TERM; echo up $TASK_ADDRESS; while :; do sleep 60 & wait $!; done"

    private static func definition(_ image: String) -> JSON {
        [
            "family": "app", "networkMode": "awsvpc",
            "containerDefinitions": [
                [
                    "name": "app", "image": .string(image), "portMappings": [["containerPort": 8080]],
                    "logConfiguration": [
                        "logDriver": "awslogs", "options": ["awslogs-group": "/app", "awslogs-stream-prefix": "p"],
                    ],
                ]
            ],
        ]
    }

    /// A deployment that failed stays in the list for as long as a slow machine takes to look at it.
    private static let seed: JSON = [
        "limits": ["failedDeploymentShown": 3_600_000],
        "clusters": ["quick"], "taskDefinitions": [definition("app:v1")],
        "services": [
            [
                "cluster": "quick", "serviceName": "web", "taskDefinition": "app", "desiredCount": 1,
                "networkConfiguration": World.network, "deploymentConfiguration": World.breaker,
            ]
        ],
    ]

    /// A world with one service that serves and a migration that prints, both in `app:v1`.
    private func world() throws -> Sandboxed {
        let sandbox = try Sandboxed()
        try sandbox.program("app/v1", "serve", Self.serve)
        try sandbox.program("app/v1", "db-migrate", "echo migrating; env >&2; echo done >> applied; exit ${CODE:-0}")
        try sandbox.write("sandbox.json", Self.seed)
        return sandbox
    }

    private func runTask(
        _ server: SandboxServer, _ command: [String], _ environment: JSON = [], definition: String = "app:1"
    ) async throws -> JSON {
        let answer = try await server.call(
            "RunTask",
            [
                "cluster": "quick", "taskDefinition": .string(definition), "networkConfiguration": World.network,
                "overrides": [
                    "containerOverrides": [
                        ["name": "app", "command": JSON(command), "environment": environment]
                    ]
                ],
            ])
        let arn = try #require(answer["tasks"]?.elements.first?["taskArn"])
        let stopped = try await server.until("DescribeTasks", ["cluster": "quick", "tasks": [arn]]) {
            $0["tasks"]?.elements.first?["lastStatus"] == "STOPPED"
        }
        return try #require(stopped["tasks"]?.elements.first)
    }

    private func settled(_ server: SandboxServer, _ revision: String) async throws -> JSON {
        let answer = try await server.until("DescribeServices", ["cluster": "quick", "services": ["web"]]) { answer in
            let service = answer["services"]?.elements.first
            return service?["deployments"]?.elements.first?["rolloutState"] == "COMPLETED"
                && service?["taskDefinition"]?.string?.hasSuffix(revision) == true
        }
        return try #require(answer["services"]?.elements.first)
    }

    private func lines(_ server: SandboxServer, _ task: JSON) async throws -> [String] {
        let id = task["taskArn"]?.string?.split(separator: "/").last ?? ""
        let answer = try await server.call(
            "GetLogEvents",
            ["logGroupName": "/app", "logStreamName": .string("p/app/\(id)"), "startFromHead": true], of: .logs)
        return answer["events"]?.elements.compactMap { $0["message"]?.string } ?? []
    }

    @Test(arguments: [0, 7])
    func `a migration runs as a process, logs, and ends with its own exit code`(code: Int) async throws {
        let sandbox = try world()
        try await sandbox.withServer { server in
            let task = try await runTask(
                server, ["db-migrate"], [["name": "CODE", "value": .string(String(code))]])
            let container = task["containers"]?.elements.first
            #expect(container?["exitCode"]?.integer == code)
            #expect(container?["imageDigest"]?.string?.hasPrefix("sha256:") == true)
            #expect(task["stopCode"] == "EssentialContainerExited")
            let lines = try await lines(server, task)
            #expect(lines.first == "migrating")
            #expect(lines.contains("SANDBOX_DATA=\(server.directory)/data"))
            #expect(lines.contains("HOME=\(server.directory)/data"))
            let address = container?["networkInterfaces"]?.elements.first?["privateIpv4Address"]?.string
            #expect(lines.contains("TASK_ADDRESS=\(address ?? "")"))
            let names = Set(lines.dropFirst().compactMap { $0.split(separator: "=").first.map(String.init) })
            #expect(
                names.isSubset(of: [
                    "PATH", "HOME", "LANG", "CODE", "SANDBOX_DATA", "TASK_ADDRESS", "AWS_REGION", "PWD", "OLDPWD", "_",
                    "SHLVL", "RECONCILE_SANDBOX",
                ]))
            #expect(FileTree.exists("\(server.directory)/data/applied"))
        }
        try sandbox.remove()
    }

    @Test func `a signal is told as 128 and its number`() async throws {
        let sandbox = try world()
        try await sandbox.withServer { server in
            let task = try await runTask(server, ["sh", "-c", "kill -SEGV $$"])
            #expect(task["containers"]?.elements.first?["exitCode"] == 139)
        }
        try sandbox.remove()
    }

    @Test(arguments: [
        (["no-such-program"], "app:v1", "CannotStartContainerError"),
        (["db-migrate"], "app:v9", "CannotPullContainerError"),
        (["db-migrate"], "app@sha256:0", "CannotPullContainerError"),
        (["db-migrate"], "../../images/app:v1", "CannotPullContainerError"),
    ])
    func `what cannot be started has a reason and no exit code`(
        command: [String], image: String, reason: String
    ) async throws {
        let sandbox = try world()
        try await sandbox.withServer { server in
            _ = try await server.call("RegisterTaskDefinition", Self.definition(image))
            let task = try await runTask(server, command, definition: "app:2")
            #expect(task["stopCode"] == "TaskFailedToStart")
            #expect(task["startedAt"] == nil)
            let container = task["containers"]?.elements.first
            #expect(container?["exitCode"] == nil)
            #expect(container?["reason"]?.string?.hasPrefix(reason) == true)
        }
        try sandbox.remove()
    }

    @Test func `an image is found by the digest that the registry tells`() async throws {
        let sandbox = try world()
        try await sandbox.withServer { server in
            let images = try await server.call(
                "DescribeImages", ["repositoryName": "app", "imageIds": [["imageTag": "v1"]]], of: .ecr)
            let digest = try #require(images["imageDetails"]?.elements.first?["imageDigest"]?.string)
            _ = try await server.call(
                "RegisterTaskDefinition", Self.definition("123456789012.dkr.ecr.us-east-1.amazonaws.com/app@\(digest)"))
            let task = try await runTask(server, ["db-migrate"], definition: "app:2")
            #expect(task["containers"]?.elements.first?["exitCode"] == 0)
            #expect(task["containers"]?.elements.first?["imageDigest"]?.string == digest)
        }
        try sandbox.remove()
    }

    @Test func `a rollout replaces processes and a bad one is rolled back`() async throws {
        let sandbox = try world()
        try sandbox.program("app/v2", "serve", "# 2\n\(Self.serve)")
        // It has nothing to serve with: one that ends after its start might live long enough to count as healthy.
        try sandbox.program("app/bad", "other", "true")
        try await sandbox.withServer { server in
            _ = try await settled(server, "app:1")
            for (revision, image) in [("app:2", "app:v2"), ("app:3", "app:bad")] {
                _ = try await server.call("RegisterTaskDefinition", Self.definition(image))
                _ = try await server.call(
                    "UpdateService",
                    ["cluster": "quick", "service": "web", "taskDefinition": .string(revision)])
                let service = try await settled(server, "app:2")
                #expect(service["runningCount"] == 1)
            }
            let service = try await settled(server, "app:2")
            #expect(service["deployments"]?.elements.contains { $0["rolloutState"] == "FAILED" } == true)
            let page = try await RawClient.get("/", server)
            #expect(page.contains("service web  app:2  app:v2  1/1 running  http://127.77."))
            let address = try await RawClient.get("/services/web", server)
            #expect(address.wholeMatch(of: /http:\/\/127\.77\.[0-9.]+:8080\n/) != nil)
        }
        try sandbox.remove()
    }

    @Test func `stopping leaves no process behind, neither deaf ones nor such as left their group`() async throws {
        let sandbox = try world()
        try sandbox.program(
            "app/v1", "serve",
            "trap '' TERM; sleep 4000 & setsid sleep 4000 & echo $! > escaped; echo $$ > deaf; wait; wait")
        var processes: [pid_t] = []
        try await sandbox.withServer { server in
            let ids = ["escaped", "deaf"].map { "\(server.directory)/data/\($0)" }
            _ = try await server.until("DescribeServices", ["cluster": "quick", "services": ["web"]]) { _ in
                ids.allSatisfy(FileTree.exists)
            }
            _ = try await settled(server, "app:1")
            processes = try ids.map { path in
                let text = String(decoding: try FileTree.read(path), as: UTF8.self)
                return try #require(pid_t(text.prefix { $0 != "\n" }))
            }
            #expect(processes.allSatisfy { kill($0, 0) == 0 })
        }
        #expect(processes.count == 2)
        #expect(!processes.contains { FileTree.exists("/proc/\($0)/exe") })
        try sandbox.remove()
    }

    @Test func `a second start goes on with the same world`() async throws {
        let sandbox = try world()
        var before: JSON = [:]
        try await sandbox.withServer { server in before = try await settled(server, "app:1") }
        try await sandbox.withServer { server in
            let after = try await server.until("DescribeServices", ["cluster": "quick", "services": ["web"]]) {
                $0["services"]?.elements.first?["runningCount"] == 1
            }
            let service = after["services"]?.elements.first
            #expect(
                service?["deployments"]?.elements.map { $0["id"] } == before["deployments"]?.elements.map { $0["id"] })
            #expect(service?["createdAt"] == before["createdAt"])
        }
        try sandbox.remove()
    }

    @Test func `whoever stops a sandbox a second time waits for the same end`() async throws {
        let sandbox = try world()
        try await sandbox.withServer { server in
            _ = try await settled(server, "app:1")
            async let first: Void = server.stop()
            async let second: Void = server.stop()
            _ = await (first, second)
            try await sandbox.withServer { again in _ = try await settled(again, "app:1") }
        }
        try sandbox.remove()
    }

    @Test func `a directory serves one sandbox at a time`() async throws {
        let sandbox = try world()
        try await sandbox.withServer { _ in
            await #expect(throws: SandboxError.self) { try await sandbox.withServer { _ in } }
        }
        try await sandbox.withServer { _ in }
        try sandbox.remove()
    }

    private static let refusedSeeds: [Refused] = [
        Refused(["cluster": ["x"]], "cluster"), Refused(["limits": ["speed": 1]], "speed"),
        Refused(
            ["services": [["cluster": "default", "serviceName": "web", "taskDefinition": "no"]]], "services[0]"),
    ]

    @Test(arguments: refusedSeeds)
    func `a seed that cannot be used is refused with its place`(refused: Refused) async throws {
        let sandbox = try Sandboxed()
        try sandbox.write("sandbox.json", refused.input)
        do {
            try await sandbox.withServer { _ in Issue.record("it was taken") }
        } catch let error as SandboxError {
            #expect(error.description.contains(refused.text))
        }
        try sandbox.remove()
    }

    @Test(arguments: ["state.json", "sandbox.json", ".processes"])
    func `a file of the folder that cannot be read is named, and not the port`(name: String) async throws {
        let sandbox = try Sandboxed()
        #expect(mkfifo("\(sandbox.directory)/\(name)", 0o600) == 0)
        let error = await #expect(throws: SandboxError.self) { try await sandbox.withServer { _ in } }
        #expect(error?.description == "it cannot use its folder: \(sandbox.directory)/\(name): is not a file")
        try sandbox.remove()
    }
}
