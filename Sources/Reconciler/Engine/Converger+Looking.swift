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
            var first = FirstLook(observed: ObservedGraph(graph, clock: context.clock))
            while true {
                first.plan = try await look(&first.observed, recorder: nil)
                let near = first.plan.waits.filter { $0.change.patience?.isNear == true }
                guard !near.isEmpty, context.clock.elapsed() - start < patience else { return first }
                try await context.clock.wait(.milliseconds(500))
                for wait in near { first.observed.doubt(wait.resource) }
            }
        }
    }

    /// Where the world differs from what is wanted, and who moved, with what an apply would do. Changes nothing and records
    /// nothing.
    public func compare() async throws(Failure) -> (plan: Plan, drift: Drift) {
        try await Retry(in: context).reading { () throws(Failure) in
            var observed = ObservedGraph(graph, clock: context.clock)
            let plan = try await look(&observed, recorder: nil)
            return (plan, observed.drift)
        }
    }

    /// Whether another run had its turn since the beginning: it has left entries.
    func isOvertaken() async throws(Failure) -> Bool {
        guard let beginning else { return false }
        return try await context.ledger.length() != beginning.ledgerLength
    }

    /// What was seen before the locks were taken, where it may still count: no other run had its turn, and nothing seen is to be
    /// written first.
    func seen(at first: FirstLook) async throws(Failure) -> ObservedGraph? {
        guard isNew, first.observed.tellsNothing, try await !openIntents().contains(where: isOurs) else { return nil }
        return first.observed
    }

    /// Whether nothing that was read since the beginning can be older than a second.
    var isNew: Bool { beginning.map { context.clock.elapsed() - $0.moment <= .seconds(1) } ?? false }

    func look(_ observed: inout ObservedGraph, recorder: Recorder?) async throws(Failure) -> Plan {
        try await observed.look(pending: try await openIntents(), in: context, recorder: recorder)
    }

    /// The state of things before the first reading.
    public struct Beginning: Sendable {
        let moment: Duration
        /// How many entries the ledger had.
        let ledgerLength: Int64

        public init(in context: Context) async throws(Failure) {
            ledgerLength = try await context.ledger.length()
            moment = context.clock.elapsed()
        }
    }

    /// What was seen before the locks were taken.
    struct FirstLook {
        var observed: ObservedGraph
        var plan = Plan(steps: [])
    }
}
