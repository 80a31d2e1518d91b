/// How long to wait before looking again: a twelfth of the time waited so far. What ends soon is seen soon, and what takes long
/// costs few calls. In the first five minutes never longer than a second: that is where somebody waits for the end.
struct PollSchedule {
    private static let shortest = Duration.milliseconds(60)
    /// After the first five minutes: about one per cent of the wait.
    private static let longest = Duration.seconds(4)

    /// - Parameter waited: how long it has been waited for.
    static func pause(after waited: Duration) -> Duration {
        min(max(waited / 12, shortest), waited < .seconds(300) ? .seconds(1) : longest)
    }
}
