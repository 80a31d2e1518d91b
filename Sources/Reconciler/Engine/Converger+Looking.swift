import Base
import Ledger

/// Looks that change nothing.
extension Converger {
    /// How long a command that only looks waits for what is a matter of seconds.
    public static let nearTime = Duration.seconds(10)

    /// What apply would do now. Changes nothing and records nothing.
    ///
    /// - Parameter patience: how long it looks again for what is a matter of seconds, such as the last line of a log.
    public func plan(patience: Duration = .zero) async throws(Failure) -> Plan { try await firstLook(patience).plan }

    func firstLook(_ patience: Duration) async throws(Failure) -> FirstLook {
        let start = context.clock.elapsed()
        return try await Retry(in: context).reading { () throws(Failure) in
            var first = FirstLook(
                observed: ObservedGraph(graph, clock: context.clock), ledgerLength: try await context.ledger.length())
            while true {
                first.plan = try await look(&first.observed, recorder: nil)
                let near = first.plan.waits.filter { $0.change.patience?.isNear == true }
                guard !near.isEmpty, context.clock.elapsed() - start < patience else { return first }
                try await context.clock.wait(.milliseconds(500))
                for wait in near { first.observed.doubt(wait.resource) }
            }
        }
    }

    /// Where the world differs from what is wanted, and who moved. Changes nothing and records nothing.
    public func drift() async throws(Failure) -> Drift { try await compare().drift }

    /// The same, and what an apply would do, from one look.
    public func compare() async throws(Failure) -> (plan: Plan, drift: Drift) {
        try await Retry(in: context).reading { () throws(Failure) in
            var observed = ObservedGraph(graph, clock: context.clock)
            let plan = try await look(&observed, recorder: nil)
            return (plan, observed.drift)
        }
    }

    /// What was seen before the locks were taken, where it still counts: nothing was written into the ledger since, nothing
    /// seen is to be written first, and it is no older than a second. Another run that had its turn in between has left
    /// entries.
    func seen(at first: FirstLook) async throws(Failure) -> ObservedGraph? {
        guard let begun, context.clock.elapsed() - begun <= .seconds(1), first.observed.tellsNothing,
            try await !openIntents().contains(where: isOurs),
            try await context.ledger.length() == first.ledgerLength
        else { return nil }
        return first.observed
    }

    func look(_ observed: inout ObservedGraph, recorder: Recorder?) async throws(Failure) -> Plan {
        try await observed.look(pending: try await openIntents(), in: context, recorder: recorder)
    }

    /// What was seen before the locks were taken.
    struct FirstLook {
        var observed: ObservedGraph
        /// When it began.
        let ledgerLength: Int64
        var plan = Plan(steps: [])
    }
}
