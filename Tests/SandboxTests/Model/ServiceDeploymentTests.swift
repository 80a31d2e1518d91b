import JSON
import Testing

@testable import Sandbox

/// (ECS API Reference, ServiceDeployment; ECS Developer Guide, "Amazon ECS blue/green service deployments workflow".)
@Suite struct ServiceDeploymentTests {
    /// A service that is deployed so, with its second revision just asked for.
    private func updated(_ configuration: JSON, hook: @escaping (HookCall) -> HookAnswer = { _ in .succeeded }) throws
        -> World
    {
        var world = try World()
        world.hook = hook
        try world.register()
        try world.call("CreateService", World.service("web", configuration))
        world.pass(2_000)
        try world.update(image: "web:2")
        return world
    }

    private static let blueGreen: JSON = ["strategy": "BLUE_GREEN", "bakeTimeInMinutes": 2]

    @Test func `the first deployment of a service replaces nothing, and has no stages`() throws {
        var world = try World()
        try world.register()
        try world.call("CreateService", World.service("web", Self.blueGreen))
        #expect(try world.deployment()["status"] == "PENDING")
        world.pass(100)
        #expect(try world.deployment()["status"] == "IN_PROGRESS")
        #expect(try world.deployment()["lifecycleStage"] == nil)
        world.pass(5_000)
        #expect(try world.deployment()["status"] == "SUCCESSFUL")
        #expect(try world.service()["currentServiceDeployment"] == nil)
    }

    @Test func `blue/green goes through the stages, and old tasks stay until the bake is over`() throws {
        var world = try updated(Self.blueGreen)
        var stages: [String] = []
        var shares: [Double] = []
        for _ in 0..<6_000 {
            world.pass(1)
            let deployment = try world.deployment()
            if let stage = deployment["lifecycleStage"]?.string, stage != stages.last { stages.append(stage) }
            let share = deployment["targetServiceRevision"]?["requestedProductionTrafficWeight"]?.double ?? -1
            if share != shares.last { shares.append(share) }
            let old = try world.deployments().dropFirst().first?["runningCount"]?.integer ?? 0
            if let last = stages.last, last != "CLEAN_UP" {
                #expect(old == 2, "at \(last)")
                #expect(try world.primary()["rolloutState"] == "IN_PROGRESS")
            }
        }
        #expect(
            stages == [
                "PRE_SCALE_UP", "SCALE_UP", "POST_SCALE_UP", "TEST_TRAFFIC_SHIFT", "POST_TEST_TRAFFIC_SHIFT",
                "PRODUCTION_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT", "BAKE_TIME", "CLEAN_UP",
            ])
        #expect(shares == [0, 100])
        #expect(try world.deployment()["status"] == "SUCCESSFUL")
        #expect(try world.primary()["rolloutState"] == "COMPLETED")
        #expect(try world.deployments().count == 1)
    }

    @Test(
        arguments: [
            (
                ["strategy": "CANARY", "canaryConfiguration": ["canaryPercent": 5, "canaryBakeTimeInMinutes": 3]],
                [5, 100], 3_000
            ),
            (
                ["strategy": "LINEAR", "linearConfiguration": ["stepPercent": 40, "stepBakeTimeInMinutes": 1]],
                [40, 80, 100], 2_000
            ),
        ] as [(JSON, [Double], Int)])
    func `traffic moves in steps, with a bake after each but the last`(
        configuration: JSON, expected: [Double], least: Int
    ) throws {
        var world = try updated(configuration)
        var moments: [(Double, Int)] = []
        for _ in 0..<8_000 {
            world.pass(1)
            let share = try world.share()
            if share > 0, share != moments.last?.0 { moments.append((share, world.now)) }
        }
        #expect(moments.map(\.0) == expected)
        #expect((moments.last?.1 ?? 0) - (moments.first?.1 ?? 0) == least)
        #expect(try world.deployment()["status"] == "SUCCESSFUL")
    }

    private static func hooked(_ hook: JSON) -> JSON {
        ["strategy": "BLUE_GREEN", "bakeTimeInMinutes": 0, "lifecycleHooks": [hook]]
    }
    private static let lambda = hooked([
        "targetType": "AWS_LAMBDA", "hookTargetArn": "arn:aws:lambda:us-east-1:1:function:check",
        "roleArn": "arn:aws:iam::1:role/hook", "lifecycleStages": ["POST_TEST_TRAFFIC_SHIFT"],
    ])
    private static func pause(_ action: String) -> JSON {
        hooked([
            "targetType": "PAUSE", "lifecycleStages": ["POST_TEST_TRAFFIC_SHIFT"],
            "timeoutConfiguration": ["timeoutInMinutes": 10, "action": .string(action)],
        ])
    }

    @Test func `a function holds the stage until it has succeeded`() throws {
        var answers: [HookAnswer] = [.inProgress(seconds: 60), .inProgress(seconds: 60), .succeeded]
        var world = try updated(Self.lambda) { _ in answers.removeFirst() }
        world.pass(1_500)
        #expect(try world.deployment()["lifecycleStage"] == "POST_TEST_TRAFFIC_SHIFT")
        #expect(try world.waiting()["status"] == "IN_PROGRESS")
        world.pass(3_000)
        #expect(try world.deployment()["status"] == "SUCCESSFUL")
        #expect(answers.isEmpty)
    }

    @Test func `a function that fails rolls the deployment back`() throws {
        var world = try updated(Self.lambda) { _ in .failed }
        world.pass(5_000)
        #expect(try world.deployment()["status"] == "ROLLBACK_SUCCESSFUL")
        #expect(try world.deployment()["rollback"]?["reason"]?.string?.contains("lifecycle hook") == true)
        #expect(try world.primary()["taskDefinition"]?.string?.hasSuffix("web:1") == true)
        #expect(try world.primary()["rolloutState"] == "COMPLETED")
    }

    @Test(arguments: [("CONTINUE", "SUCCESSFUL"), ("ROLLBACK", "ROLLBACK_SUCCESSFUL")])
    func `a pause waits for a person, or for its time-out`(action: String, end: String) throws {
        var world = try updated(Self.pause(action))
        world.pass(3_000)
        #expect(try world.deployment()["lifecycleStage"] == "POST_TEST_TRAFFIC_SHIFT")
        #expect(try world.waiting()["status"] == "AWAITING_ACTION")
        #expect(try world.waiting()["timeoutAction"] == .string(action))
        var timedOut = world
        timedOut.pass(12_000)
        #expect(try timedOut.deployment()["status"] == .string(end))
        let input: JSON = [
            "serviceDeploymentArn": try world.deployment()["serviceDeploymentArn"] ?? "",
            "hookId": try world.waiting()["hookId"] ?? "", "action": .string(action),
        ]
        try world.call("ContinueServiceDeployment", input)
        world.pass(3_000)
        #expect(try world.deployment()["status"] == .string(end))
        #expect(world.refusal("ContinueServiceDeployment", input) != nil)
    }

    @Test(arguments: [(true, "ROLLBACK_SUCCESSFUL", "web:1"), (false, "STOPPED", "web:2")])
    func `an alarm in the bake ends the deployment`(rollsBack: Bool, end: String, revision: String) throws {
        var configuration = Self.blueGreen
        configuration["alarms"] = ["alarmNames": ["errors"], "enable": true, "rollback": .bool(rollsBack)]
        var world = try updated(configuration)
        world.pass(1_500)
        #expect(try world.deployment()["lifecycleStage"] == "BAKE_TIME")
        #expect(try world.deployment()["alarms"]?["status"] == "MONITORING")
        world.model.ecs.sound(["errors"], at: world.now)
        world.pass(3_000)
        #expect(try world.deployment()["status"] == .string(end))
        #expect(try world.deployment()["alarms"]?["triggeredAlarmNames"] == ["errors"])
        #expect(try world.primary()["taskDefinition"]?.string?.hasSuffix(revision) == true)
    }

    @Test(arguments: [Self.blueGreen, World.breaker])
    func `a person rolls a deployment back, whatever its strategy`(configuration: JSON) throws {
        var world = try updated(configuration)
        world.pass(200)
        let arn = try world.deployment()["serviceDeploymentArn"] ?? ""
        try world.call("StopServiceDeployment", ["serviceDeploymentArn": arn, "stopType": "ROLLBACK"])
        #expect(try world.deployment()["status"] == "ROLLBACK_REQUESTED")
        world.pass(21)
        #expect(try world.deployment()["status"] == "ROLLBACK_IN_PROGRESS")
        world.pass(3_000)
        #expect(try world.deployment()["status"] == "ROLLBACK_SUCCESSFUL")
        #expect(try world.primary()["taskDefinition"]?.string?.hasSuffix("web:1") == true)
        #expect(world.refusal("StopServiceDeployment", ["serviceDeploymentArn": arn])?.code == "ConflictException")
    }

    @Test(arguments: [Self.blueGreen, World.breaker])
    func `a new deployment stops the one that is under way`(configuration: JSON) throws {
        var world = try updated(configuration)
        world.pass(200)
        let first = try world.deployment()["serviceDeploymentArn"] ?? ""
        try world.update(image: "web:3")
        let overtaken = try world.deployment(first)
        #expect(overtaken["status"] == "STOPPED")
        #expect(overtaken["statusReason"]?.string?.contains("new service deployment") == true)
        world.pass(9_000)
        #expect(try world.deployment()["status"] == "SUCCESSFUL")
        #expect(try world.primary()["taskDefinition"]?.string?.hasSuffix("web:3") == true)
        #expect(try world.deployments().count == 1)
    }

    @Test func `a rolling deployment bakes, too`() throws {
        var world = try updated(["bakeTimeInMinutes": 2])
        world.pass(2_000)
        #expect(try world.deployments().count == 1)
        #expect(try world.deployment()["lifecycleStage"] == "BAKE_TIME")
        #expect(try world.primary()["rolloutState"] == "IN_PROGRESS")
        world.pass(2_000)
        #expect(try world.primary()["rolloutState"] == "COMPLETED")
    }

    @Test func `early success may leave old tasks running`() throws {
        var world = try updated([
            "minimumHealthyPercent": 50, "maximumPercent": 150,
            "earlySuccessCriteria": [
                "enable": true, "healthyPercent": 50, "sourceServiceRevisionCleanup": "DEFERRED",
            ],
        ])
        for _ in 0..<2_000 {
            world.pass(1)
            guard try world.primary()["rolloutState"] == "COMPLETED" else { continue }
            #expect(world.model.ecs.clusters["prod"]?.livingTasks(of: "web").count ?? 0 > 2)
            #expect(try world.deployment()["status"] == "SUCCESSFUL")
            break
        }
        world.pass(2_000)
        #expect(try world.deployments().count == 1)
    }

    @Test func `what a deployment has run is known after its end`() throws {
        var world = try updated(World.breaker)
        let first = try world.deployment()
        world.pass(3_000)
        try world.update(image: "web:3")
        world.pass(3_000)
        let arn = first["targetServiceRevision"]?["arn"] ?? ""
        let revisions = try world.call("DescribeServiceRevisions", ["serviceRevisionArns": [arn]])
        #expect(revisions["serviceRevisions"]?.elements.first?["taskDefinition"]?.string?.hasSuffix("web:2") == true)
        let listed = try world.call(
            "ListServiceDeployments",
            ["cluster": "prod", "service": "web", "createdAt": ["after": first["createdAt"] ?? 0], "maxResults": 1])
        #expect(listed["serviceDeployments"]?.elements.count == 1)
        #expect(listed["nextToken"] != nil)
    }

    @Test func `a deployment goes on after a restart`() throws {
        var world = try updated(Self.blueGreen)
        world.pass(1_500)
        let before = try world.deployment()
        let model = try #require(
            ECSModel(snapshot: world.model.ecs.snapshot, incarnation: "next", limits: Limits(), at: world.now))
        world.model = AWSModel(ecs: model)
        #expect(try world.deployment()["lifecycleStage"] == before["lifecycleStage"])
        #expect(try world.deployment()["serviceDeploymentArn"] == before["serviceDeploymentArn"])
        world.pass(5_000)
        #expect(try world.deployment()["status"] == "SUCCESSFUL")
    }
}

extension World {
    /// A new revision, and the service moved to it.
    fileprivate mutating func update(image: String) throws {
        let revision = try register(image: image)
        try call("UpdateService", ["cluster": "prod", "service": "web", "taskDefinition": .string(revision)])
    }

    /// The newest service deployment, or the one of an ARN.
    fileprivate mutating func deployment(_ arn: JSON? = nil) throws -> JSON {
        let listed = try call("ListServiceDeployments", ["cluster": "prod", "service": "web"])
        let newest = listed["serviceDeployments"]?.elements.first?["serviceDeploymentArn"]
        let answer = try call("DescribeServiceDeployments", ["serviceDeploymentArns": [arn ?? newest ?? ""]])
        return try #require(answer["serviceDeployments"]?.elements.first)
    }

    fileprivate mutating func waiting() throws -> JSON {
        try deployment()["lifecycleHookDetails"]?.elements.first ?? [:]
    }

    fileprivate mutating func share() throws -> Double {
        try deployment()["targetServiceRevision"]?["requestedProductionTrafficWeight"]?.double ?? 0
    }
}
