import JSON
import Support
import Testing

/// The sandbox speaks AWS's protocol: the `aws` command line works against it.
@Suite("the aws command line", .enabled(if: ForeignServer.isThere("aws"), "the aws command line is not installed"))
struct AWSCommandLineTests {
    @Test("registers, runs, lists and describes on the sandbox")
    func roundTrip() async throws {
        let world = try await World()
        let described = try await world.aws(
            "ecs", "describe-services", "--cluster", "test", "--services", "web", "nope")
        #expect(described["services"]?.elements.map { $0["serviceName"]?.string } == ["web"])
        #expect(described["failures"]?.elements.map { $0["reason"]?.string } == ["MISSING"])

        let registered = try await world.aws(
            "ecs", "register-task-definition", "--cli-input-json", World.definition("app").compact)
        #expect(registered["taskDefinition"]?["revision"]?.integer == 2)
        let arn = registered["taskDefinition"]?["taskDefinitionArn"]?.string ?? ""

        let run = try await world.aws(
            "ecs", "run-task", "--cluster", "test", "--task-definition", arn, "--started-by", "tester",
            "--network-configuration", "awsvpcConfiguration={subnets=[subnet-1]}", "--overrides",
            #"{"containerOverrides":[{"name":"app","command":["sh","-c","echo from the override"]}]}"#)
        let task = run["tasks"]?.elements.first?["taskArn"]?.string ?? ""
        #expect(run["failures"]?.elements.isEmpty == true)
        _ = try await world.aws("ecs", "list-tasks", "--cluster", "test", "--started-by", "tester")
        _ = try await world.aws("ecs", "wait", "tasks-stopped", "--cluster", "test", "--tasks", task)
        let stopped = try await world.aws("ecs", "describe-tasks", "--cluster", "test", "--tasks", task)
        let container = stopped["tasks"]?.elements.first?["containers"]?.elements.first
        #expect(container?["exitCode"]?.integer == 0)
        let id = task.split(separator: "/").last.map(String.init) ?? ""
        let log = try await world.aws(
            "logs", "get-log-events", "--log-group-name", "g", "--log-stream-name", "p/app/\(id)")
        #expect(log["events"]?.elements.map { $0["message"]?.string } == ["from the override"])
    }
}
