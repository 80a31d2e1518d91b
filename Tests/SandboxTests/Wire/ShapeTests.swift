import Foundation
import JSON
import Testing

@testable import Sandbox

/// What the sandbox answers has AWS's own names, types and words.
@Suite(.enabled(if: Shapes.isThere, "botocore is not installed")) struct ShapeTests {
    private static let configurations: [JSON] = [
        World.breaker, ["bakeTimeInMinutes": 1],
        [
            "strategy": "BLUE_GREEN", "bakeTimeInMinutes": 1,
            "alarms": ["alarmNames": ["errors"], "enable": true, "rollback": true],
            "lifecycleHooks": [
                [
                    "targetType": "PAUSE", "lifecycleStages": ["POST_SCALE_UP", "PRE_PRODUCTION_TRAFFIC_SHIFT"],
                    "timeoutConfiguration": ["timeoutInMinutes": 1, "action": "CONTINUE"],
                ],
                [
                    "targetType": "AWS_LAMBDA", "hookTargetArn": "arn:aws:lambda:us-east-1:1:function:check",
                    "roleArn": "arn:aws:iam::1:role/hook", "lifecycleStages": ["PRE_SCALE_UP"],
                ],
            ],
        ],
        ["strategy": "LINEAR", "linearConfiguration": ["stepPercent": .double(33.3), "stepBakeTimeInMinutes": 1]],
        ["strategy": "CANARY", "canaryConfiguration": ["canaryPercent": .double(0.5), "canaryBakeTimeInMinutes": 1]],
        [
            "earlySuccessCriteria": [
                "enable": true, "healthyPercent": 100, "sourceServiceRevisionCleanup": "BLOCKING",
            ]
        ],
    ]

    @Test(arguments: configurations)
    func `answers about services and their deployments fit botocore's model`(configuration: JSON) throws {
        var world = try World()
        var answers: [String] = []
        func note(_ operation: String, _ answer: JSON) {
            answers.append((["operation": .string(operation), "answer": answer] as JSON).compact)
        }
        try world.register()
        note("CreateService", try world.call("CreateService", World.service("web", configuration)))
        world.pass(2_500)
        let revision = try world.register(image: "web:2")
        note(
            "UpdateService",
            try world.call(
                "UpdateService", ["cluster": "prod", "service": "web", "taskDefinition": .string(revision)]))
        for step in 0..<60 {
            world.pass(100)
            if step == 50 { world.model.ecs.sound(["errors"], at: world.now) }
            note("DescribeServices", try world.call("DescribeServices", ["cluster": "prod", "services": ["web"]]))
            let listed = try world.call("ListServiceDeployments", ["cluster": "prod", "service": "web"])
            note("ListServiceDeployments", listed)
            let newest = listed["serviceDeployments"]?.elements.first?["serviceDeploymentArn"] ?? ""
            let described = try world.call("DescribeServiceDeployments", ["serviceDeploymentArns": [newest]])
            note("DescribeServiceDeployments", described)
            let target = described["serviceDeployments"]?.elements.first?["targetServiceRevision"]?["arn"] ?? ""
            note(
                "DescribeServiceRevisions",
                try world.call("DescribeServiceRevisions", ["serviceRevisionArns": [target]]))
        }
        #expect(try Shapes.differences(answers) == "242 answers\n")
    }

    @Test func `answers about rules, schedules and state machines fit botocore's models`() throws {
        var world = try World()
        var answers: [String] = []
        func ask(_ service: AWSModel.Service, _ name: String, _ operation: String, _ input: JSON) throws {
            let answer = try world.model.handle(service, operation, input, at: world.now).get()
            answers.append(
                (["service": .string(name), "operation": .string(operation), "answer": answer] as JSON).compact)
        }
        var target: JSON = [
            "Arn": "arn:aws:ecs:us-east-1:123456789012:cluster/prod", "RoleArn": "arn:aws:iam::123456789012:role/r",
            "Input": "{}", "EcsParameters": ["TaskDefinitionArn": "app:1", "TaskCount": 1],
        ]
        try ask(
            .scheduler, "scheduler", "CreateSchedule",
            [
                "Name": "hourly", "ScheduleExpression": "rate(1 hour)", "Target": target,
                "FlexibleTimeWindow": ["Mode": "OFF"],
            ])
        try ask(.scheduler, "scheduler", "GetSchedule", ["Name": "hourly"])
        try ask(.scheduler, "scheduler", "ListSchedules", [:])
        target["Id"] = "1"
        try ask(.events, "events", "PutRule", ["Name": "nightly", "ScheduleExpression": "rate(1 day)"])
        try ask(.events, "events", "PutTargets", ["Rule": "nightly", "Targets": [target]])
        try ask(.events, "events", "DescribeRule", ["Name": "nightly"])
        try ask(.events, "events", "ListRules", [:])
        try ask(.events, "events", "ListTargetsByRule", ["Rule": "nightly"])
        try ask(.events, "events", "ListRuleNamesByTarget", ["TargetArn": target["Arn"] ?? ""])
        try ask(.states, "stepfunctions", "CreateStateMachine", ["name": "batch", "definition": "{}"])
        try ask(.states, "stepfunctions", "ListStateMachines", [:])
        let arn = "arn:aws:states:us-east-1:123456789012:stateMachine:batch"
        try ask(.states, "stepfunctions", "DescribeStateMachine", ["stateMachineArn": .string(arn)])
        #expect(try Shapes.differences(answers) == "12 answers\n")
    }
}

/// botocore, where the machine has it.
private enum Shapes {
    static let isThere = (try? run(["-c", "import botocore"], [])) != nil

    static func differences(_ answers: [String]) throws -> String {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("shapes.py")
        return try run([script.path], answers)
    }

    private struct Failed: Error {}

    private static func run(_ arguments: [String], _ lines: [String]) throws -> String {
        let input = FileManager.default.temporaryDirectory.appendingPathComponent("shapes-\(UUID().uuidString)")
        try Data(lines.joined(separator: "\n").utf8).write(to: input)
        defer { try? FileManager.default.removeItem(at: input) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        process.standardInput = try FileHandle(forReadingFrom: input)
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed() }
        return String(decoding: data, as: UTF8.self)
    }
}
