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

    private static let ofOtherTypes: [Refused] = [
        Refused(["cpu": 256], "cpu must be of type String"),
        Refused(
            ["containerDefinitions": [["name": "a", "image": "a", "memory": "512"]]], "memory must be of type Integer"),
        Refused(
            ["containerDefinitions": [["name": "a", "image": "a", "essential": "true"]]],
            "essential must be of type Boolean"),
        Refused(
            ["containerDefinitions": [["name": "a", "image": "a", "command": "x"]]], "command must be of type List"),
        Refused(
            ["containerDefinitions": [["name": "a", "image": "a", "secrets": [:]]]], "secrets must be of type List"),
    ]

    @Test(arguments: ofOtherTypes)
    func `a member of another type is not read`(refused: Refused) throws {
        var world = try World()
        var input: JSON = ["family": "web", "containerDefinitions": [["name": "a", "image": "a"]]]
        for member in refused.input.object?.members ?? [] { input[member.key] = member.value }
        #expect(world.refusal("RegisterTaskDefinition", input)?.message == refused.text)
    }

    @Test func `a definition is shown with the server's defaults and in its own order`() throws {
        var world = try World()
        let answer = try world.call(
            "RegisterTaskDefinition",
            [
                "family": "web",
                "volumes": [["name": "v", "efsVolumeConfiguration": ["fileSystemId": "fs-1"]], ["name": "w"]],
                "containerDefinitions": [
                    ["name": "b", "image": "b", "mountPoints": [["sourceVolume": "v", "containerPath": "/v"]]],
                    [
                        "name": "a", "image": "a",
                        "environment": [["name": "A", "value": ""], ["name": "B", "value": "1"]],
                    ],
                ],
            ])["taskDefinition"]
        let containers = answer?["containerDefinitions"]?.elements ?? []
        #expect(containers.map { $0["name"]?.string } == ["a", "b"])
        #expect(containers.first?["environment"]?.elements.map { $0["name"]?.string } == ["B", "A"])
        #expect(containers.last?["mountPoints"]?.elements.first?["readOnly"] == false)
        #expect(answer?["volumes"]?.elements.map { $0["name"]?.string } == ["w", "v"])
        #expect(answer?["volumes"]?.elements.last?["efsVolumeConfiguration"]?["rootDirectory"] == "/")
    }

    @Test func `a volume that is configured at launch needs its configuration`() throws {
        var world = try World()
        try world.call(
            "RegisterTaskDefinition",
            [
                "family": "web", "networkMode": "awsvpc", "volumes": [["name": "v", "configuredAtLaunch": true]],
                "containerDefinitions": [["name": "a", "image": "a"]],
            ])
        let configured: JSON = ["volumeConfigurations": [["name": "v", "managedEBSVolume": ["roleArn": "arn:r"]]]]
        #expect(world.refusal("RunTask", World.run("web"))?.code == "InvalidParameterException")
        #expect(world.refusal("RunTask", World.run("web", configured)) == nil)
        var service = World.service("web")
        service["volumeConfigurations"] = configured["volumeConfigurations"]
        try world.call("CreateService", service)
        #expect(try world.primary()["volumeConfigurations"] == configured["volumeConfigurations"])
        #expect(try world.service()["volumeConfigurations"] == nil)
    }

    @Test(arguments: refused)
    func `what cannot be run cannot be registered`(refused: Refused) throws {
        var world = try World()
        let fault = world.refusal("RegisterTaskDefinition", refused.input)
        #expect(fault?.code == "ClientException")
        #expect(fault?.message.contains(refused.text) == true)
        #expect(try world.call("ListTaskDefinitions", [:])["taskDefinitionArns"] == [])
    }
}
