import JSON

/// The schedules of Amazon EventBridge Scheduler. Nothing is started by them.
/// (Amazon EventBridge Scheduler API Reference, CreateSchedule, GetSchedule, ListSchedules, UpdateSchedule.)
struct ScheduleModel: Sendable, Equatable {
    /// By group and name, `GROUP/NAME`: as GetSchedule shows them.
    private var schedules: [String: JSON] = [:]
    private(set) var changes = 0

    /// What a request may have, besides the name.
    private static let members = [
        "ActionAfterCompletion", "Description", "EndDate", "FlexibleTimeWindow", "KmsKeyArn", "ScheduleExpression",
        "ScheduleExpressionTimezone", "StartDate", "State", "Target",
    ]

    init() {}

    /// Those of a ``json``.
    init(kept json: JSON?) {
        for member in json?.object?.members ?? [] { schedules[member.key] = member.value }
    }

    var json: JSON {
        var json: JSON = [:]
        for schedule in schedules.sorted(by: { $0.key.precedes($1.key) }) { json[schedule.key] = schedule.value }
        return json
    }

    mutating func handle(
        _ operation: String, _ input: JSON, _ naming: Naming, at now: Int
    ) -> Result<JSON, ECSFault> {
        do throws(ECSFault) {
            let input = Input(input)
            switch operation {
            case "CreateSchedule":
                let key = try key(input)
                guard schedules[key] == nil else {
                    throw ECSFault("ConflictException", "Schedule \(key) already exists.", status: 409)
                }
                return .success(try put(input, naming, createdAt: .integer(now / 1_000), at: now))
            case "UpdateSchedule":
                let created = try schedule(input)["CreationDate"]
                return .success(try put(input, naming, createdAt: created, at: now))
            case "GetSchedule": return .success(try schedule(input))
            case "ListSchedules": return .success(list())
            default: return .failure(.unknownOperation(operation))
            }
        } catch {
            return .failure(error)
        }
    }

    private func key(_ input: Input) throws(ECSFault) -> String {
        "\(try input.string("GroupName") ?? "default")/\(try input.required("Name"))"
    }

    private func schedule(_ input: Input) throws(ECSFault) -> JSON {
        let key = try key(input)
        guard let schedule = schedules[key] else {
            throw ECSFault(
                "ResourceNotFoundException", "Schedule \(key.split(separator: "/").last ?? "") does not exist.",
                status: 404)
        }
        return schedule
    }

    /// What a request leaves out goes back to its default, as in AWS.
    private mutating func put(
        _ input: Input, _ naming: Naming, createdAt: JSON?, at now: Int
    ) throws(ECSFault) -> JSON {
        let key = try key(input)
        let name = try input.required("Name")
        let group = String(key.dropLast(name.count + 1))
        for required in ["FlexibleTimeWindow", "Target"] where try input.object(required) == nil {
            throw ECSFault("ValidationException", "\(required) must not be null")
        }
        let expression = try input.required("ScheduleExpression")
        if !expression.hasPrefix("at("), let start = input.json["StartDate"]?.double,
            start * 1_000 < Double(now - 300_000)
        {
            throw ECSFault("ValidationException", "The StartDate you specify cannot be earlier than 5 minutes ago.")
        }
        let arn = naming.schedule(name, in: group)
        var schedule = JSON.members([
            "Name": name, "GroupName": group, "Arn": arn, "State": "ENABLED", "ScheduleExpressionTimezone": "UTC",
            "ActionAfterCompletion": "NONE", "CreationDate": createdAt?.integer, "LastModificationDate": now / 1_000,
        ])
        for member in Self.members { if let value = input.json[member], !value.isNull { schedule[member] = value } }
        schedules[key] = schedule
        changes += 1
        return ["ScheduleArn": .string(arn)]
    }

    private func list() -> JSON {
        let shown = schedules.sorted { $0.key.precedes($1.key) }.map { _, schedule -> JSON in
            var shown: JSON = ["Target": .members(["Arn": schedule["Target"]?["Arn"]?.string])]
            for key in ["Name", "GroupName", "Arn", "State", "CreationDate", "LastModificationDate"] {
                shown[key] = schedule[key]
            }
            return shown
        }
        return ["Schedules": .array(shown)]
    }
}
