import JSON
import Time

/// When a schedule starts something.
struct ScheduleTiming {
    private let schedule: JSON
    private let now: Timestamp

    /// - Parameters:
    ///   - schedule: as GetSchedule has it.
    ///   - now: by AWS's clock.
    init(_ schedule: JSON, now: Timestamp) {
        self.schedule = schedule
        self.now = now
    }

    /// Whether it certainly starts nothing any more. EventBridge Scheduler would not take the moment again that it had.
    var isOver: Bool {
        if let text = written("at") {
            // It is in the schedule's time zone, and none is more than 14 hours off. Its EndDate is ignored.
            return Timestamp(iso8601: text + "Z").map { $0.advanced(by: 86_400) < now } ?? false
        }
        guard let end = moment("EndDate") else { return false }
        return end < now || next.map { $0 >= end } ?? false
    }

    /// What to send as its StartDate; nil for none.
    ///
    /// EventBridge Scheduler refuses one that is longer than five minutes ago. For a cron expression a past one means the same as
    /// none. A rate counts from it, and without one it starts at once: so the next time of the same series is named.
    /// (EventBridge Scheduler User Guide, "Schedule types".)
    var start: JSON? {
        guard let start = moment("StartDate"), start < now else { return schedule["StartDate"] }
        return next.map { .integer(Int($0.seconds)) }
    }

    /// Of a rate with a start that is over, the next time of its series.
    private var next: Timestamp? {
        guard let start = moment("StartDate"), start < now, let period else { return nil }
        return start.advanced(by: (now.since(start) / period + 1) * period)
    }

    private func moment(_ key: String) -> Timestamp? {
        schedule[key]?.double.flatMap { Int64(exactly: $0.rounded(.down)) }.map(Timestamp.init(seconds:))
    }

    /// How often a rate comes, in seconds.
    private var period: Int64? {
        let words = (written("rate") ?? "").split(separator: " ")
        guard words.count == 2, let count = Int64(words[0]), (1...1_000_000).contains(count) else { return nil }
        switch words[1] {
        case "minute", "minutes": return count * 60
        case "hour", "hours": return count * 3_600
        case "day", "days": return count * 86_400
        default: return nil
        }
    }

    /// What is in the parentheses of an expression of that kind.
    private func written(_ kind: String) -> String? {
        guard let text = schedule["ScheduleExpression"]?.string, text.hasPrefix(kind + "("), text.hasSuffix(")") else {
            return nil
        }
        return String(text.dropFirst(kind.count + 1).dropLast())
    }
}
