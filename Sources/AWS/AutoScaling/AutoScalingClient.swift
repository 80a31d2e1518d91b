import JSON

/// Application Auto Scaling: whether a service's desired count belongs to it.
public struct AutoScalingClient: Sendable {
    private let caller: Caller

    public init(_ caller: Caller) { self.caller = caller }

    /// As many services as one call takes (Application Auto Scaling API Reference, DescribeScalableTargets).
    public static let most = 50

    /// The bounds between which the desired counts of services are scaled, by service; those that nothing scales are left
    /// out.
    ///
    /// - Parameter services: at most ``most`` names of services of one cluster.
    public func bounds(cluster: String, services: [String]) async throws(AWSError) -> [String: ClosedRange<Int>] {
        let reader = AnswerReader(operation: "application-autoscaling:DescribeScalableTargets", secrets: caller.secrets)
        // The name, never the ARN. (Application Auto Scaling API Reference, DescribeScalableTargets, "ResourceIds".)
        let cluster = cluster.split(separator: "/").last ?? ""
        let ids = Dictionary(services.map { ("service/\(cluster)/\($0)", $0) }) { $1 }
        var bounds: [String: ClosedRange<Int>] = [:]
        var next: String?
        repeat {
            let answer = try await caller.call(
                .autoScaling, "DescribeScalableTargets",
                .members([
                    "ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount",
                    "ResourceIds": ids.keys.sorted { $0.precedes($1) }, "NextToken": next,
                ]))
            guard let targets = try reader.list("ScalableTargets", of: answer) else {
                throw reader.malformed("the answer has no ScalableTargets")
            }
            for target in targets {
                let least = try reader.integer("MinCapacity", of: target, "a scalable target")
                let most = try reader.integer("MaxCapacity", of: target, "a scalable target")
                let id = try reader.string("ResourceId", of: target, "a scalable target")
                guard let name = ids[id], least <= most else { continue }
                bounds[name] = least...most
            }
            next = try reader.text("NextToken", of: answer, "the answer")
        } while next != nil
        return bounds
    }
}
