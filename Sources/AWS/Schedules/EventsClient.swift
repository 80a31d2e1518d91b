import JSON

/// Amazon EventBridge: rules, and what they start.
public struct EventsClient: Sendable {
    private let caller: Caller

    public init(_ caller: Caller) { self.caller = caller }

    /// A target that was not changed.
    public struct Refused: Sendable, Equatable {
        public let target: String
        public let code: String
        public let message: Untrusted?
    }

    /// The bus that rules with a time are on.
    public static let usualBus = "default"

    /// Which rules of a bus start something in a cluster. (EventBridge API Reference, ListRuleNamesByTarget: the target of an
    /// ECS task is its cluster.)
    public func rules(onto cluster: String, bus: String) async throws(AWSError) -> [String] {
        var names: [String] = []
        var next: String?
        repeat {
            let (answer, reader) = try await call(
                "ListRuleNamesByTarget",
                .members(["TargetArn": cluster, "EventBusName": bus, "NextToken": next]))
            names += try reader.texts("RuleNames", of: answer)
            next = try reader.text("NextToken", of: answer, "the answer")
        } while next != nil
        return names
    }

    /// Whether a rule does anything; nil if there is no such rule. (EventBridge API Reference, DescribeRule.)
    public func isEnabled(_ rule: String, bus: String) async throws(AWSError) -> Bool? {
        do {
            let (answer, reader) = try await call(
                "DescribeRule", ["Name": .string(rule), "EventBusName": .string(bus)])
            // There is more than one word for a rule that is on.
            return try reader.string("State", of: answer, "the rule") != "DISABLED"
        } catch let error where error.code == "ResourceNotFoundException" {
            return nil
        }
    }

    /// What a rule starts in ECS; nil if there is no such rule.
    public func tasks(of rule: String, bus: String) async throws(AWSError) -> [ScheduledTask]? {
        let reader = AnswerReader(operation: "events:ListTargetsByRule", secrets: caller.secrets)
        guard let targets = try await targets(of: rule, bus: bus) else { return nil }
        var tasks: [ScheduledTask] = []
        for target in targets {
            if let task = try ScheduledTask(target, reader) { tasks.append(task) }
        }
        return tasks
    }

    /// All targets of a rule as EventBridge has them; nil if there is no such rule.
    public func targets(of rule: String, bus: String) async throws(AWSError) -> [JSON]? {
        var targets: [JSON] = []
        var next: String?
        repeat {
            do throws(AWSError) {
                let (answer, reader) = try await call(
                    "ListTargetsByRule",
                    .members(["Rule": rule, "EventBusName": bus, "NextToken": next]))
                // None is listed is something else than nothing is said of targets.
                guard let page = try reader.list("Targets", of: answer) else {
                    throw reader.malformed("the answer has no Targets")
                }
                targets += page
                next = try reader.text("NextToken", of: answer, "the answer")
            } catch let error where error.code == "ResourceNotFoundException" {
                return nil
            }
        } while next != nil
        targets.forEach(caller.secrets.learn(fromInputOf:))
        return targets
    }

    /// Replaces targets of a rule by their ids; others stay.
    ///
    /// - Returns: those that EventBridge did not take. (EventBridge API Reference, PutTargets: "FailedEntries".)
    public func put(_ targets: [JSON], of rule: String, bus: String) async throws(AWSError) -> [Refused] {
        let reader = AnswerReader(operation: "events:PutTargets", secrets: caller.secrets)
        let answer = try await caller.call(
            .events, "PutTargets",
            ["Rule": .string(rule), "EventBusName": .string(bus), "Targets": .array(targets)], isMutating: true)
        let count = try reader.integer("FailedEntryCount", of: answer, "the answer")
        let refused = try (reader.list("FailedEntries", of: answer) ?? []).map { (entry) throws(AWSError) in
            Refused(
                target: try reader.text("TargetId", of: entry, "a failed entry") ?? "",
                code: try reader.text("ErrorCode", of: entry, "a failed entry") ?? "",
                message: try reader.untrusted("ErrorMessage", of: entry, "a failed entry"))
        }
        guard count == refused.count else { throw reader.malformed("FailedEntryCount is not that of FailedEntries") }
        return refused
    }

    private func call(_ operation: String, _ input: JSON) async throws(AWSError) -> (JSON, AnswerReader) {
        (
            try await caller.call(.events, operation, input),
            AnswerReader(operation: "events:\(operation)", secrets: caller.secrets)
        )
    }
}
