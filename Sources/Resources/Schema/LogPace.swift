/// When the log of a running task is worth another reading: at each look while lines come, ever more seldom while it is
/// quiet. What comes in between is read then, or at the task's end: no line is lost by it.
struct LogPace: Sendable {
    private var lastReading: Duration?
    private var quietSince = Duration.zero

    private static let shortest = Duration.milliseconds(250)
    /// Somebody watches.
    private static let longest = Duration.seconds(10)

    func isDue(at now: Duration) -> Bool {
        guard let lastReading, lastReading > quietSince else { return true }
        let quiet = lastReading - quietSince
        return now - lastReading >= min(max(quiet / 2, Self.shortest), Self.longest)
    }

    /// Takes note of a reading.
    mutating func read(at now: Duration, found: Bool) {
        if found || lastReading == nil { quietSince = now }
        lastReading = now
    }
}
