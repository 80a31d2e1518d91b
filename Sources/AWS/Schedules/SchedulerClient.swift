import JSON

/// Amazon EventBridge Scheduler.
public struct SchedulerClient: Sendable {
    private let caller: Caller

    public init(_ caller: Caller) { self.caller = caller }

    /// A schedule as a list shows it.
    public struct Listed: Sendable, Equatable {
        public let name: String
        public let group: String
        public let isEnabled: Bool
        /// What it calls: the cluster, for an ECS task.
        public let target: String
    }

    /// The group of schedules that name none.
    public static let usualGroup = "default"

    /// Members of an answer that UpdateSchedule does not take. (EventBridge Scheduler API Reference, GetSchedule,
    /// UpdateSchedule.)
    private static let readOnly = ["Arn", "CreationDate", "LastModificationDate"]

    /// One page of the schedules of all groups.
    public func list(after token: String?) async throws(AWSError) -> (schedules: [Listed], next: String?) {
        let reader = reader("ListSchedules")
        let answer = try await caller.read(
            .scheduler, "ListSchedules", path: "/schedules",
            query: [("MaxResults", "100")] + (token.map { [("NextToken", $0)] } ?? []))
        guard let list = try reader.list("Schedules", of: answer) else {
            throw reader.malformed("the answer has no Schedules")
        }
        let schedules = try list.map { (json) throws(AWSError) in
            Listed(
                name: try reader.string("Name", of: json, "a schedule"),
                group: try reader.text("GroupName", of: json, "a schedule") ?? Self.usualGroup,
                isEnabled: try reader.text("State", of: json, "a schedule") != "DISABLED",
                target: try reader.text("Arn", of: json["Target"], "a target") ?? "")
        }
        return (schedules, try reader.text("NextToken", of: answer, "the answer"))
    }

    /// What a schedule starts in ECS; nil if there is no such schedule, none for one that starts something else, or nothing any
    /// more.
    public func tasks(of name: String, group: String) async throws(AWSError) -> [ScheduledTask]? {
        guard let schedule = try await schedule(name, group: group) else { return nil }
        let reader = reader("GetSchedule")
        if let now = caller.clock.time, ScheduleTiming(schedule, now: now).isOver { return [] }
        return try ScheduledTask(try reader.object("Target", of: schedule), reader).map { [$0] } ?? []
    }

    /// All that EventBridge Scheduler has of a schedule; nil if there is no such schedule.
    public func schedule(_ name: String, group: String) async throws(AWSError) -> JSON? {
        do {
            let answer = try await caller.read(
                .scheduler, "GetSchedule", path: Self.path(name), query: [("groupName", group)])
            caller.secrets.learn(fromInputOf: answer["Target"] ?? [:])
            return answer
        } catch let error where error.code == "ResourceNotFoundException" {
            return nil
        }
    }

    /// Replaces a schedule. What is left out of it would go back to its default: so all that was read is sent, but for a moment
    /// that EventBridge Scheduler would not take again.
    ///
    /// - Parameter schedule: as ``schedule(_:group:)`` has read it, and changed.
    public func update(_ schedule: JSON, name: String, group: String) async throws(AWSError) {
        var input = schedule
        for key in Self.readOnly + ["Name"] { input[key] = nil }
        input["GroupName"] = .string(group)
        if let now = caller.clock.time { input["StartDate"] = ScheduleTiming(schedule, now: now).start }
        let answer = try await caller.replace(.scheduler, "UpdateSchedule", path: Self.path(name), with: input)
        _ = try reader("UpdateSchedule").string("ScheduleArn", of: answer, "the answer")
    }

    private static func path(_ name: String) -> String { "/schedules/\(PercentEncoding.encode(name))" }

    private func reader(_ operation: String) -> AnswerReader {
        AnswerReader(operation: "scheduler:\(operation)", secrets: caller.secrets)
    }
}
