import AWS
import Base
import Reconciler

/// Who scales the services of one cluster. A command reads it at most once, and only if the count of a service is not as
/// declared.
public actor ScalingPool {
    /// What AWS says of one service.
    enum Ownership: Sendable, Equatable {
        /// No scalable target is registered for it.
        case unscaled
        case scaled(ClosedRange<Int>)
        /// The identity in use must not read scalable targets.
        case denied
    }

    /// The name of the permission in IAM policies.
    static let permission = "application-autoscaling:DescribeScalableTargets"

    private let client: AutoScalingClient
    private let cluster: String
    /// The services that one call asks for, in this order: those whose manifests declare a count.
    private var names: [String]
    private var known: [String: Ownership] = [:]
    private var isDenied = false
    private var waiters: [CheckedContinuation<Void, Never>]?

    public init(_ client: AutoScalingClient, cluster: String, names: [String] = []) {
        self.client = client
        self.cluster = cluster
        self.names = names
    }

    /// Adds services that a later call is to ask for, too.
    func expect(_ more: [String]) { names += more }

    /// - Throws: ``Failure`` if AWS gives no usable answer. A denial is not a failure: it is a warning, once.
    func finding(
        of name: String, for resource: ResourceID, in context: Context
    ) async throws(Failure) -> Ownership {
        // Others wait for a call that may answer for them, too.
        while !isDenied, known[name] == nil, waiters != nil {
            await withCheckedContinuation { waiters?.append($0) }
        }
        if isDenied { return .denied }
        if let known = known[name] { return known }
        waiters = []
        defer {
            for waiter in waiters ?? [] { waiter.resume() }
            waiters = nil
        }
        let batch = batch(with: name)
        do {
            let bounds = try await client.bounds(cluster: cluster, services: batch)
            for name in batch { known[name] = bounds[name].map { .scaled($0) } ?? .unscaled }
            return known[name] ?? .unscaled
        } catch  where error.isAccessDenied && !error.isExpired && !error.isClockSkewed {
            isDenied = true
            context.emit(
                .warning(
                    resource,
                    "AWS denies \(Self.permission): a desired count that is not as declared stays as it is in AWS, because "
                        + "auto scaling may own it; allow \(Self.permission) to the credentials in use"))
            return .denied
        } catch {
            throw .aws(reading: error, resource, "read who scales \(name)")
        }
    }

    /// As many as one call takes, with this one.
    private func batch(with name: String) -> [String] {
        var batch = [name]
        var taken: Set = [name]
        for other in names where batch.count < AutoScalingClient.most && known[other] == nil {
            if taken.insert(other).inserted { batch.append(other) }
        }
        return batch
    }
}
