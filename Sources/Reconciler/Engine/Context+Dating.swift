extension Context {
    /// Records a run that was turned away, if AWS's time of some open intent is unknown. This run's time then proves to later
    /// runs how old the intent is at least.
    func dateIntents(_ record: RunRecord, _ failure: Failure) async throws(Failure) {
        guard failure.exit == .locked, awsTime() != nil, try await ledger.hasUndatedIntents() else { return }
        let run = try await ledger.begin(
            record.json, environment: environment, time: clock.wall(), awsTime: awsTime())
        try await Recorder(run: run, context: self).end(failure)
    }
}
