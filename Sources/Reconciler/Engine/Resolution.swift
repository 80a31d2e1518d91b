import JSON

/// A person's word on an intent whose end could not be told.
public struct Resolution: Sendable {
    public enum Verdict: String, Sendable, CaseIterable {
        case succeeded
        case failed
        /// It may be done again, whatever it did.
        case rerun
    }

    private let context: Context

    public init(in context: Context) { self.context = context }

    /// Settles the latest open intent of a resource, and records who said so and why.
    ///
    /// - Parameters:
    ///   - record: who it is, as for a run.
    ///   - facts: what follows from the verdict; only the resource's kind knows.
    /// - Returns: the intent that was settled.
    /// - Throws: ``Failure`` with code `nothing-open` where no intent of the resource waits for a decision.
    public func settle(
        _ resource: ResourceID, as verdict: Verdict, reason: String, record: JSON, facts: (Intent) -> [Fact]
    ) async throws(Failure) -> Intent {
        let open = try await context.ledger.openIntents(environment: context.environment)
        guard let intent = open.last(where: { $0.resource == resource }) else {
            throw Failure(
                .nothingOpen, "nothing of \(resource) waits for a decision", of: resource,
                hint: "see what apply would do: reconcile plan MANIFEST")
        }
        let time = context.clock.wall()
        let run = try await context.ledger.begin(record, environment: context.environment, time: time, awsTime: nil)
        let payload: JSON = [
            "intent": .integer(Int(intent.sequence)), "action": .string(intent.action.rawValue),
            "result": .string(verdict.rawValue), "decidedByHand": true, "reason": .string(reason),
            "facts": .array(facts(intent).map(\.json)),
        ]
        try await context.ledger.append(
            Draft(.outcome, resource, token: intent.token, payload: payload), of: run, time: time, awsTime: nil)
        try await context.ledger.append(Draft(.end, token: "", payload: ["exit": 0]), of: run, time: time, awsTime: nil)
        return intent
    }
}
