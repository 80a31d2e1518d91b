/// The migration tasks that were started, by what is known of them past every process.
struct Started: Sendable {
    private struct Task {
        let arn: String
        let token: String
        /// Whose ledger announced it; nil once that ledger was lost.
        var ledger: String?
    }

    private var tasks: [Task] = []

    var arns: [String] { tasks.map(\.arn) }

    mutating func add(_ arn: String, token: String, ledger: String) {
        tasks.append(Task(arn: arn, token: token, ledger: ledger))
    }

    /// A ledger that is gone, or an old one, is blamed for nothing that it cannot know.
    mutating func forget(_ ledger: String) {
        for index in tasks.indices where tasks[index].ledger == ledger { tasks[index].ledger = nil }
    }

    /// What a token has started, whoever sent it.
    func arns(token: String) -> [String] { tasks.filter { $0.token == token }.map(\.arn) }

    /// What a ledger's intent has started.
    func arns(token: String, ledger: String) -> [String] {
        tasks.filter { $0.token == token && $0.ledger == ledger }.map(\.arn)
    }
}
