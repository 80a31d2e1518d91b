import JSON
import Testing

@testable import Sandbox

@Suite struct ListingTests {
    @Test(arguments: ["family", "serviceName", "launchType", "desiredStatus"])
    func `startedBy must be the only filter`(other: String) throws {
        var world = try World()
        let fault = world.refusal(
            "ListTasks", ["cluster": "prod", "startedBy": "me", .init(stringLiteral: other): "RUNNING"])
        #expect(fault?.code == "InvalidParameterException")
    }

    @Test func `without a status only tasks that are wanted running are listed`() throws {
        var world = try World()
        let revision = try world.register()
        let stopped = try world.runTask(revision, ["startedBy": "me"])
        let running = try world.runTask(revision, ["startedBy": "me"])
        try world.call("StopTask", ["cluster": "prod", "task": .string(stopped)])
        #expect(try world.tasks(["startedBy": "me"]) == [running])
        #expect(try world.tasks(["family": "web", "desiredStatus": "STOPPED"]) == [stopped])
        #expect(try world.tasks(["desiredStatus": "PENDING"]) == [])
    }

    @Test func `a stopped task is shown for an hour and is MISSING then`() throws {
        var world = try World()
        let arn = try world.runTask(try world.register())
        try world.call("StopTask", ["cluster": "prod", "task": .string(arn)])
        world.pass(3_600_000)
        #expect(try world.task(arn)["lastStatus"] == "STOPPED")
        world.pass(1_000)
        let answer = try world.call("DescribeTasks", ["cluster": "prod", "tasks": [.string(arn)]])
        #expect(answer["tasks"] == [])
        #expect(answer["failures"] == [["arn": .string(arn), "reason": "MISSING"]])
    }

    @Test func `batches are bounded as AWS bounds them`() throws {
        var world = try World()
        let tasks = JSON((0...100).map(String.init))
        #expect(
            world.refusal("DescribeTasks", ["cluster": "prod", "tasks": tasks])?.code == "InvalidParameterException")
        let services = JSON((0...10).map(String.init))
        #expect(
            world.refusal("DescribeServices", ["cluster": "prod", "services": services])?.code
                == "InvalidParameterException")
    }

    @Test func `what does not exist is refused or missing as AWS has it`() throws {
        var world = try World()
        try world.register()
        let nowhere: JSON = ["cluster": "nowhere", "services": ["web"]]
        #expect(world.refusal("DescribeServices", nowhere)?.code == "ClusterNotFoundException")
        let answer = try world.call("DescribeServices", ["cluster": "prod", "services": ["web"]])
        #expect(answer["failures"]?.elements.first?["reason"] == "MISSING")
        #expect(
            world.refusal("UpdateService", ["cluster": "prod", "service": "web"])?.code == "ServiceNotFoundException")
        #expect(world.refusal("RunTask", World.run("nothing"))?.message == "TaskDefinition not found.")
        #expect(
            world.refusal("DescribeTaskDefinition", ["taskDefinition": "nothing"])?.message
                == "Unable to describe task definition.")
        #expect(world.refusal("ExecuteCommand", [:])?.code == "UnknownOperationException")
    }

    @Test func `pages follow each other and hold every task once`() throws {
        var world = try World()
        let revision = try world.register()
        for _ in 0..<3 { try world.call("RunTask", World.run(revision, ["count": 10])) }
        var found: [String] = []
        var token: JSON?
        repeat {
            let answer = try world.call(
                "ListTasks", .object(dropping: ["cluster": "prod", "maxResults": 7, "nextToken": token]))
            found += answer["taskArns"]?.elements.compactMap(\.string) ?? []
            token = answer["nextToken"]
        } while token != nil
        #expect(found.count == 30)
        #expect(Set(found).count == 30)
    }

    @Test func `a member of a wrong type is refused`() throws {
        var world = try World()
        let fault = world.refusal("DescribeServices", ["cluster": "prod", "services": "web"])
        #expect(fault?.code == "SerializationException")
    }
}
