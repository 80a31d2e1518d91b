/// Every single point at which a process can die, be asked to end or lose an answer, one play for each.
public enum CrashSweep {
    public static let deaths: [Fault] = [.crashBefore, .crashAfter, .lost]
    public static let signals: [Fault] = [.cancelled, .cancelledAfter]

    /// - Parameters:
    ///   - baseline: the play without faults, which says how many points there are and where the world ends.
    ///   - launches: how many of the launches die; nil for each.
    public static func cases(
        of scenario: Scenario, baseline: Play.Outcome, faults: [Fault], launches: Int? = nil
    ) -> [Case] {
        points(baseline, launches: launches ?? scenario.ends.count).flatMap { launch, index, hasEffect in
            faults.filter { hasEffect || ($0 != .crashAfter && $0 != .cancelledAfter) }.map { fault in
                single(scenario, [FaultPlan.Strike(launch: launch, index: index, fault: fault)], baseline)
            }
        }
    }

    /// Two deaths: one at each point of the first launch, another at each point of the launch that recovers from it.
    ///
    /// Before each point is enough: to have died after the effect of one is to have died before the next.
    public static func doubles(
        of scenario: Scenario, baseline: Play.Outcome, in folder: String
    ) async -> [Case] {
        var cases: [Case] = []
        for index in baseline.effects[0].indices {
            let first = FaultPlan.Strike(launch: 0, index: index, fault: .crashBefore)
            // How many points the recovery has is known once it was played.
            let recovery = await single(scenario, [first], baseline).play(in: folder)
            for second in recovery.effects.dropFirst().first?.indices ?? 0..<0 {
                let again = FaultPlan.Strike(launch: 1, index: second, fault: .crashBefore)
                cases.append(single(scenario, [first, again], baseline))
            }
        }
        return cases
    }

    private static func single(
        _ scenario: Scenario, _ strikes: [FaultPlan.Strike], _ baseline: Play.Outcome
    ) -> Case {
        var plan = FaultPlan(seed: 1)
        plan.strikes = strikes
        // A run that a person has ended is not made again: where the world then ends is that person's wish.
        let isEnded = strikes.contains { $0.fault == .cancelled || $0.fault == .cancelledAfter }
        let words = strikes.map { "--strike \($0)" }.joined(separator: " ")
        return Case(
            scenario, plan, seed: 1, summary: isEnded ? nil : baseline.summary,
            replay: "--seed 1 --scenario \(scenario.name) \(words)")
    }

    private static func points(_ baseline: Play.Outcome, launches: Int) -> [(Int, Int, Bool)] {
        (0..<launches).flatMap { launch in
            baseline.effects[launch].enumerated().map { (launch, $0.offset, $0.element) }
        }
    }
}
