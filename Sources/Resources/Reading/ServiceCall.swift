import AWS
import Base

/// One DescribeServices, with what can be wrong with it.
enum ServiceCall {
    /// As many names as one call takes (ECS API Reference, DescribeServices).
    static func batches(_ names: [String]) -> [[String]] {
        stride(from: 0, to: names.count, by: 10).map { Array(names[$0..<min($0 + 10, names.count)]) }
    }

    /// All that are named, in as many calls as that takes.
    static func readAll(
        _ names: [String], of cluster: String, _ client: ECSClient
    ) async throws(Failure) -> [String: ECSService] {
        var found: [String: ECSService] = [:]
        for batch in batches(names) { found.merge(try await read(batch, of: cluster, client)) { $1 } }
        return found
    }

    /// - Parameter names: of one batch.
    static func read(
        _ names: [String], of cluster: String, _ client: ECSClient
    ) async throws(Failure) -> [String: ECSService] {
        do {
            let answer = try await client.describeServices(cluster: cluster, names: names)
            return Dictionary(answer.services.map { ($0.name, $0) }) { $1 }
        } catch {
            if error.code == "ClusterNotFoundException" {
                throw missing(cluster, error)
            }
            throw .aws(reading: error, names.first.map { ResourceID("service", $0) }, "read the services of \(cluster)")
        }
    }

    /// The ARN of a cluster none of whose services is there: what ECS says of a missing one names region and account.
    static func clusterARN(
        _ cluster: String, askingFor name: String, _ client: ECSClient
    ) async throws(Failure) -> String {
        let id = ResourceID("service", name)
        let answer = try await reading(id, "read the service \(name)") { () throws(AWSError) in
            try await client.describeServices(cluster: cluster, names: [name])
        }
        if let service = answer.services.first { return service.clusterARN }
        let parts = (answer.absences.first?.arn ?? "").split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count > 5, parts[0] == "arn" else {
            throw Failure(
                .awsUnreadable, "AWS does not say in which account the service \(name) is missing", of: id,
                hint: "write the cluster's ARN into \"cluster\"")
        }
        return parts[..<5].joined(separator: ":") + ":cluster/" + cluster
    }

    static func missing(_ cluster: String, _ error: AWSError) -> Failure {
        Failure(
            .clusterMissing, "there is no cluster \(cluster)",
            hint: "check \"cluster\" and \"region\" in the manifest, and whose account the credentials are of",
            cause: [error.description])
    }
}
