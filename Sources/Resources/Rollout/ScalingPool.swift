import AWS
import Reconciler

/// Who scales the services of one cluster, read for many of them at once.
public actor ScalingPool {
    private let client: AutoScalingClient
    private let cluster: String
    private var known: [String: ClosedRange<Int>?] = [:]

    public init(_ client: AutoScalingClient, cluster: String) {
        self.client = client
        self.cluster = cluster
    }

    /// Reads ahead. What fails is left out: whoever needs it meets the failure himself.
    public func readAhead(_ names: [String]) async {
        for start in stride(from: 0, to: names.count, by: AutoScalingClient.most) {
            let batch = Array(names[start..<min(start + AutoScalingClient.most, names.count)])
            do {
                let bounds = try await client.bounds(cluster: cluster, services: batch)
                for name in batch { known.updateValue(bounds[name], forKey: name) }
            } catch {}
        }
    }

    func bounds(of name: String, for resource: ResourceID) async throws(Failure) -> ClosedRange<Int>? {
        if let known = known[name] { return known }
        return try await reading(resource, "read who scales \(name)") { () throws(AWSError) in
            try await client.bounds(cluster: cluster, services: [name])[name]
        }
    }
}
