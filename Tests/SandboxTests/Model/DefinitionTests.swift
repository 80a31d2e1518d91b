import JSON
import Testing

@testable import Sandbox

@Suite struct DefinitionTests {
    @Test func `revision numbers only grow also after a deregistration`() throws {
        var world = try World()
        try world.register()
        let second = try world.register()
        try world.call("DeregisterTaskDefinition", ["taskDefinition": .string(second)])
        #expect(try world.register().hasSuffix(":task-definition/web:3"))
    }

    @Test func `a family alone means its newest active revision`() throws {
        var world = try World()
        let first = try world.register()
        let second = try world.register()
        try world.call("DeregisterTaskDefinition", ["taskDefinition": "web:2"])
        func described(_ name: String) throws -> JSON? {
            try world.call("DescribeTaskDefinition", ["taskDefinition": .string(name)])["taskDefinition"]
        }
        #expect(try described("web")?["taskDefinitionArn"]?.string == first)
        #expect(try described(second)?["status"] == "INACTIVE")
    }

    @Test func `an inactive revision is refused wherever it would be run`() throws {
        var world = try World()
        let first = try world.register()
        let second = try world.register()
        try world.call("CreateService", World.service(first))
        try world.call("DeregisterTaskDefinition", ["taskDefinition": .string(second)])
        var other = World.service(second)
        other["serviceName"] = "other"
        for (operation, input) in [
            ("RunTask", World.run(second)), ("CreateService", other),
            ("UpdateService", ["cluster": "prod", "service": "web", "taskDefinition": .string(second)]),
        ] {
            let fault = world.refusal(operation, input)
            #expect(fault == ECSFault("ClientException", "TaskDefinition is inactive"))
        }
    }

    @Test func `the server fills in its defaults`() throws {
        var world = try World()
        try world.register("web", image: "web:1", ["portMappings": [["containerPort": 80]]])
        let answer = try world.call("DescribeTaskDefinition", ["taskDefinition": "web", "include": ["TAGS"]])
        let container = answer["taskDefinition"]?["containerDefinitions"]?.elements.first
        #expect(container?["essential"] == true)
        #expect(container?["cpu"] == 0)
        #expect(container?["environment"] == [])
        #expect(container?["portMappings"] == [["containerPort": 80, "hostPort": 80, "protocol": "tcp"]])
        #expect(answer["taskDefinition"]?["status"] == "ACTIVE")
        #expect(answer["taskDefinition"]?["registeredAt"]?.double == Double(World.birth) / 1_000)
        #expect(answer["tags"] == [])
    }

    @Test func `tags stand beside the definition and are shown when asked for`() throws {
        var world = try World()
        let answer = try world.call(
            "RegisterTaskDefinition",
            [
                "family": "web", "containerDefinitions": [["name": "app", "image": "web:1"]],
                "tags": [["key": "a", "value": "1"]],
            ])
        #expect(answer["tags"] == [["key": "a", "value": "1"]])
        #expect(answer["taskDefinition"]?["tags"] == nil)
        #expect(try world.call("DescribeTaskDefinition", ["taskDefinition": "web"])["tags"] == nil)
    }

    @Test func `tags are set, replaced, removed and listed by ARN`() throws {
        var world = try World()
        let arn = try world.register()
        let tags: JSON = [["key": "a", "value": "1"], ["key": "b", "value": "2"]]
        try world.call("TagResource", ["resourceArn": .string(arn), "tags": tags])
        try world.call("TagResource", ["resourceArn": .string(arn), "tags": [["key": "a", "value": "3"]]])
        try world.call("UntagResource", ["resourceArn": .string(arn), "tagKeys": ["b"]])
        let answer = try world.call("ListTagsForResource", ["resourceArn": .string(arn)])
        #expect(answer["tags"] == [["key": "a", "value": "3"]])
    }

    @Test func `a family's revisions are listed newest first on request and no other family's`() throws {
        var world = try World()
        for _ in 0..<3 { try world.register("web") }
        try world.register("web2")
        let answer = try world.call(
            "ListTaskDefinitions", ["familyPrefix": "web", "sort": "DESC", "maxResults": 2])
        let names = answer["taskDefinitionArns"]?.elements.compactMap { $0.string?.split(separator: "/").last }
        #expect(names == ["web:3", "web:2"])
        #expect(answer["nextToken"] != nil)
        #expect(try world.call("ListTaskDefinitionFamilies", [:])["families"] == ["web", "web2"])
    }

    private static let refused: [Refused] = [
        Refused([:], "Family"),
        Refused(["family": "a b"], "family"),
        Refused(["family": "web"], "Container list"),
        Refused(["family": "web", "containerDefinitions": []], "Container list"),
        Refused(["family": "web", "containerDefinitions": [["image": "a"]]], "name"),
        Refused(["family": "web", "containerDefinitions": [["name": "a"]]], "image"),
        Refused(
            ["family": "web", "containerDefinitions": [["name": "a", "image": "a"], ["name": "a", "image": "b"]]],
            "unique"),
        Refused(
            ["family": "web", "containerDefinitions": [["name": "a", "image": "a", "essential": false]]], "essential"),
        Refused(
            [
                "family": "web", "containerDefinitions": [["name": "a", "image": "a"]],
                "requiresCompatibilities": ["FARGATE"],
            ], "awsvpc"),
    ]

    @Test(arguments: refused)
    func `what cannot be run cannot be registered`(refused: Refused) throws {
        var world = try World()
        let fault = world.refusal("RegisterTaskDefinition", refused.input)
        #expect(fault?.code == "ClientException")
        #expect(fault?.message.contains(refused.text) == true)
        #expect(try world.call("ListTaskDefinitions", [:])["taskDefinitionArns"] == [])
    }
}
