/// Keys of what starts tasks by time or by events.
enum ScheduleKeys {
    static let rule = ManifestKey<String?>.optional(
        "rule", .text(.letters(Syntax.schedule)), "the name of an EventBridge rule")
    static let bus = ManifestKey<String>.text(
        "bus", .letters(Syntax.bus), standard: "default", "the event bus of the rule")
    static let schedule = ManifestKey<String?>.optional(
        "schedule", .text(.letters(Syntax.schedule)),
        "instead of a rule: the name of a schedule of EventBridge Scheduler")
    static let group = ManifestKey<String>.text(
        "group", .letters(Syntax.schedule), standard: "default", "the group of the schedule")

    static let section = ManifestSection(
        key: "schedules", keys: [rule.facts, bus.facts, schedule.facts, group.facts])
}

extension Syntax {
    /// (EventBridge API Reference, PutRule; EventBridge Scheduler API Reference, CreateSchedule, "Name".)
    static let schedule = Letters(most: 64, marks: "._-")
    static let bus = Letters(most: 256, marks: "._/-")
}
