import JSON
import Testing

@testable import AWS
@testable import Base
@testable import Resources

@Suite("A service that cannot be moved is refused before anything is done for it")
struct ServiceSupportTests {
    @Test(
        "by what it is deployed by",
        arguments: [
            ("", nil, nil),
            (#""schedulingStrategy":"REPLICA""#, 2, nil),
            (#""deploymentController":{"type":"ECS"},"deploymentConfiguration":{"strategy":"ROLLING"}"#, 2, nil),
            (#""schedulingStrategy":"DAEMON""#, nil, nil),
            (#""schedulingStrategy":"DAEMON""#, 2, "DAEMON"),
            (#""deploymentController":{"type":"CODE_DEPLOY"}"#, nil, "CODE_DEPLOY"),
            (#""deploymentController":{"type":"EXTERNAL"},"taskSets":[{"id":"ecs-svc/1"}]"#, nil, "EXTERNAL"),
            (#""deploymentConfiguration":{"strategy":"BLUE_GREEN"}"#, nil, nil),
            (#""deploymentConfiguration":{"strategy":"CANARY"}"#, nil, nil),
            (#""resourceManagementType":"CUSTOMER""#, nil, nil),
            (#""resourceManagementType":"ECS""#, nil, "Express Mode"),
        ] as [(String, Int?, String?)])
    func kinds(members: String, count: Int?, named: String?) throws {
        let json =
            #"{"serviceName":"web","serviceArn":"a","clusterArn":"c","status":"ACTIVE","desiredCount":2,"runningCount":2,"pendingCount":0"#
        let service = try ECSService(
            JSON.parse(json + (members.isEmpty ? "}" : ",\(members)}")),
            AnswerReader(operation: "test", secrets: Secrets()))
        let failure = ServiceSupport.failure(service, count: count, of: ResourceID("service", "web"))
        #expect(failure?.code == (named == nil ? nil : .serviceUnsupported))
        #expect(failure.map(\.code.exit) == (named == nil ? nil : .failed))
        #expect(failure?.summary.contains(named ?? "") != false)
    }

    @Test("a service is scaled under its cluster's name, whatever the manifest calls the cluster")
    func scalingOfCluster() async throws {
        let answer = #"{"ScalableTargets":[{"ResourceId":"service/c/web","MinCapacity":1,"MaxCapacity":4}]}"#
        let client = AutoScalingClient(TaskDefinitionReaderTests.Server([answer]).caller)
        for cluster in ["c", "arn:aws:ecs:eu-west-1:123456789012:cluster/c"] {
            #expect(try await client.bounds(cluster: cluster, services: ["web"]) == ["web": 1...4])
        }
    }
}
