import AWS
import Base
import JSON
import Manifest

/// A task definition that services get, as it is now.
struct CurrentDefinition: Sendable {
    let base: ServiceBase
    let content: TaskDefinitionContent

    var name: String { "task-definition/\(base.family)" }

    /// The roles that ECS is given with its tasks.
    var roles: [String] { ["executionRoleArn", "taskRoleArn"].compactMap { content.json[$0]?.string } }

    /// Where its containers' logs are.
    var logs: [LogDestination] {
        content.containers.compactMap {
            LogDestination($0["logConfiguration"], container: $0["name"]?.string ?? "")
        }
    }

    /// - Throws: ``Failure`` for a service that is missing, or with code `definition-unfit`.
    static func all(
        of manifest: Manifest, _ access: EnvironmentAccess
    ) async throws(Failure) -> [CurrentDefinition] {
        let bases = try await BaseReader(manifest: manifest, access: access).read()
        var definitions: [CurrentDefinition] = []
        for shared in SharedDefinition.all(of: bases) {
            if case .declared(let document) = manifest.definition.source {
                definitions.append(CurrentDefinition(base: shared.base, content: TaskDefinitionContent(document)))
            } else {
                let arn = try await access.services.known(shared.base.service).taskDefinition
                let revision = try await access.definitions.revision(arn, for: shared.id)
                definitions.append(
                    CurrentDefinition(base: shared.base, content: TaskDefinitionContent(revision.document)))
            }
        }
        return definitions
    }
}

extension PolicyMaker {
    init(_ manifest: Manifest, _ cluster: Cluster, _ ledger: BucketAddress?, _ definitions: [CurrentDefinition]) {
        self.init(
            manifest: manifest, cluster: cluster, ledger: ledger, families: Self.once(definitions.map(\.base.family)),
            roles: Self.once(definitions.flatMap(\.roles)), logs: definitions.flatMap(\.logs))
    }

    private static func once(_ names: [String]) -> [String] { Set(names).sorted { $0.precedes($1) } }
}

extension Assembly {
    /// The least that an identity needs for what a role does with this manifest.
    ///
    /// - Parameter ledger: nil for one in a file.
    public func policy(for purpose: Purpose, ledger: BucketAddress?) async throws(Failure) -> Policy {
        let access = try await access()
        let definitions = try await CurrentDefinition.all(of: manifest, access)
        return PolicyMaker(manifest, access.cluster, ledger, definitions).policy(for: purpose)
    }
}
