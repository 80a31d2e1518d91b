import AWS
import Base
import Manifest

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
    private var (firstGlance, lastGlance): (Duration?, Duration?)
    /// Since when the end is looked for, and since when without a page that could be read.
    private var endSought: Duration?
    private var troubleSince: Duration?

    /// A running task's log is read at most this often, in the first ten seconds and later. Nothing is lost: the next reading
    /// begins where this one ended.
    private static let (glances, laterGlances) = (Duration.seconds(1), Duration.seconds(3))
    /// A bound on one look: a log that grows faster than it is read must not keep the verdict waiting.
    private static let pagesAtOnce = 20
    /// A line may be this late: the awslogs driver sends its buffer every 5 s and when the container ends (Docker, awslogs
    /// log driver, "batchPublishFrequency"), and CloudWatch Logs then takes a moment to show it.
    static let latestAfterEnd = Duration.seconds(5)
    static let latestAfterStop = Duration.seconds(2)
    /// How long a log that cannot be read is tried again: throttling and outages of CloudWatch Logs last longer than a call.
    static let patience = Duration.seconds(60)
    /// The same where it may not be read, or its group is gone: a permission comes late, or never.
    static let patienceWithDenial = Duration.seconds(10)

    private static func patience(with error: AWSError) -> Duration {
        let isLasting =
            error.code == "ResourceNotFoundException"
            || error.isAccessDenied && !error.isExpired && !error.isClockSkewed
        return isLasting ? patienceWithDenial : patience
    }

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

    private enum Reading: Equatable {
        /// The present end was reached.
        case end
        /// There are more pages.
        case more
        case failed(String, patience: Duration)
    }

    /// Reads what is new and hands over each line.
    ///
    /// - Parameter toEnd: whether an empty page is read past, because more may follow it (GetLogEvents). Else the next reading
    ///   goes on from there.
    private func read(toEnd: Bool, _ show: (String) -> Void) async -> Reading {
        for _ in 0..<Self.pagesAtOnce {
            let page: LogsClient.Page?
            do {
                page = try await client.events(
                    group: destination.group, stream: stream, after: token, region: destination.region)
            } catch {
                return .failed(error.description, patience: Self.patience(with: error))
            }
            // The driver makes the stream when the container starts, and some servers with its first line.
            guard let page else { return .end }
            for event in page.events {
                for raw in event.message.split(whereSeparator: \.isNewline) { take(String(raw), show) }
            }
            tail.trim()
            // The present end is reached when the token that was passed comes back (GetLogEvents).
            guard let next = page.next, next != token else { return .end }
            token = next
            if page.events.isEmpty, !toEnd { return .end }
        }
        return .more
    }

    private func take(_ raw: String, _ show: (String) -> Void) {
        // Before anything is hidden in it: a version may look like the value of a variable.
        if let answer = ProbeAnswer(line: raw, pattern) { tail.answer = answer }
        let line = mask.apply(raw)
        tail.lines.append(line)
        show(line)
    }

    /// Reads what is new of a task that is running, where it is worth a call.
    func glance(at now: Duration, _ show: (String) -> Void) async {
        let first = firstGlance ?? now
        let pause = now - first < .seconds(10) ? Self.glances : Self.laterGlances
        if let lastGlance, now - lastGlance < pause { return }
        (firstGlance, lastGlance) = (first, now)
        _ = await read(toEnd: false, show)
    }

    /// Reads on, to the end, after the task has stopped.
    ///
    /// - Parameters:
    ///   - ended: how long ago its container ended, as far as AWS tells.
    ///   - now: this process's monotonic time.
    ///   - isFinal: whether a line says all that there is to know, so that nothing is waited for behind it.
    func finish(
        ended: Duration?, at now: Duration, isFinal: @Sendable (LogTail) -> Bool, _ show: (String) -> Void
    ) async {
        let sought = endSought ?? now
        endSought = sought
        switch await read(toEnd: true, show) {
        case .more:
            troubleSince = nil
            tail.end = .open
        case .failed(let why, let patience):
            let since = troubleSince ?? now
            troubleSince = since
            // A run with a short time-out must come to an end, too: what was denied for a minute stays denied.
            let isOld = patience == Self.patienceWithDenial && (ended ?? .zero) >= Self.patience
            tail.end = now - since < (isOld ? Self.latestAfterStop : patience) ? .open : .unread(why)
        case .end:
            troubleSince = nil
            let isLate =
                now - sought >= Self.latestAfterStop && max(ended ?? .zero, now - sought) >= Self.latestAfterEnd
            tail.end = isFinal(tail) || isLate ? .complete : .open
        }
    }

    /// Reads what there is of a stopped task's log, for people: nothing depends on it.
    func drain(clock: EngineClock, patience: Duration, _ show: (String) -> Void) async {
        let start = clock.elapsed()
        repeat {
            if await read(toEnd: true, show) == .end, !tail.lines.isEmpty { return }
            // A cancelled wait ends it: what is missing are lines, not the verdict.
            do { try await clock.sleep(.milliseconds(200)) } catch { return }
        } while clock.elapsed() - start < patience
    }
}
