import JSON

/// AWS Step Functions, read: which tasks its state machines run.
public struct StatesClient: Sendable {
    private let caller: Caller

    public init(_ caller: Caller) { self.caller = caller }

    public struct Machine: Sendable, Equatable {
        public let name: String
        public let arn: String

        public init(name: String, arn: String) {
            self.name = name
            self.arn = arn
        }
    }

    /// One page of the state machines of the region. (Step Functions API Reference, ListStateMachines.)
    public func list(after token: String?) async throws(AWSError) -> (machines: [Machine], next: String?) {
        let reader = AnswerReader(operation: "states:ListStateMachines", secrets: caller.secrets)
        let answer = try await caller.call(
            .states, "ListStateMachines", .members(["maxResults": 100, "nextToken": token]))
        guard let list = try reader.list("stateMachines", of: answer) else {
            throw reader.malformed("the answer has no stateMachines")
        }
        let machines = try list.map { (json) throws(AWSError) in
            Machine(
                name: try reader.string("name", of: json, "a state machine"),
                arn: try reader.string("stateMachineArn", of: json, "a state machine"))
        }
        return (machines, try reader.text("nextToken", of: answer, "the answer"))
    }

    /// The tasks that a state machine runs, as far as its definition names them; nil for one that is gone, or whose definition
    /// cannot be read.
    public func tasks(of machine: Machine) async throws(AWSError) -> [ScheduledTask]? {
        let reader = AnswerReader(operation: "states:DescribeStateMachine", secrets: caller.secrets)
        do throws(AWSError) {
            let answer = try await caller.call(
                .states, "DescribeStateMachine", ["stateMachineArn": .string(machine.arn)])
            let text = try reader.text("definition", of: answer, "the state machine")
            // Without the permission to decrypt it, an encrypted definition cannot be parsed.
            do { return try text.map { Self.tasks(in: try JSON.parse($0)) } } catch { return nil }
        } catch let error where error.code == "StateMachineDoesNotExist" {
            return nil
        }
    }

    /// All states that run a task, however deep, with a task definition and a cluster that are given as they are. (Step Functions
    /// Developer Guide, "Run Amazon ECS or Fargate tasks": `ecs:runTask` with Parameters, or Arguments in JSONata.)
    static func tasks(in json: JSON) -> [ScheduledTask] {
        var found = json.elements.flatMap(tasks)
        for member in json.object?.members ?? [] { found += tasks(in: member.value) }
        guard let resource = json["Resource"]?.string, resource.contains("ecs:runTask"),
            let input = json["Parameters"] ?? json["Arguments"], input["Cluster.$"] == nil,
            let definition = input["TaskDefinition"]?.string, !definition.hasPrefix("{%")
        else { return found }
        let cluster = input["Cluster"]?.string ?? "default"
        if cluster.hasPrefix("{%") { return found }
        return found + [ScheduledTask(target: nil, cluster: cluster, definition: definition)]
    }
}
