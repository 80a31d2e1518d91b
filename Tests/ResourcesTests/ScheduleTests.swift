import Testing

@testable import AWS
@testable import Resources

@Suite("What a schedule starts")
struct ScheduleTests {
    private static let arn = "arn:aws:ecs:us-east-1:123456789012:task-definition/"

    @Test(
        "is read from a family or an ARN, with a revision or without; of anything else nothing is concluded",
        arguments: [
            ("app", "app"), ("app:3", "app:3"), (arn + "app", "app"), (arn + "my_app-2:12", "my_app-2:12"),
            ("arn:aws-cn:ecs:cn-north-1:123456789012:task-definition/app:1", "app:1"), ("", nil), ("app:", nil),
            ("app:0", nil), ("app:x", nil), ("app:1:2", nil), ("{% $app %}", nil), ("<definition>", nil),
            ("arn:aws:ecs:us-east-1:123456789012:cluster/app", nil), (arn + "a/b", nil), (arn, nil),
        ] as [(String, String?)])
    func reference(text: String, shown: String?) {
        #expect(TaskReference(text)?.shown == shown)
    }

    @Test("is pinned to a revision by its family and its number, and by nothing less")
    func pinned() {
        #expect(TaskReference("app:3")?.isPinned(to: Self.arn + "app:3") == true)
        for other in ["app", "app:2", "app2:3"] {
            #expect(TaskReference(other)?.isPinned(to: Self.arn + "app:3") == false)
        }
    }

    @Test("an order is read again as it was written, and one without a revision is none")
    func order() {
        let order = ScheduleOrder([
            ScheduleMove(target: "1", from: "app:1", to: Self.arn + "app:2"),
            ScheduleMove(target: nil, from: "app", to: Self.arn + "app:2"),
        ])
        #expect(ScheduleOrder(order.json)?.moves == order.moves)
        #expect(ScheduleOrder(["moves": [["target": "1", "from": "app:1"]]]) == nil)
        #expect(ScheduleOrder(["moves": []]) == nil)
        #expect(order.summary == "app:2")
    }

    @Test("is found in a state machine in JSONPath and in JSONata, where it is written as it is")
    func stateMachine() {
        let found = StatesClient.tasks(in: [
            "States": [
                "A": [
                    "Resource": "arn:aws:states:::ecs:runTask", "Arguments": ["Cluster": "c", "TaskDefinition": "a:1"],
                ],
                "B": ["Resource": "arn:aws:states:::aws-sdk:ecs:runTask", "Parameters": ["TaskDefinition": "b"]],
                "C": ["Resource": "arn:aws:states:::ecs:runTask", "Arguments": ["TaskDefinition": "{% $x %}"]],
                "D": ["Resource": "arn:aws:states:::lambda:invoke", "Parameters": ["TaskDefinition": "d"]],
            ]
        ])
        #expect(found.map(\.definition) == ["a:1", "b"] && found.map(\.cluster) == ["c", "default"])
    }
}
