import JSON
import Testing

@testable import AWS
@testable import Base
@testable import Resources

@Suite("Verdicts need positive evidence")
struct VerdictTests {
    static let id = ResourceID("schema", "d")

    static func task(_ json: String) throws -> ECSTask {
        var task = try JSON.parse(json)
        task["taskArn"] = "arn:aws:ecs:r:1:task/c/abc"
        return try ECSTask(task, AnswerReader(operation: "test", secrets: Secrets()))
    }

    static func verdict(_ json: String, rerunnable: Bool = false) throws -> String {
        let task = try task(json)
        guard let end = MigrationEnd(task, container: "app", log: LogTail(lines: ["line"])) else {
            return "running \(task.lastStatus)"
        }
        switch MigrationVerdict.judge(end, rerunnable: rerunnable, wanted: nil, isFirst: true, of: id) {
        case .succeeded: return "succeeded"
        case .failed(let failure, _): return failure.code.rawValue
        case .undecided(let failure): return failure.code.rawValue
        }
    }

    @Test(
        "on a migration's task",
        arguments: [
            (#"{"lastStatus":"RUNNING","containers":[{"name":"app","exitCode":0}]}"#, "running RUNNING"),
            (#"{"lastStatus":"PROVISIONING"}"#, "running PROVISIONING"),
            (#"{"lastStatus":"TELEPORTING"}"#, "running TELEPORTING"),
            (#"{"lastStatus":"STOPPED","startedAt":1,"containers":[{"name":"app","exitCode":0}]}"#, "succeeded"),
            (
                #"{"lastStatus":"STOPPED","startedAt":1,"stopCode":"EssentialContainerExited","containers":[{"name":"app","exitCode":0},{"name":"log","exitCode":143}]}"#,
                "succeeded"
            ),
            // A sidecar that fails takes the migration with it, and that may end in good order.
            (
                #"{"lastStatus":"STOPPED","startedAt":1,"stopCode":"EssentialContainerExited","containers":[{"name":"app","exitCode":0},{"name":"log","exitCode":139}]}"#,
                "schema-undecided"
            ),
            (
                #"{"lastStatus":"STOPPED","startedAt":1,"containers":[{"name":"app","exitCode":0},{"name":"log","exitCode":137,"reason":"OutOfMemoryError: Container killed due to memory usage"}]}"#,
                "schema-undecided"
            ),
            (
                #"{"lastStatus":"STOPPED","startedAt":1,"containers":[{"name":"log","exitCode":1},{"name":"app","exitCode":0}]}"#,
                "schema-undecided"
            ),
            (
                #"{"lastStatus":"STOPPED","startedAt":1,"stoppedReason":"Task stopped by user","containers":[{"name":"app","exitCode":0}]}"#,
                "schema-undecided"
            ),
            (
                #"{"lastStatus":"STOPPED","startedAt":1,"stoppedReason":"Essential container in task exited","containers":[{"name":"app","exitCode":0}]}"#,
                "succeeded"
            ),
            (#"{"lastStatus":"STOPPED","startedAt":1,"containers":[{"name":"app","exitCode":1}]}"#, "migration-failed"),
            (
                #"{"lastStatus":"STOPPED","startedAt":1,"containers":[{"name":"side","exitCode":0},{"name":"app","exitCode":2}]}"#,
                "migration-failed"
            ),
            (#"{"lastStatus":"STOPPED","startedAt":1,"containers":[{"name":"app"}]}"#, "schema-undecided"),
            (#"{"lastStatus":"STOPPED","containers":[{"name":"app"}]}"#, "migration-not-started"),
            (
                #"{"lastStatus":"STOPPED","stopCode":"TaskFailedToStart","stoppedReason":"CannotPullContainerError: x","containers":[{"name":"app"}]}"#,
                "migration-not-started"
            ),
            (
                #"{"lastStatus":"STOPPED","startedAt":1,"containers":[{"name":"side","exitCode":0}]}"#,
                "schema-undecided"
            ),
            (
                #"{"lastStatus":"STOPPED","startedAt":1,"stopCode":"UserInitiated","containers":[{"name":"app","exitCode":0}]}"#,
                "schema-undecided"
            ),
            (
                #"{"lastStatus":"STOPPED","startedAt":1,"stopCode":"SpotInterruption","containers":[{"name":"app","exitCode":0}]}"#,
                "schema-undecided"
            ),
        ])
    func migration(json: String, expected: String) throws {
        #expect(try Self.verdict(json) == expected)
    }

    @Test(
        "a sidecar that fails is forgiven where it is not essential, or where the migration says where it has come to")
    func forgivenSidecar() throws {
        let task = try Self.task(
            #"{"lastStatus":"STOPPED","startedAt":1,"containers":[{"name":"app","exitCode":0},{"name":"log","exitCode":1}]}"#
        )
        #expect(MigrationEnd(task, container: "app", optional: ["log"], log: LogTail())?.way == .exited(0))
        let said = LogTail(answer: .version("2", isDirty: false))
        #expect(MigrationEnd(task, container: "app", log: said)?.way == .exited(0))
        #expect(MigrationEnd(task, container: "app", log: LogTail())?.way != .exited(0))
    }

    @Test("a command that a person stopped is no success, whether ECS tells a stop code or a reason alone")
    func stoppedCommand() throws {
        for members in [#""stopCode":"UserInitiated""#, #""stoppedReason":"Task stopped by user""#] {
            let task = try Self.task(
                #"{"lastStatus":"STOPPED","startedAt":1,\#(members),"containers":[{"name":"app","exitCode":0}]}"#)
            let verdict = CommandVerdict.judge(
                task, container: "app", of: ResourceID("command", "web"), command: "up", log: LogTail())
            #expect(verdict.failure?.code == .commandUndecided)
        }
    }

    @Test("a task with two containers of one name is no evidence")
    func twins() {
        #expect(throws: AWSError.self) {
            try Self.task(
                #"{"lastStatus":"STOPPED","containers":[{"name":"app","exitCode":0},{"name":"app","exitCode":1}]}"#)
        }
    }

    @Test("a migration that was cut off may be run again only where the manifest says so")
    func cutOff() throws {
        let json =
            #"{"lastStatus":"STOPPED","startedAt":1,"stopCode":"SpotInterruption","containers":[{"name":"app"}]}"#
        #expect(try Self.verdict(json) == "schema-undecided")
        #expect(try Self.verdict(json, rerunnable: true) == "migration-failed")
    }

    static func service(_ deployments: String, desired: Int = 2) throws -> ECSService {
        try ECSService(
            JSON.parse(
                #"{"serviceName":"web","serviceArn":"a","clusterArn":"c","status":"ACTIVE","taskDefinition":"td:2","desiredCount":\#(desired),"runningCount":2,"pendingCount":0,"deployments":[\#(deployments)]}"#
            ), AnswerReader(operation: "test", secrets: Secrets()))
    }

    static func rollout(_ deployments: String, stale: Bool = false) throws -> RolloutVerdict {
        RolloutVerdict.judge(try service(deployments), wanted: "td:2", previous: "td:1", maySeeStale: stale)
    }

    static func deployment(_ status: String, _ revision: String, _ state: String?, running: Int = 0) -> String {
        let state = state.map { #","rolloutState":"\#($0)""# } ?? ""
        return
            #"{"id":"\#(revision)","status":"\#(status)","taskDefinition":"\#(revision)","runningCount":\#(running),"pendingCount":0,"desiredCount":2\#(state)}"#
    }

    @Test("on a rollout")
    func rollouts() throws {
        func new(_ state: String?, running: Int = 2) -> String {
            Self.deployment("PRIMARY", "td:2", state, running: running)
        }
        let old = Self.deployment("ACTIVE", "td:1", "COMPLETED", running: 1)
        #expect(try Self.rollout(new("COMPLETED")) == .completed)
        #expect(
            try Self.rollout(new("COMPLETED") + "," + old) == .inProgress("2 of 2 new tasks running, 1 old to stop"))
        #expect(try Self.rollout(new("IN_PROGRESS", running: 1)) == .inProgress("1 of 2 new tasks running"))
        #expect(try Self.rollout(new("FAILED")) == .failed(reason: "0 tasks failed", rolledBackTo: nil))
        #expect(try Self.rollout(new("PONDERING")) == .inProgress("rollout state PONDERING"))
        #expect(try Self.rollout("") == .inProgress("the service shows no primary deployment"))
        // Behind a Classic Load Balancer there is no rollout state: counts are the evidence.
        #expect(try Self.rollout(new(nil)) == .completed)
        #expect(try Self.rollout(new(nil, running: 1)) == .inProgress("1 of 2 new tasks running"))
        #expect(try Self.rollout(new(nil) + "," + Self.deployment("ACTIVE", "td:1", nil)) != .completed)
    }

    @Test("a count that was set after the update is not waited for, and one that a look may not show yet is")
    func counts() throws {
        func counting(desired: Int, maySeeStale: Bool) throws -> RolloutVerdict {
            RolloutVerdict.counting(try Self.service("", desired: desired), to: 2, maySeeStale: maySeeStale)
        }
        for maySeeStale in [false, true] { #expect(try counting(desired: 2, maySeeStale: maySeeStale) == .completed) }
        #expect(try counting(desired: 3, maySeeStale: false) == .completed)
        #expect(try counting(desired: 3, maySeeStale: true) == .inProgress("2 of 2 tasks running"))
    }

    @Test("a circuit breaker's roll-back is a failure, a foreign revision a replacement, a stale read neither")
    func otherRevision() throws {
        let back = Self.deployment("PRIMARY", "td:1", "IN_PROGRESS", running: 2)
        let failed = Self.deployment("ACTIVE", "td:2", "FAILED")
        #expect(try Self.rollout(back + "," + failed) == .failed(reason: "0 tasks failed", rolledBackTo: "td:1"))
        #expect(try Self.rollout(back) == .failed(reason: "", rolledBackTo: "td:1"))
        #expect(try Self.rollout(back, stale: true) == .unseen("the update is not visible yet"))
        #expect(try Self.rollout(Self.deployment("PRIMARY", "td:9", "COMPLETED")) == .replaced(by: "td:9"))
    }
}
