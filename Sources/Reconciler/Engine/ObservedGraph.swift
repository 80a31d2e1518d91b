import Base
import Ledger

/// What has been seen of a graph so far. Only what may have moved is looked at again: nothing is asked twice of AWS that
/// this process has no reason to doubt.
struct ObservedGraph {
    private let graph: Graph
    private let clock: EngineClock
    private var seen: [ResourceID: ObservedResource] = [:]
    /// When each was seen, and how long that took.
    private var moments: [ResourceID: (end: Duration, length: Duration)] = [:]
    /// Of all that was in its desired state at the last look.
    private(set) var outputs = Outputs()

    init(_ graph: Graph, clock: EngineClock) {
        self.graph = graph
        self.clock = clock
    }

    /// Forgets what was seen of a resource, so that the next look reads it again.
    mutating func doubt(_ resource: ResourceID) { seen[resource] = nil }

    private mutating func doubt(dependentsOf resource: ResourceID) {
        for dependent in dependents(of: resource) { doubt(dependent.id) }
    }

    /// Forgets what was seen of those that depend on a resource and have an open step: what that resource now is may have
    /// decided on it.
    mutating func doubt(dependentsOf resource: ResourceID, with open: [Intent], in environment: String) {
        for dependent in dependents(of: resource) where open.contains(where: { $0.isAbout(dependent, in: environment) })
        {
            doubt(dependent.id)
        }
    }

    private func dependents(of resource: ResourceID) -> [any Resource] {
        var moved: Set = [resource]
        return graph.resources.filter { dependent in
            if moved.isDisjoint(with: dependent.dependencies) { return false }
            moved.insert(dependent.id)
            return true
        }
    }

    /// Forgets those that were seen longer ago than that. What took longer to see may be as old as that: otherwise a run that
    /// calls AWS as fast as AWS allows would look for ever.
    ///
    /// - Returns: whether there was one.
    mutating func doubt(_ resources: [ResourceID], olderThan age: Duration) -> Bool {
        let now = clock.elapsed()
        let old = resources.filter { seen[$0] != nil && isOlder($0, than: age, now) }
        for resource in old { doubt(resource) }
        return !old.isEmpty
    }

    /// Forgets all that was not looked at since a moment, and what was longer than a second ago.
    ///
    /// - Parameter isLast: whether nothing is to be done any more. Else what brought a step's end is looked at once more: with
    ///   the step open it was not asked what stands in the way of the next one.
    mutating func doubtAll(before start: Duration, isLast: Bool) {
        let now = clock.elapsed()
        seen = seen.filter { id, resource in
            guard let moment = moments[id], isLast && resource.hasSucceeded || resource.settlement == nil else {
                return false
            }
            return moment.end - moment.length >= start && !isOlder(id, than: .seconds(1), now)
        }
    }

    private func isOlder(_ resource: ResourceID, than age: Duration, _ now: Duration) -> Bool {
        guard let moment = moments[resource] else { return true }
        return now - moment.end > max(age, moment.length)
    }

    /// Where what was seen differs from what is wanted.
    var drift: Drift {
        Drift(
            items: graph.resources.flatMap { resource in
                (seen[resource.id]?.divergences(outputs) ?? []).map { .init(resource: resource.id, divergence: $0) }
            })
    }

    /// Whether nothing that was seen is to be written down: no end of an intent, and no fact.
    var tellsNothing: Bool { seen.values.allSatisfy { $0.settlement == nil && $0.adopted.isEmpty } }

    /// What the world shows and the ledger did not hold.
    var adopted: [Fact] { graph.resources.flatMap { seen[$0.id]?.adopted ?? [] } }

    subscript(resource: ResourceID) -> ObservedResource? { seen[resource] }

    /// Looks at all that is not known, in order, and plans.
    ///
    /// - Parameters:
    ///   - pending: intents whose end is not known.
    ///   - recorder: writes what was observed before the plan is made; nil writes nothing.
    mutating func look(
        pending: [Intent], in context: Context, recorder: Recorder?
    ) async throws(Failure) -> Plan {
        let (unseen, upstream) = (graph.resources.filter { seen[$0.id] == nil }, outputs)
        await clock.atOnce(unseen.map { resource in { await resource.readAhead(upstream: upstream) } })
        var planner = Planner()
        for resource in graph.resources {
            let intent = pending.last { $0.isAbout(resource, in: context.environment) }
            let observed: ObservedResource
            if let known = seen[resource.id] {
                observed = known
            } else {
                let start = clock.elapsed()
                observed = try await resource.look(pending: intent, upstream: planner.outputs, in: context)
                    .cautious
                seen[resource.id] = observed
                moments[resource.id] = (clock.elapsed(), clock.elapsed() - start)
                if let intent, let settlement = observed.settlement {
                    try await recorder?.settle(intent, settlement)
                    // What was seen downstream is of the time before this end.
                    if settlement.isEnd { doubt(dependentsOf: resource.id) }
                }
                if !observed.adopted.isEmpty { try await recorder?.adopt(observed.adopted, of: resource.id) }
            }
            planner.take(
                Planner.Input(
                    id: resource.id, dependencies: resource.dependencies, output: observed.output,
                    diff: observed.diff))
        }
        outputs = planner.outputs
        var plan = planner.plan
        plan.showsEnd = seen.values.contains { $0.settlement?.isEnd ?? false }
        return plan
    }
}
