import AWS
import JSON
import Support
import Testing

@testable import Resources

/// The wire shapes and error codes of every ECS call that is made, against moto.
@Suite("moto", .enabled(if: ForeignServer.isThere("moto_server"), "moto_server is not installed"), .serialized)
struct MotoTests {
    static let credentials = Credentials(accessKeyID: "a", secretAccessKey: "b")

    static func foreign() throws -> Foreign { try Foreign(.moto(), credentials: credentials) }

    /// A cluster with a service, whose network exists.
    static func withService(_ foreign: Foreign) async throws -> TaskDefinitionRevision {
        try await foreign.prepare(.ecs, "CreateCluster", ["clusterName": "prod"])
        let revision = try await foreign.ecs.registerTaskDefinition(Foreign.definition, tags: ["owner": "team"])
        let subnet = try await ec2(foreign, "describe-subnets", "Subnets[0].SubnetId")
        let group = try await ec2(foreign, "describe-security-groups", "SecurityGroups[0].GroupId")
        try await foreign.prepare(
            .ecs, "CreateService",
            [
                "cluster": "prod", "serviceName": "web", "taskDefinition": .string(revision.arn), "desiredCount": 1,
                "launchType": "FARGATE",
                "networkConfiguration": [
                    "awsvpcConfiguration": ["subnets": [.string(subnet)], "securityGroups": [.string(group)]]
                ],
            ])
        return revision
    }

    private static func ec2(_ foreign: Foreign, _ command: String, _ query: String) async throws -> String {
        let arguments = ["ec2", command, "--query", query, "--output", "text"]
        let outcome = try await Outcome.of("aws", arguments, environment: environment(foreign))
        try #require(outcome.exit == 0, "\(outcome.error)")
        return outcome.out.filter { !$0.isWhitespace }
    }

    static func environment(_ foreign: Foreign) -> [String: String] {
        [
            "AWS_ENDPOINT_URL": foreign.server.url, "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b",
            "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
        ]
    }

    @Test("a definition comes back as it was registered, its tags beside it, and compares as the same")
    func definitions() async throws {
        let foreign = try Self.foreign()
        let registered = try await foreign.ecs.registerTaskDefinition(
            Foreign.definition, tags: ["reconcile:digest": "x"])
        let described = try await foreign.ecs.describeTaskDefinition(registered.arn)
        #expect(described.tags == ["reconcile:digest": "x"])
        #expect(TaskDefinitionContent(described.document).digest == TaskDefinitionContent(Foreign.definition).digest)
        let listed = try await foreign.ecs.listTaskDefinitions(family: "app")
        #expect(listed.arns == [registered.arn])
        try await foreign.ecs.tagResource(arn: registered.arn, tags: ["reconcile:schema": "d=1"])
        #expect(try await foreign.ecs.describeTaskDefinition(registered.arn).tags["reconcile:schema"] == "d=1")
    }

    @Test("a service is read and updated; what is missing is told as missing")
    func services() async throws {
        let foreign = try Self.foreign()
        let first = try await Self.withService(foreign)
        let second = try await foreign.ecs.registerTaskDefinition(Foreign.definition, tags: [:])
        let answer = try await foreign.ecs.describeServices(cluster: "prod", names: ["web", "nope"])
        #expect(answer.services.map(\.taskDefinition) == [first.arn])
        #expect(answer.services[0].launch.networkConfiguration?["awsvpcConfiguration"]?["subnets"]?.elements.count == 1)
        #expect(answer.absences.map(\.reason) == ["MISSING"])
        let listed = try await foreign.ecs.listServices(cluster: "prod")
        #expect(listed.names == ["web"] && listed.next == nil)
        let updated = try await foreign.ecs.updateService(
            cluster: "prod", service: "web", taskDefinition: second.arn, desiredCount: 3)
        #expect(updated.taskDefinition == second.arn)
        #expect(updated.desiredCount == 3)
    }

    @Test("a task is started, found by who started it, and described to its end")
    func tasks() async throws {
        let foreign = try Self.foreign()
        let revision = try await Self.withService(foreign)
        let service = try await foreign.ecs.describeServices(cluster: "prod", names: ["web"]).services[0]
        let started = try await foreign.ecs.runTask(
            RunTaskRequest(
                cluster: "prod", taskDefinition: revision.arn, container: "app", command: ["db-migrate"],
                environment: ["X": "1"], taskRoleARN: nil, launch: service.launch,
                clientToken: String(repeating: "a", count: 64), startedBy: "reconcile/abc", tags: ["k": "v"]))
        let task = try #require(started.tasks.first)
        #expect(try await foreign.ecs.listTasks(cluster: "prod", .startedBy("reconcile/abc")).arns == [task.arn])
        var described = task
        for _ in 0..<20 where described.lastStatus != "STOPPED" {
            described = try await foreign.ecs.describeTasks(cluster: "prod", arns: [task.arn]).tasks[0]
        }
        #expect(described.lastStatus == "STOPPED")
        #expect(described.startedBy == "reconcile/abc")
        #expect(described.containers.first?.exitCode == 0)
        let gone = try await foreign.ecs.describeTasks(
            cluster: "prod", arns: [task.arn.replacing(task.id, with: "0123")])
        #expect(gone.tasks.isEmpty)
    }

    @Test("errors keep the code that AWS documents")
    func errors() async throws {
        let foreign = try Self.foreign()
        func code(_ call: () async throws(AWSError) -> Void) async -> String? {
            do {
                try await call()
                return nil
            } catch { return error.code }
        }
        let cluster = await code { () throws(AWSError) in
            _ = try await foreign.ecs.describeServices(cluster: "nope", names: ["web"])
        }
        #expect(cluster == "ClusterNotFoundException")
        let definition = await code { () throws(AWSError) in _ = try await foreign.ecs.describeTaskDefinition("nope:1")
        }
        #expect(definition == "ClientException")
        try await foreign.prepare(.ecs, "CreateCluster", ["clusterName": "prod"])
        let service = await code { () throws(AWSError) in
            _ = try await foreign.ecs.updateService(
                cluster: "prod", service: "nope", taskDefinition: nil, desiredCount: 1)
        }
        #expect(service == "ServiceNotFoundException")
    }

    @Test("a tag is resolved to its digest, a missing tag is nil, a missing repository an error")
    func registry() async throws {
        let foreign = try Self.foreign()
        try await foreign.pushImage(tag: "v1")
        let found = try await foreign.ecr.digest(
            registry: "123456789012", region: "us-east-1", repository: "app", tag: "v1")
        #expect(found?.hasPrefix("sha256:") == true)
        let missing = try await foreign.ecr.digest(
            registry: "123456789012", region: "us-east-1", repository: "app", tag: "v9")
        #expect(missing == nil)
        let error = await #expect(throws: AWSError.self) {
            try await foreign.ecr.digest(registry: "123456789012", region: "us-east-1", repository: "zz", tag: "v1")
        }
        #expect(error?.code == "RepositoryNotFoundException")
    }

    @Test("the caller is told by its ARN")
    func caller() async throws {
        let foreign = try Self.foreign()
        #expect(try await foreign.sts.identity().arn.hasPrefix("arn:aws:sts::"))
    }
}
