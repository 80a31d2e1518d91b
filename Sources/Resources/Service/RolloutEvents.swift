import AWS

/// What ECS says of a rollout that does not move on: without a circuit breaker nothing else does.
enum RolloutEvents {
    /// The newest event since the deployment began that is not routine, in ECS's words. What was before the service's last
    /// steady state is over.
    ///
    /// - Parameter revision: the ARN of the revision that is rolled out.
    static func newest(_ service: ECSService, of revision: String) -> String? {
        let unusual = events(service, of: revision).prefix { !$0.isSteadyState }.filter { !$0.isRoutine }
        return (unusual.first { !$0.isSummary } ?? unusual.first)?.message.description
    }

    /// The same of a rollout that ECS has given up, without the words for that: a roll-back ends in a steady state, too.
    ///
    /// - Parameter since: in seconds since 1970; counts if ECS does not list the deployment any more.
    static func beforeFailure(_ service: ECSService, of revision: String, since: Int64? = nil) -> String? {
        events(service, of: revision, since: since).first { !$0.isRoutine && !$0.isOfFailure && !$0.isSummary }?.message
            .description
    }

    /// The newest first; none where it is not known when the deployment began.
    private static func events(
        _ service: ECSService, of revision: String, since: Int64? = nil
    ) -> [ECSService.Event] {
        let ours = service.deployments.filter { $0.taskDefinition == revision }
        let listed = ours.first { $0.status == "PRIMARY" } ?? ours.first
        guard let began = listed.map(\.createdAt) ?? since else { return [] }
        return service.events.filter { event in event.createdAt.map { $0 >= began } ?? false }
    }
}
