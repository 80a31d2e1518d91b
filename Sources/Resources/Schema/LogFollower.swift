import AWS
import Reconciler

/// Reads a migration's log as it grows. That there is no log, or none yet, is never an error: the task's state decides.
actor LogFollower {
    private let client: LogsClient
    private let destination: LogDestination
    private let stream: String
    private let mask: Mask
    private let pattern: VersionPattern?
    private var token: String?
    /// The last lines, as they were shown.
    private(set) var tail = LogTail()
    private var trouble: String?
    private var pace = LogPace()

    private static let kept = 20
    /// A bound on one look: a log that grows faster than it is read must not keep the verdict waiting.
    private static let pagesAtOnce = 20
    /// Before a silent log of a stopped task is read for the second time.
    private static let firstPause = Duration.milliseconds(100)

    /// - Parameter pattern: how the program tells the version, where it does not say `RECONCILE_SCHEMA=`.
    init(
        _ client: LogsClient, _ destination: LogDestination, task: String, mask: Mask, pattern: VersionPattern? = nil
    ) {
        self.pattern = pattern
        self.client = client
        self.destination = destination
        self.stream = destination.stream(of: task)
        self.mask = mask
    }

    /// Reads what is new and hands over each line.
    ///
    /// - Parameter toEnd: whether an empty page is read past, because more may follow it (GetLogEvents). Else the next reading
    ///   goes on from there.
    /// - Returns: whether there was anything.
    private func read(toEnd: Bool, _ show: (String) -> Void) async -> Bool {
        var found = false
        for _ in 0..<Self.pagesAtOnce {
            let page: LogsClient.Page?
            do {
                page = try await client.events(
                    group: destination.group, stream: stream, after: token, region: destination.region)
            } catch {
                if trouble == nil { trouble = error.description }
                return found
            }
            guard let page else { return found }
            for event in page.events {
                found = true
                for raw in event.message.split(whereSeparator: \.isNewline) {
                    // Before anything is hidden in it: a version may look like the value of a variable.
                    if let answer = ProbeAnswer(line: String(raw), pattern) { tail.answer = answer }
                    let line = mask.apply(String(raw))
                    tail.lines.append(line)
                    show(line)
                }
            }
            if tail.lines.count > Self.kept { tail.lines.removeFirst(tail.lines.count - Self.kept) }
            // The present end is reached when the token that was passed comes back (GetLogEvents).
            guard let next = page.next, next != token else { return found }
            token = next
            if page.events.isEmpty, !toEnd { return found }
        }
        return found
    }

    /// Reads what is new of a task that is running, where it is worth a call.
    func glance(at now: Duration, _ show: (String) -> Void) async {
        guard pace.isDue(at: now) else { return }
        pace.read(at: now, found: await read(toEnd: false, show))
    }

    /// Reads to the end after the task has stopped. Lines arrive late, so an end is believed when it was seen twice.
    ///
    /// - Parameter patience: how long to look for the first lines of a log that has none yet.
    func drain(clock: EngineClock, patience: Duration, _ show: (String) -> Void) async {
        let start = clock.elapsed()
        var quiet = 0
        var pause = Self.firstPause
        while true {
            // What was found was read up to an end: that is its first sight.
            quiet = await read(toEnd: true, show) ? 1 : quiet + 1
            let left = patience - (clock.elapsed() - start)
            guard left > .zero, quiet < 2 || tail.lines.isEmpty else { return }
            // A log that speaks is read to its end at once; one that never spoke is asked ever more seldom.
            let next = tail.lines.isEmpty ? min(pause, left) : .milliseconds(10)
            pause *= 4
            // A cancelled wait ends the drain: what is missing are lines, not the verdict.
            do { try await clock.sleep(next) } catch { return }
        }
    }

    /// Why the log could not be read, where it could not.
    var complaint: String? { tail.lines.isEmpty ? trouble : nil }
}
