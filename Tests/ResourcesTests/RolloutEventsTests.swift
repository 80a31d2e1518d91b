import JSON
import Testing

@testable import AWS
@testable import Resources

@Suite("A rollout that does not move on shows what ECS says of it")
struct RolloutNewsTests {
    private static let unable = "(service web) was unable to place a task because no container instance met all of its"

    private static let vague = "(service web) is unable to consistently start tasks successfully."

    /// - Parameter events: with their times, the newest first.
    private func service(_ events: [(Double?, String)]) throws -> ECSService {
        let shown = events.enumerated().map { index, event -> JSON in
            .object(dropping: [
                "id": .string("\(index)"), "createdAt": event.0.map(JSON.double), "message": .string(event.1),
            ])
        }
        return try ECSService(
            [
                "serviceName": "web", "serviceArn": "a", "clusterArn": "c", "status": "ACTIVE", "desiredCount": 2,
                "runningCount": 2, "pendingCount": 0, "taskDefinition": "app:2", "events": .array(shown),
                "deployments": [
                    deployment("ecs-svc/2", "PRIMARY", "app:2", at: 100.5),
                    deployment("ecs-svc/1", "ACTIVE", "app:1", at: 10),
                ],
            ], AnswerReader(operation: "test", secrets: Secrets()))
    }

    private func deployment(_ id: String, _ status: String, _ revision: String, at time: Double) -> JSON {
        [
            "id": .string(id), "status": .string(status), "taskDefinition": .string(revision), "desiredCount": 2,
            "runningCount": 0, "pendingCount": 0, "createdAt": .double(time),
        ]
    }

    @Test(
        "the newest since the deployment began that is not routine",
        arguments: [
            ([], nil),
            ([(110, unable)], unable),
            ([(100, unable)], unable),
            ([(99, unable)], nil),
            ([(nil, unable)], nil),
            ([(120, "(service web) has started 1 tasks: (task 1)."), (110, unable)], unable),
            ([(120, "(service web) has reached a steady state."), (110, unable)], nil),
            ([(120, vague), (110, unable)], unable),
            ([(120, vague)], vague),
            ([(130, unable), (120, "(service web) has reached a steady state.")], unable),
            (
                [
                    (
                        130,
                        "(service web) (port 80) is unhealthy in (target-group t) due to (reason Health checks failed)"
                    ),
                    (110, unable),
                ], "(service web) (port 80) is unhealthy in (target-group t) due to (reason Health checks failed)"
            ),
            (
                [
                    (140, "(service web) has stopped 1 running tasks: (task 1)."),
                    (140, "(service web) has begun draining connections on 1 tasks."),
                    (130, "(service web) registered 1 targets in (target-group t)"),
                    (120, "(service web) deregistered 1 targets in (target-group t)"),
                    (110, "(service web) (deployment ecs-svc/2) deployment completed."),
                ], nil
            ),
        ] as [([(Double?, String)], String?)])
    func newest(events: [(Double?, String)], expected: String?) throws {
        #expect(RolloutEvents.newest(try service(events), of: "app:2") == expected)
    }

    @Test("what is known is what ECS says, however many routine events came after it")
    func buried() throws {
        let routine = (0..<60).map { _ -> (Double?, String) in (120, "(service web) has started 1 tasks: (task 1).") }
        #expect(RolloutEvents.newest(try service(routine + [(110, Self.unable)]), of: "app:2") == Self.unable)
        #expect(RolloutEvents.newest(try service([(110, Self.unable)]), of: "app:3") == nil)
    }

    @Test("of a rollout that was given up, what ECS said before it gave up")
    func beforeFailure() throws {
        let events: [(Double?, String)] = [
            (140, "(service web) has reached a steady state."),
            (130, "(service web) rolling back to deployment ecs-svc/1."),
            (130, "(service web) (deployment ecs-svc/2) deployment failed: tasks failed to start."),
            (110, Self.unable), (50, "(service web) was unable to assume the role"),
        ]
        #expect(RolloutEvents.beforeFailure(try service(events), of: "app:2") == Self.unable)
        #expect(RolloutEvents.beforeFailure(try service(Array(events.prefix(3))), of: "app:2") == nil)
        for (since, isSaid) in [(105, true), (111, false), (nil, false)] as [(Int64?, Bool)] {
            let said = RolloutEvents.beforeFailure(try service(events), of: "app:3", since: since)
            #expect(said == (isSaid ? Self.unable : nil))
        }
    }
}
