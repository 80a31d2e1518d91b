import JSON

extension Resolution {
    /// What a person says of a resource of which nothing is open.
    public struct Declaration: Sendable {
        /// In a few words, for the history.
        public let summary: String
        /// What the ledger learns.
        public let facts: [Fact]
        /// The calls that make it known outside this ledger.
        public let calls: [Intention<JSON>]

        public init(_ summary: String, facts: [Fact], calls: [Intention<JSON>]) {
            self.summary = summary
            self.facts = facts
            self.calls = calls
        }
    }

    /// Records what a person says, then makes the calls that tell it to others, each as often as it takes: the same call again
    /// changes nothing.
    ///
    /// - Parameters:
    ///   - declaration: what follows from it, found while no run goes on; throws where there is nothing to say yet.
    ///   - call: makes one of its calls, and returns what the ledger learns from that.
    /// - Throws: the failure of the first call that failed: what was said is in the ledger all the same.
    public func declare(
        reason: String, record: RunRecord, declaration: () async throws(Failure) -> Declaration,
        call: (Intent) async throws(Failure) -> [Fact]
    ) async throws(Failure) {
        let held = try await lock(record)
        let declaration = try await declaration()
        let run = try await context.ledger.begin(
            record.json, environment: context.environment, time: context.clock.wall(), awsTime: context.awsTime())
        var adoption = AdoptionRecord(declaration.facts)
        adoption.declared = (declaration.summary, reason)
        try await append(.adopted, of: run, target.resource, token: "", adoption.json)
        let recorder = Recorder(run: run, context: context.silent)
        var first: Failure?
        for intention in declaration.calls {
            do throws(Failure) {
                try await tell(intention, of: run, recorder, call)
            } catch {
                first = first ?? error
            }
        }
        try await recorder.end(first)
        withExtendedLifetime(held) {}
        if let first { throw first }
    }

    private func tell(
        _ intention: Intention<JSON>, of run: Run, _ recorder: Recorder,
        _ call: (Intent) async throws(Failure) -> [Fact]
    ) async throws(Failure) {
        let mark = IntentRecord(.mark, subject: target.subject, order: intention.order)
        let intent = try await intend(mark, token: intention.token, of: run)
        var tries = Tries()
        while true {
            do {
                let facts = try await call(intent)
                return try await recorder.settle(
                    intent, .succeeded(evidence: ["summary": "marked the revision"], facts: facts))
            } catch let error where error.isTransient && error.exit != .ledger {
                tries.add(error)
                do throws(Failure) { try await Retry(in: context).pause(after: error, tries) } catch {
                    try await recorder.fail(intent, error)
                    throw error
                }
            } catch {
                try await recorder.fail(intent, error)
                throw error
            }
        }
    }
}
