import JSON
import Testing

@testable import Sandbox

@Suite struct RunTaskTokenTests {
    private let hour = 3_600_000

    @Test func `the same token with the same parameters answers with the same task`() throws {
        var world = try World()
        let revision = try world.register()
        let first = try world.runTask(revision, ["clientToken": "t"])
        world.pass(50)
        #expect(try world.runTask(revision, ["clientToken": "t"]) == first)
        #expect(try world.tasks() == [first])
    }

    @Test func `the same token with other parameters is a conflict that names the task`() throws {
        var world = try World()
        let revision = try world.register()
        let first = try world.runTask(revision, ["clientToken": "t"])
        let fault = world.refusal("RunTask", World.run(revision, ["clientToken": "t", "group": "other"]))
        #expect(fault?.code == "ConflictException")
        #expect(fault?.json["resourceIds"] == [.string(first)])
        #expect(try world.tasks().count == 1)
    }

    @Test func `a token of another cluster is another token`() throws {
        var world = try World()
        let revision = try world.register()
        try world.call("CreateCluster", ["clusterName": "other"])
        let first = try world.runTask(revision, ["clientToken": "t"])
        #expect(try world.runTask(revision, ["clientToken": "t", "cluster": "other"]) != first)
    }

    @Test func `of a task that has stopped the repeat tells no more than its states`() throws {
        var world = try World()
        world.behaviours["db-migrate"] = .exits(0, after: 20)
        let revision = try world.register(image: "web:1", ["command": ["db-migrate"]])
        let first = try world.runTask(revision, ["clientToken": "t"])
        world.pass(10_000)
        let answer = try world.call("RunTask", World.run(revision, ["clientToken": "t"]))
        #expect(
            answer["tasks"] == [["taskArn": .string(first), "lastStatus": "STOPPED", "desiredStatus": "STOPPED"]])
    }

    @Test func `an hour after its task stopped a token starts a new task`() throws {
        var world = try World()
        world.behaviours["db-migrate"] = .exits(0, after: 20)
        let revision = try world.register(image: "web:1", ["command": ["db-migrate"]])
        let first = try world.runTask(revision, ["clientToken": "t"])
        world.pass(hour)
        #expect(try world.runTask(revision, ["clientToken": "t"]) == first)
        world.pass(1_000)
        #expect(try world.runTask(revision, ["clientToken": "t"]) != first)
    }

    @Test func `a day after its call a token starts a new task although the first one lives`() throws {
        var world = try World()
        let revision = try world.register()
        let first = try world.runTask(revision, ["clientToken": "t"])
        world.pass(24 * hour - 1)
        #expect(try world.runTask(revision, ["clientToken": "t"]) == first)
        world.pass(1)
        #expect(try world.runTask(revision, ["clientToken": "t"]) != first)
    }

    @Test func `a call that launched nothing for want of capacity does not bind its token`() throws {
        var limits = Limits()
        limits.capacity = 0
        var world = try World(limits: limits)
        let revision = try world.register()
        let answer = try world.call("RunTask", World.run(revision, ["clientToken": "t"]))
        #expect(answer["tasks"] == [])
        #expect(answer["failures"]?.elements.first?["reason"]?.string?.hasPrefix("Capacity is unavailable") == true)
        world.model.ecs.limits.capacity = nil
        #expect(try world.call("RunTask", World.run(revision, ["clientToken": "t"]))["tasks"]?.elements.count == 1)
    }

    private static let refused: [Refused] = [
        Refused(["clientToken": .string(String(repeating: "a", count: 65))], "clientToken"),
        Refused(["clientToken": "ä"], "clientToken"),
        Refused(["startedBy": "a b"], "startedBy"),
        Refused(["startedBy": .string(String(repeating: "a", count: 129))], "startedBy"),
        Refused(["count": 0], "Count"),
        Refused(["count": 11], "Count"),
        Refused(["propagateTags": "NONE"], "propagateTags"),
        Refused(["capacityProviderStrategy": [["capacityProvider": "FARGATE"]]], "launch type"),
        Refused(["networkConfiguration": .null], "Network Configuration must be provided"),
        Refused(
            ["overrides": ["containerOverrides": [["name": "x"]]]],
            "Override for container named x is not a container in the TaskDefinition."),
        Refused(["tags": [["key": "aws:x", "value": ""]]], "reserved"),
        Refused(["tags": [["key": .string(String(repeating: "k", count: 129)), "value": ""]]], "128"),
    ]

    @Test(arguments: refused)
    func `what RunTask does not take is an InvalidParameterException`(refused: Refused) throws {
        var world = try World()
        let fault = world.refusal("RunTask", World.run(try world.register(), refused.input))
        #expect(fault?.code == "InvalidParameterException")
        #expect(fault?.message.contains(refused.text) == true)
        #expect(try world.tasks().isEmpty)
    }

    @Test func `tags of the request stand above those of the definition`() throws {
        var world = try World()
        let revision = try world.register()
        try world.call(
            "TagResource",
            ["resourceArn": .string(revision), "tags": [["key": "a", "value": "1"], ["key": "b", "value": "2"]]])
        let arn = try world.runTask(
            revision, ["propagateTags": "TASK_DEFINITION", "tags": [["key": "a", "value": "9"]]])
        #expect(try world.task(arn)["tags"] == [["key": "a", "value": "9"], ["key": "b", "value": "2"]])
    }
}
