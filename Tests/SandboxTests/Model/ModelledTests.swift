import JSON
import Testing

@testable import Sandbox

/// What the model cannot play it refuses: it drops nothing.
@Suite struct ModelledTests {
    private static let unmodelled: [(more: JSON, named: String)] = [
        (["deploymentConfiguration": ["strategyOfTomorrow": 1]], "deploymentConfiguration.strategyOfTomorrow"),
        (
            ["deploymentConfiguration": ["deploymentCircuitBreaker": ["enable": true, "resetOnHealthyTask": false]]],
            "deploymentConfiguration.deploymentCircuitBreaker.resetOnHealthyTask"
        ),
        (["serviceConnectConfiguration": ["enabled": true]], "serviceConnectConfiguration"),
        (["vpcLatticeConfigurations": [["roleArn": "r"]]], "vpcLatticeConfigurations"),
        (
            ["networkConfiguration": ["awsvpcConfiguration": ["subnets": ["s"], "ipv6": true]]],
            "networkConfiguration.awsvpcConfiguration.ipv6"
        ),
        (
            ["capacityProviderStrategy": [["capacityProvider": "FARGATE"], ["capacityProvider": "S", "spot": 1]]],
            "capacityProviderStrategy[1].spot"
        ),
        (["tokens": "x"], "tokens"),
    ]

    private static func with(_ input: JSON, _ more: JSON) -> JSON {
        var input = input
        for member in more.object?.members ?? [] { input[member.key] = member.value }
        return input
    }

    private static func refusal(_ named: String) -> ECSFault { .client("\(named) is not modelled by the sandbox.") }

    @Test(arguments: unmodelled) func `a service is neither made nor changed with what is not modelled`(
        more: JSON, named: String
    ) throws {
        var world = try World()
        try world.register()
        let creation = Self.with(World.service("web"), more)
        #expect(world.refusal("CreateService", creation) == Self.refusal(named))
        try world.call("CreateService", World.service("web"))
        let before = try world.service()
        let update = Self.with(["cluster": "prod", "service": "web", "desiredCount": 5], more)
        #expect(world.refusal("UpdateService", update) == Self.refusal(named))
        #expect(try world.service() == before)
    }

    @Test(
        arguments: [
            (["deploymentController": ["type": "CODE_DEPLOY"]], "deploymentController.type CODE_DEPLOY"),
            (["deploymentController": ["type": "EXTERNAL"]], "deploymentController.type EXTERNAL"),
            (["schedulingStrategy": "DAEMON"], "schedulingStrategy DAEMON"),
        ] as [(JSON, String)])
    func `a service is not made as what is not modelled`(more: JSON, named: String) throws {
        var world = try World()
        try world.register()
        #expect(world.refusal("CreateService", Self.with(World.service("web"), more)) == Self.refusal(named))
    }

    @Test(
        arguments: [
            (
                ["overrides": ["inferenceAcceleratorOverrides": [["deviceName": "d"]]]],
                "overrides.inferenceAcceleratorOverrides"
            ),
            (
                ["overrides": ["containerOverrides": [["name": "app", "environmentFiles": [["value": "s3"]]]]]],
                "overrides.containerOverrides[0].environmentFiles"
            ),
            (["desiredCount": 2], "desiredCount"),
        ] as [(JSON, String)])
    func `a task is not run with what is not modelled`(more: JSON, named: String) throws {
        var world = try World()
        try world.register()
        #expect(world.refusal("RunTask", World.run("web", more)) == Self.refusal(named))
        #expect(try world.tasks().isEmpty)
    }

    @Test func `what is empty or as the model plays it is no reason to refuse`() throws {
        var world = try World()
        try world.register()
        var service = World.service("web", ["strategy": "ROLLING", "lifecycleHooks": []])
        for (key, value) in [
            "deploymentController": ["type": "ECS"], "schedulingStrategy": "REPLICA", "vpcLatticeConfigurations": [],
            "serviceConnectConfiguration": .null, "placementStrategy": [["type": "spread"]],
        ] as [String: JSON] {
            service[key] = value
        }
        try world.call("CreateService", service)
        world.pass(2_000)
        // As it is shown it may be sent back.
        let shown = try #require(try world.service()["deploymentConfiguration"])
        try world.call("UpdateService", ["cluster": "prod", "service": "web", "deploymentConfiguration": shown])
        let overrides: JSON = ["containerOverrides": [["name": "app", "command": ["x"]]], "taskRoleArn": "r"]
        _ = try world.runTask("web", ["overrides": overrides, "placementConstraints": [["type": "distinctInstance"]]])
    }
}
