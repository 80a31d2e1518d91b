import Base
import JSON
import Ledger
import Synchronization

/// Writes a run's entries: intent before the call, what the server said, how it ended.
final class Recorder: Sendable {
    let run: Run
    let context: Context
    /// When it recorded its intents, by their sequence numbers: for telling how long a step took.
    private let starts = Mutex<[Int64: Duration]>([:])
    /// When only the last of it was left, such as the rest of a log.
    private let nearEnds = Mutex<[ResourceID: Duration]>([:])

    init(run: Run, context: Context) {
        self.run = run
        self.context = context
    }

    /// Takes the next epoch, and records the run's beginning.
    static func begin(_ record: RunRecord, in context: Context) async throws(Failure) -> Recorder {
        Recorder(run: try await context.begin(record), context: context)
    }

    private func duration(of intent: Intent) -> Duration? {
        starts.withLock { $0[intent.sequence] }.map { context.clock.elapsed() - $0 }
    }

    /// Notes that a wait is now for what is a matter of seconds.
    func isNearEnd(_ resource: ResourceID) {
        nearEnds.withLock { $0[resource] = $0[resource] ?? context.clock.elapsed() }
    }

    /// How long it was until then.
    private func work(of intent: Intent, until nearEnd: Duration?) -> Duration? {
        let end = nearEnd ?? context.clock.elapsed()
        return starts.withLock { $0[intent.sequence] }.map { end - $0 }
    }

    /// Records what is about to be done. Only an intent that is on the disk is carried out.
    ///
    /// An intent with the same token whose call was never answered is taken up again as it is: it keeps its age, and its
    /// unknown effect is not forgotten.
    func intend(
        _ step: Plan.Step, _ intention: Intention<JSON>, about resource: any Resource
    ) async throws(Failure) -> Intent {
        let open = try await context.ledger.openIntents(of: Set(resource.names), environment: context.environment).last
        {
            $0.isAbout(resource, in: context.environment) && $0.token == intention.token
                && $0.action == step.change.action
        }
        try await LockProof.current.check()
        if var open, open.acceptance == nil {
            open.isRepeated = true
            // Its own beginning comes first, as before any other call: a run that it has overtaken learns of it.
            try await context.ledger.flush()
            try await LockProof.current.check()
            return open
        }
        let record = IntentRecord(
            step.change.action, subject: resource.subject, reason: step.change.reason, order: intention.order)
        let entry = try await append(Draft(.intent, step.resource, token: intention.token, payload: record.json))
        starts.withLock { $0[entry.sequence] = context.clock.elapsed() }
        context.intentClock.recorded(entry.sequence)
        let intent = Intent(entry, record, of: step.resource)
        // To write it may have taken long.
        do { try await LockProof.current.check() } catch {
            try await fail(intent, error)
            throw error
        }
        return intent
    }

    func accept(_ intent: Intent, _ acceptance: JSON) async throws(Failure) {
        try await append(
            Draft(
                .accepted, intent.resource, token: intent.token,
                payload: AnswerRecord(to: intent.sequence, acceptance: acceptance).json))
    }

    /// Records that a call failed. Where the server has refused it, or never saw it, there is nothing to look for and the
    /// intent is at its end; else it stays open, and what it may have done is looked for before anything else.
    func fail(_ intent: Intent, _ failure: Failure) async throws(Failure) {
        if failure.exit == .ledger { return }
        if failure.effect == .none && !intent.isRepeated {
            return try await settle(intent, .abandoned(failure.summary), quietly: true)
        }
        try await append(
            Draft(
                .unanswered, intent.resource, token: intent.token,
                payload: AnswerRecord(to: intent.sequence, failure: failure.json).json))
    }

    /// Records facts that the world shows.
    func adopt(_ facts: [Fact], of resource: ResourceID) async throws(Failure) {
        try await append(Draft(.adopted, resource, token: "", payload: AdoptionRecord(facts).json))
    }

    /// Records how an intent ended; a failure then ends the run.
    ///
    /// - Parameter quietly: the caller tells of it.
    func settle(_ intent: Intent, _ settlement: Settlement, quietly: Bool = false) async throws(Failure) {
        let nearEnd = nearEnds.withLock { $0.removeValue(forKey: intent.resource) }
        switch settlement {
        case .succeeded(let evidence, let facts):
            var outcome = OutcomeRecord(of: intent, .succeeded)
            outcome.milliseconds = duration(of: intent)?.milliseconds
            outcome.evidence = evidence
            outcome.facts = facts + UsualTime.facts(of: intent, took: work(of: intent, until: nearEnd))
            try await append(outcome, of: intent)
            let summary = evidence["summary"]?.string ?? "done"
            context.emit(.finished(intent.resource, intent.action, summary: summary, took: duration(of: intent)))
        case .failed(let failure, let evidence, let facts), .overtaken(let failure, let evidence, let facts):
            var outcome = OutcomeRecord(of: intent, .failed)
            (outcome.failure, outcome.evidence, outcome.facts) = (failure.json, evidence, facts)
            try await append(outcome, of: intent)
            guard case .overtaken = settlement else { throw failure }
            context.emit(.warning(intent.resource, "of an earlier run: \(failure.summary)"))
        case .abandoned(let reason):
            var outcome = OutcomeRecord(of: intent, .abandoned)
            outcome.reason = reason
            try await append(outcome, of: intent)
            if !quietly { context.emit(.warning(intent.resource, reason)) }
        case .indeterminate(let failure): throw failure
        }
    }

    private func append(_ outcome: OutcomeRecord, of intent: Intent) async throws(Failure) {
        try await append(Draft(.outcome, intent.resource, token: intent.token, payload: outcome.json))
    }

    /// Records the run's end.
    func end(_ failure: Failure?) async throws(Failure) {
        // A ledger that failed cannot take the record of its failure.
        if failure?.exit == .ledger { return }
        // Another run may be at work: this one does not begin, or end, in the middle of it.
        if failure?.code == .leaseLost { return await context.ledger.drop(run) }
        let retries = context.retries.times.sorted { $0.key.precedes($1.key) }.map { (code: $0.key, times: $0.value) }
        try await append(Draft(.end, token: "", payload: EndRecord(failure, retries: retries).json))
    }

    @discardableResult
    private func append(_ draft: Draft) async throws(Failure) -> Entry {
        try await context.append(draft, of: run)
    }
}

extension Context {
    func begin(_ record: RunRecord) async throws(Failure) -> Run {
        try await ledger.begin(record.json, environment: environment, time: clock.wall(), awsTime: awsTime())
    }

    func append(_ draft: Draft, of run: Run) async throws(Failure) -> Entry {
        try await ledger.append(draft, of: run, time: clock.wall(), awsTime: awsTime())
    }

    /// Does something while a run's locks are held.
    func holding<Result>(
        _ locks: RunLocks.Request, _ record: RunRecord,
        _ body: (_ hasWaited: Bool) async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        var locks = locks
        locks.waiting = { emit(.warning(nil, $0)) }
        return try await ledger.holding(locks, holder: holder(record), clock: clock, body)
    }

    /// What whoever comes second is told of a run.
    func holder(_ record: RunRecord) -> JSON {
        var holder = record.json
        holder["since"] = .string(clock.wall().iso8601)
        return holder
    }

    /// Records a run that was turned away, if AWS's time of some open intent is unknown. This run's time then proves to later
    /// runs how old the intent is at least.
    func dateIntents(_ record: RunRecord, _ failure: Failure) async throws(Failure) {
        guard failure.exit == .locked, awsTime() != nil, try await ledger.hasUndatedIntents() else { return }
        try await Recorder(run: try await begin(record), context: self).end(failure)
    }
}
