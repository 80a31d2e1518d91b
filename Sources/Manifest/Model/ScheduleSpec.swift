/// Something that starts tasks by time or by events, and that moves after the services.
public struct ScheduleSpec: Sendable, Hashable {
    public enum Place: Sendable, Hashable {
        /// A rule of EventBridge.
        case rule(bus: String)
        /// A schedule of EventBridge Scheduler.
        case schedule(group: String)
    }

    public var name: String
    public var place: Place

    public init(name: String, place: Place) {
        self.name = name
        self.place = place
    }
}
