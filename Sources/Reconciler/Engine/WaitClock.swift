/// How long a run has been waiting, and for what.
struct WaitClock {
    private let limit: Duration
    private let now: @Sendable () -> Duration
    private var since: [ResourceID: Duration] = [:]
    private let schedule = PollSchedule()

    init(limit: Duration, now: @escaping @Sendable () -> Duration) {
        self.limit = limit
        self.now = now
    }

    /// Ends the run where one of the waits, or the run as a whole, has lasted too long.
    ///
    /// - Throws: ``Failure`` with code `timed-out`: AWS is still working.
    mutating func check(_ waits: [Plan.Step]) throws(Failure) {
        let present = now()
        since = Dictionary(uniqueKeysWithValues: waits.map { ($0.resource, since[$0.resource] ?? present) })
        for wait in waits {
            let patience = wait.change.patience
            let waited = present - (since[wait.resource] ?? present)
            if let patience, waited >= patience.limit {
                throw Self.timedOut(wait, after: patience.limit, hint: patience.hint)
            }
            if present >= limit { throw Self.timedOut(wait, after: limit, hint: patience?.hint) }
        }
    }

    /// The pause before the coming look: as often as the youngest of the waits deserves.
    func pause() -> Duration {
        let youngest = since.values.max() ?? now()
        return schedule.pause(after: now() - youngest)
    }

    /// Ends the run before a step for which there is no time left.
    func checkRun(_ step: Plan.Step) throws(Failure) {
        if now() >= limit { throw Self.timedOut(step, after: limit, hint: nil) }
    }

    private static func timedOut(_ wait: Plan.Step, after limit: Duration, hint: String?) -> Failure {
        Failure(
            .timedOut, "gave up waiting after \(limit.text): \(wait.change.reason)", of: wait.resource,
            hint: "AWS is still working. "
                + (hint ?? "Run the same command again: it goes on from here, and adopts what is still running"))
    }
}

extension Duration {
    /// For people: `350ms`, `4.2s`, `3m 20s`, `1h 05m`.
    public var text: String {
        let milliseconds = components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
        let seconds = milliseconds / 1_000
        return switch seconds {
        case ..<1: "\(milliseconds)ms"
        case ..<60: milliseconds % 1_000 < 100 ? "\(seconds)s" : "\(seconds).\(milliseconds % 1_000 / 100)s"
        case ..<3_600: seconds % 60 == 0 ? "\(seconds / 60)m" : "\(seconds / 60)m \(padded(seconds % 60))s"
        default: seconds / 60 % 60 == 0 ? "\(seconds / 3_600)h" : "\(seconds / 3_600)h \(padded(seconds / 60 % 60))m"
        }
    }

    private func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
