/// Faults by place instead of by time: every call with every fault, every use of the ledger.
public enum Sieges {
    public static let calls = [
        "DescribeServices", "DescribeTaskDefinition", "ListTaskDefinitions", "RegisterTaskDefinition", "RunTask",
        "DescribeTasks", "ListTasks", "UpdateService", "TagResource", "DescribeImages", "GetLogEvents",
        "GetCallerIdentity",
    ]

    /// Every call with every fault: once, three times, and for as long as the acts last.
    public static func ofCalls(_ scenario: Scenario, _ calls: [String] = calls) -> [Case] {
        calls.flatMap { call in
            Fault.ofCalls.flatMap { fault in
                [1, 3, 1_000_000].map { times in
                    var plan = FaultPlan(seed: 1)
                    let siege = FaultPlan.Siege(name: call, fault: fault, times: times)
                    plan.siege = siege
                    return Case(
                        scenario, plan, seed: 1, replay: "--seed 1 --scenario \(scenario.name) --siege \(siege)")
                }
            }
        }
    }

    /// Reads that are behind, strange or empty for as long as the acts last.
    public static func ofLies(_ scenario: Scenario) -> [Case] {
        ["DescribeServices", "DescribeTasks", "ListTaskDefinitions", "GetLogEvents"].flatMap { call in
            [Fault.stale, .strange, .failures].map { fault in
                var plan = FaultPlan(seed: 1)
                let siege = FaultPlan.Siege(name: call, fault: fault, times: 1_000_000)
                plan.siege = siege
                return Case(scenario, plan, seed: 1, replay: "--seed 1 --scenario \(scenario.name) --siege \(siege)")
            }
        }
    }

    /// A death at each point of the first launch, and then lists that are behind for as long as the acts last.
    public static func ofStaleLists(_ scenario: Scenario, baseline: Play.Outcome) -> [Case] {
        CrashSweep.cases(of: scenario, baseline: baseline, faults: CrashSweep.deaths, launches: 1).map { death in
            var death = death
            let siege = FaultPlan.Siege(name: "ListTasks", fault: .stale, times: 1_000_000)
            death.plan.siege = siege
            death.summary = nil
            death.replay += " --siege \(siege)"
            return death
        }
    }

    /// A call that may have had its effect, and whose repeat fails in another way.
    public static func ofRepeats(_ scenario: Scenario, of calls: [String]) -> [Case] {
        calls.flatMap { call in
            [Fault.lost, .failedAfter, .malformed, .crashAfter, .crashBefore].flatMap { first in
                [Fault.throttled, .denied, .reset, .unavailable, .lost, .crashBefore, .crashAfter].map { then in
                    var plan = FaultPlan(seed: 1)
                    let siege = FaultPlan.Siege(name: call, fault: first, times: 1, then: then)
                    plan.siege = siege
                    return Case(
                        scenario, plan, seed: 1, replay: "--seed 1 --scenario \(scenario.name) --siege \(siege)")
                }
            }
        }
    }

    /// The n-th use of the ledger fails, once or from then on, for every n.
    public static func ofLedger(_ scenario: Scenario, uses: Int) -> [Case] {
        (1...max(1, uses)).flatMap { nth in
            Fault.ofLedgers.flatMap { fault in
                [false, true].map { isPersistent in
                    var plan = FaultPlan(seed: 1)
                    let failing = FaultPlan.LedgerFault(nth: nth, fault: fault, isPersistent: isPersistent)
                    plan.ledger = failing
                    return Case(
                        scenario, plan, seed: 1, replay: "--seed 1 --scenario \(scenario.name) --ledger \(failing)")
                }
            }
        }
    }
}
