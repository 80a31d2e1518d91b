import AWS
import Base
import Manifest

/// Reads what runs in a cluster, for manifests of it. Changes nothing.
public struct ClusterSurvey: Sendable {
    private let client: ECSClient
    private let cluster: String

    public init(_ clients: Clients, cluster: String) {
        client = clients.ecs
        self.cluster = cluster
    }

    /// What became of each service that was asked for.
    public struct Found: Sendable {
        public var services: [RunningService] = []
        /// Why the others can be in no manifest.
        public var refused: [Failure] = []
    }

    /// The names of all services, in their order.
    public func names() async throws(Failure) -> [String] {
        var names: [String] = []
        var next: String?
        repeat {
            let token = next
            let page: (names: [String], next: String?)
            do { page = try await client.listServices(cluster: cluster, after: token) } catch {
                if error.code == "ClusterNotFoundException" { throw ServiceCall.missing(cluster, error) }
                throw .aws(reading: error, nil, "list the services of \(cluster)")
            }
            names += page.names
            next = page.next
        } while next != nil
        return Set(names).sorted { $0.precedes($1) }
    }

    /// - Parameter containers: names of containers that run an application.
    /// - Throws: ``Failure`` if AWS gives no usable answer.
    public func read(_ names: [String], containers: [String]) async throws(Failure) -> Found {
        let reader = ServiceReader(client, cluster: cluster, names: names)
        var found = Found()
        var revisions: [String: TaskDefinitionSummary] = [:]
        var newest: [String: String?] = [:]
        for name in names {
            do throws(Failure) {
                let service = try await reader.known(name)
                let id = ResourceID(Kind.service, name)
                if let failure = ServiceSupport.failure(service, count: nil, of: id) { throw failure }
                let arn = service.taskDefinition
                let summary: TaskDefinitionSummary
                if let known = revisions[arn] {
                    summary = known
                } else {
                    summary = TaskDefinitionSummary(
                        try await reading(id, "read the task definition \(arn)") { () throws(AWSError) in
                            try await client.describeTaskDefinition(arn)
                        })
                    revisions[arn] = summary
                }
                if newest[summary.family] == nil {
                    newest.updateValue(try await newestRevision(of: summary.family, id), forKey: summary.family)
                }
                found.services.append(
                    try RunningService(name, on: summary, newest: newest[summary.family] ?? nil, named: containers))
            } catch let failure where Self.isOfOne(failure) {
                found.refused.append(failure)
            }
        }
        return found
    }

    /// The ARN of a family's newest active revision; servers differ in order and match prefixes.
    private func newestRevision(of family: String, _ id: ResourceID) async throws(Failure) -> String? {
        let answer = try await reading(id, "list the revisions of \(family)") { () throws(AWSError) in
            try await client.listTaskDefinitions(family: family)
        }
        return answer.arns.filter { RevisionARN.family(of: $0) == family }
            .max { RevisionARN.number(of: $0) < RevisionARN.number(of: $1) }
    }

    /// Whether a failure is about one service, and says nothing of the others.
    private static func isOfOne(_ failure: Failure) -> Bool {
        [.serviceMissing, .serviceUnsupported, .strategyUnsupported, .definitionUnfit].contains(failure.code)
    }
}
