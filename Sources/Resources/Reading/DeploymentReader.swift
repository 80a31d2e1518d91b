import AWS
import Base
import Time

/// A service deployment, and what it brings about.
struct SeenDeployment: Sendable, Equatable {
    let deployment: ServiceDeployment
    /// The ARN of the revision that it brings about; nil where ECS does not tell.
    let revision: String?
    /// The revision of the deployment that has taken its place; nil where none has.
    var successor: String?
}

/// What is known of an update before its deployment is.
struct DeploymentOrder: Sendable {
    /// Of its intent.
    let sequence: Int64
    /// By AWS's time; nil where that was not known.
    let announced: Timestamp?
    /// The ARN of the revision that it brings about.
    let revision: String
    /// The ARN of the newest service deployment that was there before.
    let after: String?
}

/// Finds the service deployments of one environment's services, and reads them. What does not change any more is read once.
actor DeploymentReader {
    private let ecs: ECSClient
    private let cluster: Cluster
    private var over: [String: ServiceDeployment] = [:]
    /// The revisions that service revisions have, by ARN: they never change.
    private var revisions: [String: String] = [:]
    /// Which deployment each intent has started, by its sequence number.
    private var started: [Int64: String] = [:]
    private var isUnreadable = false

    init(_ ecs: ECSClient, of cluster: Cluster) {
        self.ecs = ecs
        self.cluster = cluster
    }

    /// AWS's own clocks may be some seconds apart.
    private static let leeway: Int64 = 10
    /// As many as one call describes (ECS API Reference, DescribeServiceDeployments).
    private static let batch = 20

    /// The newest one of a service; nil where it has none.
    func newest(of service: ECSService, for id: ResourceID) async throws(Failure) -> SeenDeployment? {
        var arn = service.currentDeployment
        if arn == nil { arn = try await list(service, since: nil, id).first }
        guard let arn, let deployment = try await describe([arn], id).first else { return nil }
        return try await seen(deployment, id)
    }

    /// The one that an update has started; nil where none of it is shown.
    ///
    /// It is the first one since the update was announced that brings its revision about. One that was there before the
    /// call, or another user's that came later, is not it.
    func started(by update: DeploymentOrder, on service: ECSService, for id: ResourceID) async throws(Failure)
        -> SeenDeployment?
    {
        if let known = started[update.sequence], let deployment = try await describe([known], id).first {
            guard deployment.status == "STOPPED" else { return try await seen(deployment, id) }
            return try await found(deployment, among: try await newer(than: update, on: service, id), id)
        }
        let newer = try await newer(than: update, on: service, id)
        for deployment in newer where try await revision(of: deployment, id) == update.revision {
            started[update.sequence] = deployment.arn
            return try await found(deployment, among: newer, id)
        }
        return nil
    }

    /// The newest one where that is not needed: nil also where it cannot be read.
    func newestShown(of service: ECSService, for id: ResourceID) async -> SeenDeployment? {
        do { return try await newest(of: service, for: id) } catch { return nil }
    }

    /// The same where it is not needed: nil also where it cannot be read, and then it is not asked for again.
    func shown(by update: DeploymentOrder, on service: ECSService, for id: ResourceID) async -> SeenDeployment? {
        guard !isUnreadable else { return nil }
        do { return try await started(by: update, on: service, for: id) } catch {
            isUnreadable = !error.isTransient
            return nil
        }
    }

    /// With the one that came next; where that brings about the same, it has taken over what this one was for.
    private func found(
        _ deployment: ServiceDeployment, among newer: [ServiceDeployment], _ id: ResourceID
    ) async throws(Failure) -> SeenDeployment {
        var seen = try await seen(deployment, id)
        if let index = newer.firstIndex(where: { $0.arn == deployment.arn }), index + 1 < newer.count {
            let successor = try await revision(of: newer[index + 1], id)
            if deployment.isOvertaken, successor == seen.revision {
                return try await found(newer[index + 1], among: newer, id)
            }
            seen.successor = successor ?? "another revision"
        }
        return seen
    }

    /// Those that were created since an update was announced, the oldest first.
    private func newer(
        than update: DeploymentOrder, on service: ECSService, _ id: ResourceID
    ) async throws(Failure) -> [ServiceDeployment] {
        // Without the one before, or a time, one that was there before the call would be taken for it.
        guard update.after != nil || update.announced != nil else { return [] }
        let since = update.announced.map { $0.seconds - (update.after == nil ? 0 : Self.leeway) }
        var arns = try await list(service, since: since, id)
        if let known = update.after, let index = arns.firstIndex(of: known) { arns = Array(arns[..<index]) }
        // The call answers in an order of its own.
        let oldest = Array(arns.reversed().prefix(Self.batch))
        let found = try await describe(oldest, id)
        return oldest.compactMap { arn in found.first { $0.arn == arn } }
    }

    private func list(_ service: ECSService, since: Int64?, _ id: ResourceID) async throws(Failure) -> [String] {
        try await reading(id, "list the deployments of \(service.name)") { [ecs, cluster] () throws(AWSError) in
            try await ecs.listServiceDeployments(cluster: cluster.name, service: service.name, since: since)
        }
    }

    private func describe(_ arns: [String], _ id: ResourceID) async throws(Failure) -> [ServiceDeployment] {
        let unknown = arns.filter { over[$0] == nil }
        if !unknown.isEmpty {
            let found = try await reading(id, "read the deployment of \(id.name)") { [ecs] () throws(AWSError) in
                try await ecs.describeServiceDeployments(unknown)
            }
            for deployment in found where deployment.isOver { over[deployment.arn] = deployment }
            return found + arns.compactMap { unknown.contains($0) ? nil : over[$0] }
        }
        return arns.compactMap { over[$0] }
    }

    private func seen(_ deployment: ServiceDeployment, _ id: ResourceID) async throws(Failure) -> SeenDeployment {
        SeenDeployment(deployment: deployment, revision: try await revision(of: deployment, id))
    }

    private func revision(of deployment: ServiceDeployment, _ id: ResourceID) async throws(Failure) -> String? {
        if let known = revisions[deployment.target] { return known }
        let found = try await reading(id, "read what \(id.name) is deployed to") { [ecs] () throws(AWSError) in
            try await ecs.describeServiceRevisions([deployment.target])
        }
        let revision = found.first { $0.arn == deployment.target }?.taskDefinition
        revisions[deployment.target] = revision
        return revision
    }
}
