extension Context {
    /// Records a run that found something else at work, where an open intent has no time of AWS: whoever looks later knows by
    /// this run's time how old the intent is at least, and does not take it for young for ever.
    func dateIntents(_ record: RunRecord, _ failure: Failure) async throws(Failure) {
        guard failure.code == .migrationRunning, awsTime() != nil, try await ledger.hasUndatedIntents() else { return }
        let run = try await ledger.begin(
            record.json, environment: environment, time: clock.wall(), awsTime: awsTime())
        try await Recorder(run: run, context: self).end(failure)
    }
}
