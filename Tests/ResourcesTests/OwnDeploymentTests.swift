import JSON
import Testing
import Time

@testable import AWS
@testable import Resources

@Suite("An answer of UpdateService that shows no deployments says nothing of the rollout")
struct OwnDeploymentTests {
    private struct Shown {
        let id: String
        let revision: String
        let state: String
        var running = 2
        var createdAt = 100
    }

    /// - Parameter deployments: the first is the primary one.
    private func service(_ deployments: [Shown]) throws -> ECSService {
        let shown = deployments.enumerated().map { index, deployment -> JSON in
            [
                "id": .string(deployment.id), "status": index == 0 ? "PRIMARY" : "ACTIVE",
                "taskDefinition": .string(deployment.revision), "desiredCount": 2,
                "runningCount": .integer(deployment.running), "pendingCount": 0,
                "rolloutState": .string(deployment.state), "createdAt": .integer(deployment.createdAt),
            ]
        }
        return try ECSService(
            [
                "serviceName": "web", "serviceArn": "a", "clusterArn": "c", "status": "ACTIVE", "desiredCount": 2,
                "runningCount": 2, "pendingCount": 0, "taskDefinition": .string(deployments[0].revision),
                "deployments": .array(shown),
            ], AnswerReader(operation: "test", secrets: Secrets()))
    }

    private func judge(_ deployments: [Shown], _ receipt: UpdateReceipt?, isYoung: Bool = true) throws -> RolloutVerdict
    {
        RolloutVerdict.judge(
            try service(deployments), wanted: "app:2", previous: "app:1", maySeeStale: isYoung,
            own: OwnDeployment(receipt, announced: Timestamp(seconds: 90)))
    }

    private static let unseen = RolloutVerdict.unseen("the update is not visible yet")

    @Test("what DescribeServices shows next is judged at once, also of an update that begins no deployment")
    func judged() throws {
        let new = [Shown(id: "new", revision: "app:2", state: "COMPLETED")]
        for before in [[], ["old"], ["old", "failed"]] {
            #expect(try judge(new, UpdateReceipt(deployment: nil, before: before)) == .completed)
        }
        let given = [
            Shown(id: "back", revision: "app:1", state: "IN_PROGRESS"),
            Shown(id: "new", revision: "app:2", state: "FAILED"),
        ]
        let verdict = try judge(given, UpdateReceipt(deployment: nil, before: ["back"]))
        #expect(verdict == .failed(reason: "0 tasks failed", rolledBackTo: "app:1"))
    }

    @Test("where the update's own deployment is shown and another one in its place, that is said at once")
    func replaced() throws {
        let own = UpdateReceipt(deployment: "new", before: [])
        let other = [
            Shown(id: "other", revision: "app:3", state: "IN_PROGRESS"),
            Shown(id: "new", revision: "app:2", state: "IN_PROGRESS"),
        ]
        #expect(try judge(other, own) == .replaced(by: "app:3"))
        #expect(try judge(Array(other.prefix(1)), own) == Self.unseen)
        let again = [
            Shown(id: "other", revision: "app:2", state: "COMPLETED"),
            Shown(id: "new", revision: "app:2", state: "IN_PROGRESS", running: 0),
        ]
        #expect(try judge(again, own) == .completed)
    }

    @Test("one that was there before the update is not taken for its own while a read may be stale")
    func before() throws {
        let acceptance = UpdateReceipt(deployment: nil, before: ["old", "failed"])
        let old = Shown(id: "old", revision: "app:1", state: "COMPLETED")
        let failed = Shown(id: "failed", revision: "app:2", state: "FAILED", running: 0)
        #expect(try judge([old, failed], acceptance) == Self.unseen)
        #expect(try judge([failed], acceptance) == Self.unseen)
        #expect(try judge([failed], acceptance, isYoung: false) != Self.unseen)
        // The look before the update did not show it.
        let older = Shown(id: "unseen", revision: "app:2", state: "FAILED", running: 0, createdAt: 89)
        #expect(try judge([old, older], acceptance) == Self.unseen)
        #expect(try judge([older], acceptance) == Self.unseen)
    }

    @Test("an answer that names its deployment, and what earlier releases kept of one that does not, is the only one")
    func named() throws {
        #expect(UpdateReceipt(deployment: "new", before: ["old"]).json == ["deployment": "new"])
        let new = [Shown(id: "new", revision: "app:2", state: "COMPLETED")]
        #expect(try judge(new, UpdateReceipt(deployment: "new", before: [])) == .completed)
        #expect(try judge(new, UpdateReceipt(deployment: "other", before: [])) == Self.unseen)
        #expect(try judge(new, UpdateReceipt(deployment: "", before: [])) == Self.unseen)
        #expect(try judge(new, nil) == .completed)
    }
}
