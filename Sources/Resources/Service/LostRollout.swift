import AWS
import Time

/// What became of an update whose call got no response and of which DescribeServices lists no deployment: it was never made,
/// or ECS rolled it back and lists nothing of it any more. Then the service's events are all that is left.
enum LostRollout {
    /// AWS's own clocks may be some seconds apart.
    private static let leeway: Int64 = 10

    /// Whether the events do not reach back to the call: ECS shows the newest 100 only. Then nothing is known.
    ///
    /// - Parameter since: when the call was announced, by AWS's time.
    static func mayBeForgotten(_ service: ECSService, since: Timestamp?) -> Bool {
        guard let oldest = service.oldestEvent, let since else { return false }
        return oldest > since.seconds
    }

    /// The event that says that ECS gave this very deployment up; nil if none says so.
    static func event(_ service: ECSService, of deployment: String?) -> String? {
        guard let deployment, !deployment.isEmpty else { return nil }
        return service.events.first {
            $0.isOfFailure && $0.message.mentions("deployment failed") && $0.message.contains(deployment)
        }?.message.description
    }

    /// The event that says that ECS gave it up; nil if none says so.
    ///
    /// - Parameters:
    ///   - since: when the call was announced, by AWS's time; nil if that is not known: then every event counts that was
    ///     not there before the call.
    static func event(_ service: ECSService, of order: UpdateOrder, since: Timestamp?) -> String? {
        let others = service.deployments.filter { $0.taskDefinition != order.revision }.map(\.id)
        let newer = service.events.prefix { $0.id != order.knownFailure }
        let events = newer.filter { event in
            guard event.isOfFailure else { return false }
            // The failure of a deployment that is still listed with another revision is not this one's.
            let isOther =
                event.message.mentions("deployment failed")
                && others.contains { event.message.contains($0) }
            return !isOther && isAfter(event.createdAt, since)
        }
        return events.last?.message.description
    }

    private static func isAfter(_ event: Int64?, _ since: Timestamp?) -> Bool {
        guard let event, let since else { return true }
        return event >= since.seconds - leeway
    }
}
