/// One play that a campaign makes, and how to make it again.
public struct Case: Sendable {
    public var scenario: Scenario
    public var plan: FaultPlan
    public var seed: UInt64
    /// Where the world must come to; nil where the story itself decides.
    public var summary: [String]?
    /// How the launches of its acts must end; nil where faults decide.
    public var ends: [Int32]?
    /// Arguments of `simulate` that play it again.
    public var replay: String

    public init(
        _ scenario: Scenario, _ plan: FaultPlan, seed: UInt64, summary: [String]? = nil, ends: [Int32]? = nil,
        replay: String
    ) {
        self.scenario = scenario
        self.plan = plan
        self.seed = seed
        self.summary = summary
        self.ends = ends
        self.replay = replay
    }

    /// Plays it.
    ///
    /// - Returns: how it went, with what differs from the expected end among the violations.
    public func play(in folder: String, keepsTrace: Bool = false) async -> Play.Outcome {
        var outcome = await Play.run(scenario, plan, seed: seed, in: folder, keepsTrace: keepsTrace)
        if let summary, outcome.violations.isEmpty, outcome.summary != summary {
            outcome.violations = [Violation("M2", "the world ends as \(outcome.summary), and not as \(summary)")]
        }
        if let ends, outcome.violations.isEmpty, outcome.ends != ends {
            outcome.violations = [Violation("story", "its launches end with \(outcome.ends), and not with \(ends)")]
        }
        return outcome
    }
}
