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
        (0..<(launches ?? scenario.ends.count)).flatMap { launch in
            let points = baseline.points[launch]
            let idle = Set(idle(points))
            return points.enumerated().flatMap { index, point in
                faults.filter { fault in
                    switch fault {
                    case .crashBefore, .cancelled: idle.contains(index)
                    case .crashAfter, .cancelledAfter: point.hasEffect
                    default: true
                    }
                }.map { single(scenario, [FaultPlan.Strike(launch: launch, index: index, fault: $0)], baseline) }
            }
        }
    }

    /// The points before which a death is another one than after the last effect: the first, and one for each second that has
    /// passed since. In between nothing is different.
    private static func idle(_ points: [Point.Passed]) -> [Int] {
        var last: Int?
        var indices: [Int] = []
        for (index, point) in points.enumerated() {
            if last.map({ point.moment - $0 >= 1_000 }) ?? true {
                indices.append(index)
                last = point.moment
            }
            if point.hasEffect { last = point.moment }
        }
        return indices
    }

    /// Two deaths: one at each point of the first launch, another at each point of the launch that recovers from it.
    ///
    /// Before each point is enough, where something has changed or a second has passed since the one before: to have died
    /// after the effect of one is to have died before the next.
    public static func doubles(
        of scenario: Scenario, baseline: Play.Outcome, in folder: String
    ) async -> [Case] {
        var cases: [Case] = []
        for index in deaths(baseline.points[0]) {
            let first = FaultPlan.Strike(launch: 0, index: index, fault: .crashBefore)
            // How many points the recovery has is known once it was played.
            let recovery = await single(scenario, [first], baseline).play(in: folder)
            for second in deaths(recovery.points.dropFirst().first ?? []) {
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

    private static func deaths(_ points: [Point.Passed]) -> [Int] {
        let idle = Set(idle(points))
        return points.indices.filter { idle.contains($0) || $0 > 0 && points[$0 - 1].hasEffect }
    }
}
