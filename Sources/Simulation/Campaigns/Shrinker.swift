/// Makes a failing case smaller: the faults that it met are played without chance, and those that do not matter are left
/// out one at a time.
public enum Shrinker {
    /// - Returns: the case that still breaks the same invariant, with as few faults as were found to do; nil where it does not
    ///   break it without chance.
    public static func shrink(_ failing: Case, in folder: String) async -> Case? {
        let outcome = await failing.play(in: folder)
        guard let invariant = outcome.violations.first?.invariant else { return nil }
        var strikes = outcome.struck
        guard await breaks(failing, strikes, invariant, in: folder) else { return nil }
        var index = 0
        while index < strikes.count {
            var fewer = strikes
            fewer.remove(at: index)
            if await breaks(failing, fewer, invariant, in: folder) { strikes = fewer } else { index += 1 }
        }
        return played(failing, strikes)
    }

    private static func breaks(
        _ failing: Case, _ strikes: [FaultPlan.Strike], _ invariant: String, in folder: String
    ) async -> Bool {
        await played(failing, strikes).play(in: folder).violations.first?.invariant == invariant
    }

    private static func played(_ failing: Case, _ strikes: [FaultPlan.Strike]) -> Case {
        var smaller = failing
        smaller.plan.calm()
        smaller.plan.strikes = strikes
        let words = strikes.isEmpty ? "--calm" : strikes.map { "--strike \($0)" }.joined(separator: " ")
        let story = failing.scenario.name == "swarm" ? "" : " --scenario \(failing.scenario.name)"
        smaller.replay = "--seed \(failing.seed)\(story) \(words)"
        return smaller
    }
}
