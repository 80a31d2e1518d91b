/// The migration tasks that were started, by what is known of them past every process.
struct Started: Sendable {
    private struct Task {
        let arn: String
        let token: String
        /// Whose ledger announced it; nil once that ledger was lost.
        var ledger: String?
        /// By the count of the ledger that announced it.
        let attempt: Int?
        /// By the world's clock.
        let time: Int
        /// The number of the run that started it.
        let epoch: Int64
    }

    /// From a look at AWS to the RunTask that follows from it, at most, in milliseconds: some calls are made between them.
    static let lookToStart = 1_000

    private var tasks: [Task] = []

    var arns: [String] { tasks.map(\.arn) }

    mutating func add(_ arn: String, token: String, ledger: String, attempt: Int?, at time: Int, epoch: Int64) {
        tasks.append(Task(arn: arn, token: token, ledger: ledger, attempt: attempt, time: time, epoch: epoch))
    }

    /// Whether a task is another ledger's that a look came too early for. Between ledgers that count attempts alike the
    /// token decides, so there is no such gap.
    func hasRaced(_ arn: String, ledger: String, attempt: Int?, at time: Int) -> Bool {
        tasks.contains {
            $0.arn == arn && $0.ledger != ledger && $0.attempt != attempt && time - $0.time < Self.lookToStart
        }
    }

    /// A ledger that is gone, or an old one, is blamed for nothing that it cannot know.
    mutating func forget(_ ledger: String) {
        for index in tasks.indices where tasks[index].ledger == ledger { tasks[index].ledger = nil }
    }

    /// What one run has started.
    func arns(ledger: String, epoch: Int64) -> [String] {
        tasks.filter { $0.ledger == ledger && $0.epoch == epoch }.map(\.arn)
    }

    /// What a token has started, whoever sent it.
    func arns(token: String) -> [String] { tasks.filter { $0.token == token }.map(\.arn) }

    /// What a ledger's intent has started.
    func arns(token: String, ledger: String) -> [String] {
        tasks.filter { $0.token == token && $0.ledger == ledger }.map(\.arn)
    }
}

/// Which releases have moved services, by their places in the order.
struct ReleaseOrder: Sendable {
    /// By environment.
    private var newest: [String: Int] = [:]

    mutating func moved(by launch: Launch) {
        guard let sequence = launch.sequence else { return }
        let known = newest[launch.environment] ?? sequence
        newest[launch.environment] = launch.allowsOlder ? sequence : max(sequence, known)
    }

    /// The newer release that a launch must not follow.
    func newer(than launch: Launch) -> Int? {
        guard let sequence = launch.sequence, !launch.allowsOlder, let newest = newest[launch.environment] else {
            return nil
        }
        return sequence < newest ? newest : nil
    }
}
