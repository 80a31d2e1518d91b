import Base
import Hashing
import JSON
import Ledger

/// A person's word on a resource: how an open step ended, that it is to stop, or in which state the resource is.
public struct Resolution: Sendable {
    let resource: any Decidable
    let context: Context
    let locks: RunLocks.Request

    /// - Parameter locks: what is taken first: nothing is decided while a run goes on.
    public init(of resource: any Decidable, in context: Context, locks: RunLocks.Request = .none) {
        self.resource = resource
        self.context = context
        self.locks = locks
    }

    /// Settles the latest open step of the resource, and records who said so and why.
    ///
    /// - Parameter record: who decides, as for a run.
    /// - Returns: what was done, in a few words.
    /// - Throws: ``Failure`` with code `nothing-open` where no step waits for a decision or its program shows the contrary,
    ///   `migration-running` where it may still be at work.
    public func settle(as verdict: Verdict, reason: String, record: RunRecord) async throws(Failure) -> String {
        try await context.holding(locks, record) { (_) async throws(Failure) in
            let intent = try await open()
            if let underWay = try await resource.underWay(intent, in: context) {
                let failure = stillAtWork(underWay)
                try await context.dateIntents(record, failure)
                throw failure
            }
            let shown = try await resource.shownEnd(intent, in: context)
            if let shown, shown.contradicts(verdict) { throw contradiction(shown, verdict) }
            try await LockProof.current.check()
            let run = try await context.begin(record)
            var outcome = OutcomeRecord(of: intent, .init(verdict))
            (outcome.isByHand, outcome.reason, outcome.facts) = (
                true, reason,
                (verdict == .rerun ? nil : shown?.facts) ?? resource.facts(of: intent, after: verdict)
            )
            try await append(.outcome, of: run, token: intent.token, outcome.json)
            try await Recorder(run: run, context: context).end(nil)
            return "\(intent.action.rawValue) is settled as \(verdict.rawValue)"
        }
    }

    /// Stops what the latest open step of the resource has at work. How that ended, the next run looks at.
    ///
    /// - Returns: what was done, in a sentence.
    /// - Throws: ``Failure`` with code `nothing-open` where nothing is known to be at work.
    public func stop(reason: String, record: RunRecord) async throws(Failure) -> String {
        try await context.holding(locks, record) { (_) async throws(Failure) in
            let open = try await open()
            try await resource.checkStop(of: open, in: context)
            let run = try await context.begin(record)
            let stop = IntentRecord(
                .stop, subject: resource.subject, reason: reason, order: ["about": .string(open.token)])
            let intent = try await intend(stop, token: SHA256.hex("stop\n\(open.token)"), of: run)
            let done: String
            do throws(Failure) {
                done = try await resource.stop(open, reason: reason, in: context)
            } catch {
                try await Recorder(run: run, context: context).fail(intent, error)
                throw error
            }
            var outcome = OutcomeRecord(of: intent, .succeeded)
            (outcome.isByHand, outcome.reason, outcome.evidence) = (true, reason, ["summary": "asked to stop"])
            try await append(.outcome, of: run, token: intent.token, outcome.json)
            try await Recorder(run: run, context: context).end(nil)
            return done
        }
    }

    // MARK: - Entries

    /// The step that waits for a decision.
    private func open() async throws(Failure) -> Intent {
        let open = try await context.ledger.openIntents(of: Set(resource.names), environment: context.environment)
        guard let intent = open.last(where: { resource.waits($0, in: context.environment) }) else {
            throw nothingOpen(open.filter { $0.environment == context.environment })
        }
        return intent
    }

    /// Records what is about to be called.
    func intend(_ record: IntentRecord, token: String, of run: Run) async throws(Failure) -> Intent {
        try await LockProof.current.check()
        let entry = try await append(.intent, of: run, token: token, record.json)
        try await LockProof.current.check()
        return Intent(entry, record, of: resource.id)
    }

    @discardableResult
    func append(_ kind: Entry.Kind, of run: Run, token: String, _ payload: JSON) async throws(Failure) -> Entry {
        try await context.append(Draft(kind, resource.id, token: token, payload: payload), of: run)
    }

    // MARK: - Refusals

    private func stillAtWork(_ underWay: UnderWay) -> Failure {
        let hint =
            switch underWay.way {
            case _ where underWay.mayNotExist: "run the same command again in a minute"
            case .none: "it ends at its own time-out: then run the same command again"
            case .stop:
                "wait until it has ended, or end it: reconcile resolve MANIFEST \(resource.id) --stop --reason TEXT"
            case .demand:
                "watch it: reconcile apply MANIFEST; or roll it back: "
                    + "reconcile resolve MANIFEST \(resource.id) --rollback --reason TEXT"
            }
        return Failure(
            underWay.way == .demand ? .nothingOpen : .migrationRunning,
            "its \(underWay.noun) is \(underWay.state): how it ends is not known yet",
            of: resource.id, hint: hint, cause: ["program: \(underWay.program)"])
    }

    private func contradiction(_ shown: ShownEnd, _ verdict: Verdict) -> Failure {
        Failure(
            .nothingOpen, "it needs no decision, and its end was not \"\(verdict.rawValue)\": \(shown.summary)",
            of: resource.id,
            hint:
                "the next apply records that end; see it: reconcile status MANIFEST" + shown.advice)
    }

    /// - Parameter open: the environment's open steps, none of which is this resource's to decide.
    private func nothingOpen(_ open: [Intent]) -> Failure {
        let namesake = open.last { $0.resource == resource.id && resource.needsDecision($0) }
        let others = Set(open.map(\.resource)).subtracting([resource.id]).sorted()
        return Failure(
            .nothingOpen, "nothing of \(resource.id) waits for a decision", of: resource.id,
            hint: namesake == nil
                ? "see what apply would do: reconcile plan MANIFEST"
                : "name the manifest as it was then: the open step is about another cluster",
            cause: (namesake.map {
                ["the manifest: \(resource.subject)", "the open step: \($0.subject ?? "?")"]
            } ?? []) + (others.isEmpty ? [] : ["open are: \(others.map(\.description).joined(separator: ", "))"]))
    }
}
