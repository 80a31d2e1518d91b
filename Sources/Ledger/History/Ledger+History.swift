import Base

extension Ledger {
    /// An environment's newest run, without its steps.
    public func newestRun(environment: String) async throws(Failure) -> HistoryRun? {
        guard let run = try await look().newest[environment] else { return nil }
        var history = History()
        for sequence in [run.began, run.ended].compactMap(\.self) {
            if let entry = try await log.entry(sequence).entry { history.add(entry) }
        }
        return history.runs().first
    }
}
