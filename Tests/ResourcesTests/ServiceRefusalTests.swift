import JSON
import Testing

@testable import AWS
@testable import Base
@testable import Ledger
@testable import Resources

@Suite("What cannot be moved, or is not what was asked for, ends plan and apply before the migration")
struct ServiceRefusalTests {
    private static let mutating: Set = [
        "RegisterTaskDefinition", "RunTask", "UpdateService", "TagResource", "StopTask",
    ]

    /// Puts members into each service that DescribeServices shows.
    private static func showing(_ members: JSON) throws -> ModelServer {
        try ModelServer { operation, answer in
            guard operation == "DescribeServices", let services = answer["services"]?.array else { return }
            answer["services"] = .array(
                services.map { service in
                    var service = service
                    for member in members.object?.members ?? [] { service[member.key] = member.value }
                    return service
                })
        }
    }

    /// How plan and apply end; nil if the plan would go on to the migration.
    private func failures(_ server: ModelServer, _ service: JSON) async throws -> (plan: Failure?, apply: Failure?) {
        var (plan, apply): (Failure?, Failure?)
        do throws(Failure) {
            plan = try await planned(server, service)
        } catch {
            plan = error
        }
        guard plan != nil else { return (nil, nil) }
        do {
            let fixture = try RunnerFixture()
            _ = try await server.converger(service, in: fixture.context()).apply { RunRecord([:]) }
        } catch let error as Failure {
            apply = error
        }
        return (plan, apply)
    }

    private func planned(_ server: ModelServer, _ service: JSON) async throws(Failure) -> Failure? {
        do {
            let fixture = try RunnerFixture()
            let plan = try await server.converger(service, in: fixture.context()).plan()
            if plan.blocker == nil { #expect(plan.changes.contains { $0.change.action == .migrate }) }
            return plan.blocker
        } catch let error as Failure {
            throw error
        } catch {
            Issue.record("\(error)")
            return nil
        }
    }

    @Test(
        "a service by what deploys it",
        arguments: [
            ([:], ["desiredCount": 2], nil, ""),
            (["schedulingStrategy": "DAEMON"], [:], nil, ""),
            (["schedulingStrategy": "DAEMON"], ["desiredCount": 2], .serviceUnsupported, "DAEMON"),
            (["schedulingStrategy": "DAEMON"], ["desiredCount": 3], .serviceUnsupported, "DAEMON"),
            (["deploymentController": ["type": "CODE_DEPLOY"]], [:], .serviceUnsupported, "CODE_DEPLOY"),
            (["deploymentController": ["type": "EXTERNAL"]], [:], .serviceUnsupported, "EXTERNAL"),
            (
                ["deploymentController": ["type": "EXTERNAL"], "taskDefinition": .null, "deployments": []], [:],
                .serviceUnsupported, "EXTERNAL"
            ),
            (["deploymentController": ["type": "NOT_YET_KNOWN"]], [:], .serviceUnsupported, "NOT_YET_KNOWN"),
            (["deploymentConfiguration": ["strategy": "ROLLING"]], [:], nil, ""),
            (["resourceManagementType": "ECS"], [:], .serviceUnsupported, "Express Mode"),
            (
                ["deploymentConfiguration": ["strategy": "ROLLING"]], ["until": "BAKE_TIME"], .strategyUnsupported,
                "ROLLING"
            ),
        ] as [(JSON, JSON, Failure.Code?, String)])
    func controllers(shown: JSON, declared: JSON, code: Failure.Code?, named: String) async throws {
        let server = try Self.showing(shown)
        let (plan, apply) = try await failures(server, declared)
        #expect(plan?.code == code)
        #expect(apply?.code == code)
        for failure in [plan, apply].compactMap(\.self) {
            #expect(failure.summary.contains(named) && failure.summary.contains("web"), "\(failure.summary)")
            #expect(!failure.hint.isEmpty)
        }
        #expect(Self.mutating.isDisjoint(with: server.calls), "\(server.calls)")
    }

    @Test(
        "an answer that shows another service, or one of another cluster",
        arguments: [
            ["serviceName": "worker"],
            ["clusterArn": "arn:aws:ecs:us-east-1:123456789012:cluster/staging"],
            ["clusterArn": "arn:aws:ecs:us-east-1:123456789012:cluster/test-2"],
            ["clusterArn": "staging"],
        ] as [JSON])
    func others(shown: JSON) async throws {
        let server = try Self.showing(shown)
        let (plan, apply) = try await failures(server, [:])
        #expect(plan?.code == .awsUnreadable)
        #expect(apply?.code == .awsUnreadable)
        #expect(Self.mutating.isDisjoint(with: server.calls), "\(server.calls)")
    }

    @Test("an answer that shows a service twice, or one more")
    func more() async throws {
        for name in ["web", "worker"] {
            let server = try ModelServer { operation, answer in
                guard operation == "DescribeServices", let service = answer["services"]?.elements.first else { return }
                var other = service
                other["serviceName"] = .string(name)
                answer["services"] = [service, other]
            }
            let (plan, apply) = try await failures(server, [:])
            #expect(plan?.code == .awsUnreadable)
            #expect(apply?.code == .awsUnreadable)
            #expect(Self.mutating.isDisjoint(with: server.calls), "\(server.calls)")
        }
    }

    @Test("a cluster that is named by its ARN is that one and no other; so is the service that an update answers with")
    func updated() async throws {
        let server = try Self.showing([:])
        let client = ECSClient(server.caller)
        let arn = "arn:aws:ecs:us-east-1:123456789012:cluster/test"
        #expect(try await client.describeServices(cluster: arn, names: ["web"]).services.map(\.name) == ["web"])
        for (operation, members) in [
            ("UpdateService", ["serviceName": "worker"]),
            ("UpdateService", ["clusterArn": "arn:aws:ecs:us-east-1:123456789012:cluster/staging"]),
        ] as [(String, JSON)] {
            let other = try ModelServer { called, answer in
                guard called == operation else { return }
                for member in members.object?.members ?? [] { answer["service"]?[member.key] = member.value }
            }
            await #expect(throws: AWSError.self) {
                try await ECSClient(other.caller).updateService(
                    cluster: "test", service: "web", taskDefinition: nil, desiredCount: 1)
            }
        }
        await #expect(throws: AWSError.self) {
            try await client.describeServices(
                cluster: "arn:aws:ecs:eu-west-1:123456789012:cluster/test", names: ["web"])
        }
    }
}
