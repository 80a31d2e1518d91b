import AWS
import Base
import JSON
import Manifest

/// A task definition that services get or a migration has of its own, as it is now.
struct CurrentDefinition: Sendable {
    let family: String
    /// The container in which a migration runs.
    let own: TaskDefinitionSummary.Container
    let content: TaskDefinitionContent

    var name: String { "task-definition/\(family)" }

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
                definitions.append(shared.current(TaskDefinitionContent(document)))
            } else {
                let running = try await access.services.known(shared.base.service).taskDefinition
                let family = shared.base.family
                guard
                    let arn = running.isEmpty
                        ? try await access.definitions.newestARN(of: family, for: shared.id) : running
                else { throw .noActiveRevision(of: family, "services[].create.taskDefinition", shared.id) }
                let revision = try await access.definitions.revision(arn, for: shared.id)
                definitions.append(shared.current(TaskDefinitionContent(revision.document)))
            }
        }
        let reader = MigrationDefinitionReader(manifest: manifest, access: access)
        if let own = try await reader.read(besides: bases.map(\.family)) {
            definitions.append(
                CurrentDefinition(
                    family: own.family, own: own.container, content: try await content(of: own, access)))
        }
        return definitions
    }

    private static func content(
        of definition: MigrationDefinition, _ access: EnvironmentAccess
    ) async throws(Failure) -> TaskDefinitionContent {
        switch definition.source {
        case .declared(let document): return TaskDefinitionContent(document)
        case .newest(let family):
            guard let arn = try await access.definitions.newestARN(of: family, for: definition.id) else {
                throw .noActiveRevision(of: family, MigrationDefinitionSpec.familyKey, definition.id)
            }
            return TaskDefinitionContent(try await access.definitions.revision(arn, for: definition.id).document)
        }
    }
}

extension SharedDefinition {
    fileprivate func current(_ content: TaskDefinitionContent) -> CurrentDefinition {
        CurrentDefinition(family: base.family, own: base.own, content: content)
    }
}

extension PolicyMaker {
    init(_ manifest: Manifest, _ cluster: Cluster, _ ledger: BucketAddress?, _ definitions: [CurrentDefinition]) {
        self.init(
            manifest: manifest, cluster: cluster, ledger: ledger, families: Self.once(definitions.map(\.family)),
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
        var maker = PolicyMaker(manifest, access.cluster, ledger, definitions)
        if purpose == .deploy { maker.starterRoles = await StarterRoles.read(manifest.schedules, access.clients) }
        return maker.policy(for: purpose)
    }
}
