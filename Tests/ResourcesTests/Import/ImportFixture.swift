import JSON
import Testing

@testable import AWS
@testable import Base
@testable import Manifest
@testable import Reconciler
@testable import Resources

/// Services in the sandbox's model whose rollouts are over, imported and then planned.
struct ImportFixture {
    static let account = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
    static let digest = "sha256:" + String(repeating: "a", count: 64)

    /// A family with its containers, each `NAME=IMAGE`; a name that ends in `?` is not essential.
    struct Family {
        let name: String
        let containers: [String]

        init(_ name: String, _ containers: [String]) { (self.name, self.containers) = (name, containers) }

        var request: JSON {
            let definitions = containers.map { text -> JSON in
                let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
                let isEssential = !parts[0].hasSuffix("?")
                return [
                    "name": .string(isEssential ? parts[0] : String(parts[0].dropLast())),
                    "image": .string(parts[1]), "essential": .bool(isEssential),
                ]
            }
            return ["family": .string(name), "containerDefinitions": .array(definitions)]
        }
    }

    /// A revision of a family, as it is remembered.
    static func summary(_ family: Family, tags: [String: String] = [:]) throws -> TaskDefinitionSummary {
        var document = family.request
        document["taskDefinitionArn"] = .string("arn:aws:ecs:us-east-1:123456789012:task-definition/\(family.name):1")
        return TaskDefinitionSummary(
            try TaskDefinitionRevision(
                ["taskDefinition": document, "tags": Tags.write(tags)],
                AnswerReader(operation: "ecs:DescribeTaskDefinition", secrets: Secrets())))
    }

    let server: ModelServer

    /// - Parameters:
    ///   - services: each with its family.
    ///   - showing: members of services that AWS shows otherwise, by their names.
    init(_ families: [Family], _ services: [(String, String)], showing: [String: JSON] = [:]) throws {
        let calls =
            families.map { ("RegisterTaskDefinition", $0.request) }
            + services.map { name, family -> (String, JSON) in
                (
                    "CreateService",
                    [
                        "cluster": "test", "serviceName": .string(name), "taskDefinition": .string(family),
                        "desiredCount": 2,
                    ]
                )
            }
        server = try ModelServer(calls) { operation, answer in
            guard operation == "DescribeServices" else { return }
            answer["services"] = .array((answer["services"]?.elements ?? []).map { Self.steady($0, showing) })
        }
    }

    /// A service whose rollout is over.
    private static func steady(_ service: JSON, _ showing: [String: JSON]) -> JSON {
        var service = service
        service["runningCount"] = service["desiredCount"]
        service["pendingCount"] = 0
        service["deployments"] = .array(
            (service["deployments"]?.elements ?? []).prefix(1).map { deployment in
                var deployment = deployment
                deployment["rolloutState"] = "COMPLETED"
                deployment["runningCount"] = deployment["desiredCount"]
                deployment["pendingCount"] = 0
                return deployment
            })
        for member in showing[service["serviceName"]?.string ?? ""]?.object?.members ?? [] {
            service[member.key] = member.value
        }
        return service
    }

    func survey(_ names: [String]? = nil, containers: [String] = []) async throws -> ClusterSurvey.Found {
        let survey = ClusterSurvey(Clients(server.caller), cluster: "test")
        var all = names ?? []
        if names == nil { all = try await survey.names() }
        return try await survey.read(all, containers: containers)
    }

    func drafts(_ found: ClusterSurvey.Found) -> [ManifestDraft] {
        let groups = ServiceGroup.all(of: found.services)
        return zip(groups, ServiceGroup.environments(of: groups, place: "test")).map { group, name in
            group.draft(environment: name, region: "us-east-1", cluster: "test")
        }
    }

    /// The changes that the next plan of a manifest shows.
    func changes(_ draft: ManifestDraft) async throws -> [String] {
        let fixture = try RunnerFixture()
        let assembled = try await Assembly(
            try ManifestTests.load(draft.text), clients: Clients(server.caller),
            processes: ProcessRunnerTests.Machine(), in: fixture.context()
        ).assemble()
        return try await Converger(assembled.graph, in: fixture.context()).plan().changes.map { step in
            "\(step.resource) \(step.change.reason)"
        }
    }

    static let mutating: Set = ["RegisterTaskDefinition", "RunTask", "UpdateService", "TagResource", "StopTask"]
}
