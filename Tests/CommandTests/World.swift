import Foundation
import JSON
import Support
import Testing

/// A sandbox of a test's own, with images made of shell scripts, and the command line pointed at it.
final class World {
    let folder: String
    private let sandbox: Child
    private(set) var environment: [String: String] = [:]

    /// A service's definition: one container `app` that logs to CloudWatch.
    static func definition(_ family: String, container: JSON = [:]) -> JSON {
        var app: JSON = [
            "name": "app", "image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:v0", "essential": true,
            "environment": [["name": "CANARY", "value": "canary-of-the-definition"]],
            "logConfiguration": [
                "logDriver": "awslogs",
                "options": [
                    "awslogs-group": "g", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "p",
                    "mode": "blocking",
                ],
            ],
        ]
        for member in container.object?.members ?? [] { app[member.key] = member.value }
        return [
            "family": .string(family), "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256",
            "memory": "512", "containerDefinitions": [app],
        ]
    }

    static func service(
        _ name: String, _ family: String, in cluster: String, circuitBreaker: Bool, _ deployment: JSON = [:]
    )
        -> JSON
    {
        var configuration: JSON = [
            "deploymentCircuitBreaker": ["enable": .bool(circuitBreaker), "rollback": .bool(circuitBreaker)]
        ]
        for member in deployment.object?.members ?? [] { configuration[member.key] = member.value }
        return [
            "cluster": .string(cluster), "serviceName": .string(name), "taskDefinition": .string(family),
            "desiredCount": 1,
            "launchType": "FARGATE",
            "networkConfiguration": ["awsvpcConfiguration": ["subnets": ["subnet-1"]]],
            "deploymentConfiguration": configuration,
        ]
    }

    /// - Parameters:
    ///   - container: members of the container that differ from the usual.
    ///   - definition: further members of the task definitions.
    ///   - clusters: each has all services.
    ///   - deployment: members of the services' deployment configuration.
    ///   - limits: the sandbox's times that differ from the usual.
    init(
        services: [(name: String, family: String)] = [("web", "app")], container: JSON = [:], definition: JSON = [:],
        clusters: [String] = ["test"], circuitBreaker: Bool = true, deployment: JSON = [:], service: JSON = [:],
        limits: JSON = [:], schedules: JSON = []
    ) async throws {
        folder = try Scratch.folder("world")
        let families = services.map(\.family).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let seed: JSON = [
            "account": "123456789012", "region": "us-east-1", "clusters": JSON(clusters), "limits": limits,
            "schedules": schedules,
            "taskDefinitions": .array(
                families.map { family in
                    (definition.object?.members ?? []).reduce(into: Self.definition(family, container: container)) {
                        $0[$1.key] = $1.value
                    }
                }),
            "services": .array(
                clusters.flatMap { cluster in
                    services.map {
                        (service.object?.members ?? []).reduce(
                            into: Self.service(
                                $0.name, $0.family, in: cluster, circuitBreaker: circuitBreaker, deployment)
                        ) { $0[$1.key] = $1.value }
                    }
                }),
        ]
        try Scratch.write(seed.compact, to: folder + "/sandbox.json")
        try Self.image(folder, "v0")
        sandbox = try Child(Project.reconcile, ["sandbox", folder, "--port", "0"])
        let patience = Patience()
        while !sandbox.output.contains("AWS_SECRET_ACCESS_KEY=") || !sandbox.output.hasSuffix("\n") {
            try #require(sandbox.isRunning && !patience.isOver, "\(sandbox.output)")
            try await Task.sleep(for: .milliseconds(10))
        }
        for line in sandbox.output.split(separator: "\n") where line.hasPrefix("export ") {
            let pair = line.dropFirst(7).split(separator: "=", maxSplits: 1)
            environment[String(pair[0])] = String(pair[1])
        }
        environment["XDG_STATE_HOME"] = folder + "/state"
        environment["XDG_CACHE_HOME"] = folder + "/cache"
    }

    deinit {
        sandbox.terminate()
        let child = sandbox
        let folder = folder
        Task.detached {
            _ = await child.end()
            try? FileManager.default.removeItem(atPath: folder)
        }
    }

    /// Ends the sandbox with all its processes, now and not when no one needs the world any more.
    func end() async {
        sandbox.terminate()
        _ = await sandbox.end()
    }

    /// An image whose service runs for ever and whose migration succeeds, unless told otherwise.
    static func image(_ folder: String, _ tag: String, serve: String? = nil, migrate: String?? = .none) throws {
        let bin = "\(folder)/images/app/\(tag)/bin"
        try Scratch.write(
            "#!/bin/sh\n\(serve ?? "echo \(tag) serves; exec sleep 1000")\n", to: bin + "/serve", executable: true)
        let usual = """
            echo "migrating to \(tag) as $DB_USER"; echo \(tag) >> migrated; echo "canary: $CANARY"
            test -z "$RECONCILE_SCHEMA_VERSION" || echo RECONCILE_SCHEMA=$RECONCILE_SCHEMA_VERSION
            """
        if let script = migrate ?? usual {
            try Scratch.write("#!/bin/sh\n\(script)\n", to: bin + "/db-migrate", executable: true)
        }
    }

    func image(_ tag: String, serve: String? = nil, migrate: String?? = .none) throws {
        try Self.image(folder, tag, serve: serve, migrate: migrate)
    }

    /// Writes the manifest that the tests use, with members replaced.
    func manifest(_ changes: JSON = [:], name: String = "m.json") throws {
        var manifest: JSON = [
            "apiVersion": "reconcile/v1", "environment": "test-env", "cluster": "test",
            "image": ["repository": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app", "tag": "v1"],
            "schema": [
                "database": "main", "version": "1",
                "migrate": ["environment": ["DB_USER": "canary-of-the-override"], "timeout": "10m"],
            ],
            "services": [["name": "web", "timeout": "10m"]],
        ]
        for member in changes.object?.members ?? [] {
            manifest[member.key] = member.value == .null ? nil : member.value
        }
        try Scratch.write(manifest.compact, to: "\(folder)/\(name)")
    }

    /// The sandbox's.
    var port: Int { environment["AWS_ENDPOINT_URL"]?.split(separator: ":").last.flatMap { Int($0) } ?? 0 }

    func reconcile(_ arguments: String..., extra: [String: String] = [:]) async throws -> Outcome {
        try await reconcile(arguments, extra: extra)
    }

    func reconcile(_ arguments: [String], extra: [String: String] = [:]) async throws -> Outcome {
        try await Outcome.of(
            Project.reconcile, arguments, environment: environment.merging(extra) { $1 }, in: folder)
    }

    /// An apply with `--output json`: its last event, and all of them.
    ///
    /// - Parameter exit: how it must end.
    @discardableResult
    func applied(
        _ arguments: String..., exit: Int32 = 0
    ) async throws -> (result: JSON, events: [JSON]) {
        let outcome = try await Outcome.of(
            Project.reconcile, ["apply", "m.json", "--output", "json"] + arguments, environment: environment,
            in: folder)
        let events = try outcome.out.split(separator: "\n").map { try JSON.parse(String($0)) }
        let result = try #require(events.last, "\(outcome.error)")
        #expect(result["event"] == "result")
        #expect(result["exit"]?.integer == Int(outcome.exit))
        #expect(outcome.exit == exit, "\(outcome.out)\(outcome.error)")
        return (result, events)
    }

    /// What the migrations of all tasks have done to the "database".
    var migrated: [String] {
        let text = (try? String(contentsOfFile: folder + "/data/migrated", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    /// What the sandbox keeps of its clusters, services and definitions. It is written before a call is answered.
    var state: JSON {
        get throws { try JSON.parse(try String(contentsOfFile: folder + "/state.json", encoding: .utf8)) }
    }

    /// The page for people that the sandbox serves.
    func page() async throws -> String {
        try await Outcome.of("curl", ["-s", (environment["AWS_ENDPOINT_URL"] ?? "") + "/"]).out
    }

    /// For images that fail: however busy the machine is, a task has ended before it counts as healthy.
    static let seenFailing: JSON = ["healthy": 10_000]

    /// Returns once each of these services has told of something.
    func until(_ event: String, _ names: String...) async throws {
        for _ in 1...200 {
            let answer = try await aws(["ecs", "describe-services", "--cluster", "test", "--services"] + names)
            let hasTold = (answer["services"]?.elements ?? []).map { service in
                (service["events"]?.elements ?? []).contains { $0["message"]?.string?.contains(event) == true }
            }
            if hasTold.count == names.count, hasTold.allSatisfy(\.self) { return }
        }
        Issue.record("\(names): \(event) was not told")
    }

    /// Returns once a service that is being deleted has no task any more.
    func untilGone(_ name: String) async throws {
        for _ in 1...200 {
            let answer = try await aws("ecs", "describe-services", "--cluster", "test", "--services", name)
            if answer["services"]?.elements.first?["status"] != "DRAINING" { return }
        }
        Issue.record("\(name) is not gone")
    }

    func aws(_ arguments: String...) async throws -> JSON { try await aws(arguments) }

    func aws(_ arguments: [String]) async throws -> JSON { try await Self.aws(arguments, environment) }

    static func aws(_ arguments: [String], _ environment: [String: String]) async throws -> JSON {
        let outcome = try await Outcome.of(
            "aws", arguments + ["--output", "json"],
            environment: environment.merging(["AWS_EC2_METADATA_DISABLED": "true"]) { $1 })
        try #require(outcome.exit == 0, "\(outcome.error)")
        return try JSON.parse(outcome.out.isEmpty ? "{}" : outcome.out)
    }
}
