import JSON
import Testing

@testable import AWS
@testable import Manifest
@testable import Resources

@Suite("What a service deployment proves")
struct DeploymentVerdictTests {
    private static func deployment(_ status: String, stage: String? = nil, _ more: String = "") throws
        -> ServiceDeployment
    {
        let stage = stage.map { #","lifecycleStage":"\#($0)""# } ?? ""
        let json = try JSON.parse(
            #"{"serviceDeploymentArn":"d","status":"\#(status)","targetServiceRevision":{"arn":"r"}\#(stage)\#(more)}"#)
        return try ServiceDeployment(json, AnswerReader(operation: "test", secrets: Secrets()))
    }

    private static func service() throws -> ECSService {
        try ECSService(
            try JSON.parse(
                #"{"serviceName":"web","serviceArn":"a","clusterArn":"c","status":"ACTIVE","taskDefinition":"t:1","desiredCount":2,"runningCount":2,"pendingCount":0}"#
            ), AnswerReader(operation: "test", secrets: Secrets()))
    }

    private static let gone = RolloutVerdict.failed(reason: "r", rolledBackTo: "t:1")

    @Test(
        "outranks what the list lets one guess",
        arguments: [
            ("PENDING", nil, nil, .completed, .inProgress("so far")),
            ("IN_PROGRESS", "BAKE_TIME", nil, .completed, .inProgress("so far")),
            ("IN_PROGRESS", "BAKE_TIME", nil, gone, .inProgress("so far")),
            ("SUCCESSFUL", "CLEAN_UP", nil, .completed, .completed),
            ("SUCCESSFUL", nil, nil, .inProgress("2 old to stop"), .inProgress("2 old to stop")),
            ("SUCCESSFUL", nil, nil, gone, .replaced(by: "t:1")),
            ("SUCCESSFUL", nil, "t:3", gone, .replaced(by: "t:3")),
            ("STOP_REQUESTED", nil, nil, gone, .inProgress("so far")),
            ("ROLLBACK_REQUESTED", nil, nil, .completed, .inProgress("so far")),
            ("ROLLBACK_IN_PROGRESS", nil, nil, gone, .inProgress("so far")),
            ("ROLLBACK_SUCCESSFUL", nil, nil, .completed, .failed(reason: "ECS gave no reason", rolledBackTo: "t:1")),
            (
                "ROLLBACK_FAILED", nil, nil, .completed,
                .failed(reason: "ECS gave no reason; the roll-back failed, too", rolledBackTo: nil)
            ),
            ("STOPPED", nil, "t:3", gone, .replaced(by: "t:3")),
            ("STOPPED", nil, "t:2", .inProgress("0 of 2"), .inProgress("0 of 2")),
            ("STOPPED", nil, "t:2", .completed, .completed),
            ("STOPPED", nil, nil, .completed, .failed(reason: "ECS gave no reason", rolledBackTo: nil)),
            ("OF_TOMORROW", nil, nil, .completed, .inProgress("the status of its deployment is OF_TOMORROW")),
        ] as [(String, String?, String?, RolloutVerdict, RolloutVerdict)])
    func table(
        status: String, stage: String?, successor: String?, listed: RolloutVerdict, expected: RolloutVerdict
    ) throws {
        var seen = SeenDeployment(deployment: try Self.deployment(status, stage: stage), revision: "t:2")
        seen.successor = successor
        let verdict = DeploymentVerdict.judge(
            seen, listed: listed, on: try Self.service(), until: .completed, progress: "so far")
        #expect(verdict == expected)
    }

    @Test(
        "what ECS gave up by itself was not overtaken, whatever was deployed next",
        arguments: [
            #","deploymentCircuitBreaker":{"status":"TRIGGERED","failureCount":3,"threshold":3}"#,
            #","alarms":{"status":"TRIGGERED","alarmNames":["errors"],"triggeredAlarmNames":["errors"]}"#,
        ])
    func givenUp(by watch: String) throws {
        var seen = SeenDeployment(deployment: try Self.deployment("STOPPED", watch), revision: "t:2")
        seen.successor = "t:3"
        let verdict = DeploymentVerdict.judge(
            seen, listed: Self.gone, on: try Self.service(), until: .completed, progress: "so far")
        guard case .failed = verdict else {
            Issue.record("\(verdict)")
            return
        }
    }

    @Test(
        "declared settings are the same in whatever form AWS writes them",
        arguments: [
            ("10", "10.0", true), ("10", "10.5", false), (#"{"a":1}"#, #"{"a":1.0,"b":2}"#, true),
            (#"["b","a"]"#, #"["a","b"]"#, true), (#"["a"]"#, #"["a","b"]"#, false), (#""10""#, "10", false),
        ])
    func declared(declared: String, observed: String, isSame: Bool) throws {
        let found = DeclaredPart.differences(try JSON.parse(declared), in: try JSON.parse(observed), path: "p")
        #expect(found.isEmpty == isSame)
    }

    @Test(
        "has come to the stage that is waited for, or has not",
        arguments: [
            (.bakeTime, "POST_PRODUCTION_TRAFFIC_SHIFT", false), (.bakeTime, "BAKE_TIME", true),
            (.bakeTime, "CLEAN_UP", true), (.bakeTime, nil, false), (.bakeTime, "OF_TOMORROW", false),
            (.completed, "CLEAN_UP", false), (.postScaleUp, "PRE_PRODUCTION_TRAFFIC_SHIFT", true),
            (.productionTrafficShift, "PRE_PRODUCTION_TRAFFIC_SHIFT", false),
        ] as [(RolloutGoal, String?, Bool)])
    func goals(goal: RolloutGoal, stage: String?, isReached: Bool) { #expect(goal.isReached(at: stage) == isReached) }

    @Test("an alarm that went off is named with ECS's reason")
    func alarm() throws {
        let deployment = try Self.deployment(
            "ROLLBACK_SUCCESSFUL",
            #","alarms":{"triggeredAlarmNames":["errors"]},"rollback":{"reason":"alarm detected"},"statusReason":"x""#)
        #expect(DeploymentVerdict.reason(deployment) == "alarm detected (alarm errors)")
    }

    @Test(
        "a strategy takes its bakes and steps at least, and is watched where the list is not enough",
        arguments: [
            ("{}", 0, false), (#"{"strategy":"ROLLING"}"#, 0, false),
            (#"{"strategy":"BLUE_GREEN","bakeTimeInMinutes":5}"#, 5, true),
            (#"{"strategy":"CANARY","bakeTimeInMinutes":3}"#, 13, true),
            (
                #"{"strategy":"CANARY","canaryConfiguration":{"canaryBakeTimeInMinutes":3},"bakeTimeInMinutes":3}"#, 6,
                true
            ),
            (#"{"strategy":"LINEAR"}"#, 54, true),
            (#"{"strategy":"LINEAR","linearConfiguration":{"stepPercent":40,"stepBakeTimeInMinutes":2}}"#, 4, true),
            (#"{"strategy":"ROLLING","alarms":{"enable":false}}"#, 0, false),
            (#"{"strategy":"ROLLING","alarms":{"enable":true}}"#, 0, true),
            (#"{"strategy":"ROLLING","bakeTimeInMinutes":2}"#, 2, true),
            (#"{"earlySuccessCriteria":{"enable":true}}"#, 0, true), (#"{"lifecycleHooks":[{}]}"#, 0, true),
        ] as [(String, Int, Bool)])
    func strategies(configuration: String, minutes: Int, isWatched: Bool) throws {
        let strategy = RolloutStrategy(try JSON.parse(configuration))
        #expect(strategy.least == .seconds(60 * minutes))
        #expect(strategy.isWatched == isWatched)
    }

    @Test("says in words how far it is: the hook that waits before all else")
    func progress() throws {
        let paused = try Self.deployment(
            "IN_PROGRESS", stage: "POST_TEST_TRAFFIC_SHIFT",
            #","lifecycleHookDetails":[{"hookId":"h","targetType":"PAUSE","status":"AWAITING_ACTION","expiresAt":1700000000,"timeoutAction":"ROLLBACK"}]"#
        )
        let strategy = RolloutStrategy(["strategy": "BLUE_GREEN", "bakeTimeInMinutes": 5])
        let shown = DeploymentProgress(paused, strategy, now: nil)
        #expect(shown.text == "POST_TEST_TRAFFIC_SHIFT, paused until 2023-11-14T22:13:20Z, then ROLLBACK")
        #expect(shown.isPaused && shown.stage?.hook == "h")
        let baking = try Self.deployment("IN_PROGRESS", stage: "BAKE_TIME", #","updatedAt":1700000000.5"#)
        #expect(DeploymentProgress(baking, strategy, now: 1_700_000_061).text == "BAKE_TIME, at most 4m left")
        #expect(DeploymentProgress(baking, strategy, now: 1_700_009_000).text == "BAKE_TIME")
    }
}
