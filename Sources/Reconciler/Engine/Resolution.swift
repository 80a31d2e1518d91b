import Hashing
import JSON

/// A person's word on an intent whose end could not be told.
public struct Resolution: Sendable {
    public enum Verdict: String, Sendable, CaseIterable {
        case succeeded
        case failed
        /// It may be done again, whatever it did.
        case rerun

        fileprivate var result: OutcomeRecord.Result {
            switch self {
            case .succeeded: .succeeded
            case .failed: .failed
            case .rerun: .rerun
            }
        }
    }

    let context: Context
    private let locks: RunLocks.Wish
    let target: Target

    /// What is decided on.
    public struct Target: Sendable {
        public let resource: ResourceID
        /// See ``Resource/subject``; nil if the resource's name alone tells its intents.
        public let subject: String?
        /// See ``Resource/isShared``.
        public let isShared: Bool

        public init(_ resource: ResourceID, subject: String? = nil, isShared: Bool = false) {
            self.resource = resource
            self.subject = subject
            self.isShared = isShared
        }

        func has(_ intent: Intent, in environment: String) -> Bool {
            guard let subject else { return intent.resource == resource && intent.environment == environment }
            return intent.isAbout(resource, subject, isShared: isShared, in: environment)
        }
    }

    /// - Parameter locks: what is taken first: nothing is decided while a run goes on.
    public init(of target: Target, in context: Context, locks: RunLocks.Wish = .none) {
        self.target = target
        self.context = context
        self.locks = locks
    }

    /// Settles the latest open intent of a resource, and records who said so and why.
    ///
    /// - Parameters:
    ///   - record: who decides, as for a run.
    ///   - check: throws where there is nothing to decide yet.
    ///   - facts: what follows from the verdict; only the resource's kind knows.
    /// - Returns: the intent that was settled.
    /// - Throws: ``Failure`` with code `nothing-open` where no intent of the resource waits for a decision.
    public func settle(
        as verdict: Verdict, reason: String, record: RunRecord,
        check: (Intent) async throws(Failure) -> Void = { _ in }, facts: (Intent) -> [Fact]
    ) async throws(Failure) -> Intent {
        try await deciding(record, check: check) { (intent, run) throws(Failure) in
            var outcome = OutcomeRecord(of: intent, verdict.result)
            (outcome.isByHand, outcome.reason, outcome.facts) = (true, reason, facts(intent))
            try await append(.outcome, of: run, target.resource, token: intent.token, outcome.json)
        }
    }

    /// Ends what the latest open intent of a resource has under way. How that ended, the next run looks at.
    ///
    /// - Parameters:
    ///   - check: throws where there is nothing to end.
    ///   - call: makes the one call that ends it.
    /// - Throws: ``Failure`` with code `nothing-open` where nothing is known to be under way.
    public func stop(
        reason: String, record: RunRecord, check: (Intent) async throws(Failure) -> Void,
        call: (Intent) async throws(Failure) -> Void
    ) async throws(Failure) -> Intent {
        try await deciding(record, check: check) { (open, run) throws(Failure) in
            let stop = IntentRecord(
                .stop, subject: target.subject, reason: reason, order: ["about": .string(open.token)])
            let intent = try await intend(stop, token: SHA256.hex("stop\n\(open.token)"), of: run)
            do throws(Failure) { try await call(open) } catch {
                try await Recorder(run: run, context: context).fail(intent, error)
                throw error
            }
            var outcome = OutcomeRecord(of: intent, .succeeded)
            (outcome.isByHand, outcome.reason, outcome.evidence) = (true, reason, ["summary": "asked to stop"])
            try await append(.outcome, of: run, target.resource, token: intent.token, outcome.json)
        }
    }

    /// Records what is about to be called.
    func intend(_ record: IntentRecord, token: String, of run: Run) async throws(Failure) -> Intent {
        let entry = try await append(.intent, of: run, target.resource, token: token, record.json)
        return Intent(entry, record, of: target.resource)
    }

    func lock(_ record: RunRecord) async throws(Failure) -> RunLocks {
        var holder = record.json
        holder["since"] = .string(context.clock.wall().iso8601)
        return try await RunLocks.take(locks, beside: context.ledger.store, holder: holder, clock: context.clock)
    }

    private func deciding(
        _ record: RunRecord, check: (Intent) async throws(Failure) -> Void = { _ in },
        _ body: (Intent, Run) async throws(Failure) -> Void
    ) async throws(Failure) -> Intent {
        let held = try await lock(record)
        let open = try await context.ledger.openIntents(of: [target.resource], environment: context.environment)
            .filter { ![.stop, .probe].contains($0.action) }
        guard let intent = open.last(where: { target.has($0, in: context.environment) }) else {
            throw nothingOpen(open.last { $0.resource == target.resource && $0.environment == context.environment })
        }
        do { try await check(intent) } catch {
            try await context.dateIntents(record, error)
            throw error
        }
        let run = try await context.ledger.begin(
            record.json, environment: context.environment, time: context.clock.wall(), awsTime: context.awsTime())
        try await body(intent, run)
        try await append(.end, of: run, nil, token: "", EndRecord(nil, retries: []).json)
        withExtendedLifetime(held) {}
        return intent
    }

    /// - Parameter other: an open intent of the same name that is about something else.
    private func nothingOpen(_ other: Intent?) -> Failure {
        Failure(
            .nothingOpen, "nothing of \(target.resource) waits for a decision", of: target.resource,
            hint: other == nil
                ? "see what apply would do: reconcile plan MANIFEST"
                : "name the manifest as it was then: the open step is about another cluster",
            cause: other.map { ["the manifest: \(target.subject ?? "?")", "the open step: \($0.subject ?? "?")"] } ?? []
        )
    }

    @discardableResult
    func append(
        _ kind: Entry.Kind, of run: Run, _ resource: ResourceID?, token: String, _ payload: JSON
    ) async throws(Failure) -> Entry {
        try await context.ledger.append(
            Draft(kind, resource, token: token, payload: payload), of: run, time: context.clock.wall(),
            awsTime: context.awsTime())
    }
}
