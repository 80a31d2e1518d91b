import Base
import JSON
import Ledger

/// Brings a graph to its desired state: look, plan, do the first thing that may be done, look again, until nothing is left.
///
/// It knows no kinds: in which order a release does things follows from `Blueprint.graph()`. Before each mutating call its intent
/// is in the ledger; the next observation of the resource shows how it ended.
public struct Converger: Sendable {
    let graph: Graph
    let context: Context
    private let locks: RunLocks.Request
    /// nil where some of what it is made of was read before.
    let beginning: Beginning?

    /// - Parameters:
    ///   - locks: what a run that changes anything takes first.
    ///   - beginning: made before the first reading of what the graph is made of; nil if some of it was read earlier.
    public init(
        _ graph: Graph, in context: Context, locks: RunLocks.Request = .none, beginning: Beginning? = nil
    ) {
        self.graph = graph
        self.context = context
        self.locks = locks
        self.beginning = beginning
    }

    /// Converges.
    ///
    /// - Parameters:
    ///   - approval: which plan may be carried out; nil for whatever is needed.
    ///   - record: what the ledger says of the run, asked for only where there is something to do.
    /// - Returns: the plan that was carried out; empty where the world was as desired already, and then nothing was written,
    ///   but for the plan's ``Plan/news``.
    public func apply(
        approval: Approval? = nil, record: @Sendable () async -> RunRecord
    ) async throws(Failure) -> Plan {
        do { return try await run(approval, record) } catch { throw await atDeadline(error) }
    }

    private func run(_ approval: Approval?, _ record: @Sendable () async -> RunRecord) async throws(Failure) -> Plan {
        // As patient as the command that shows the plan: what that shows is what is done.
        let first = try await firstLook(Self.nearTime)
        let plan = first.plan
        try approval?.allows(plan)
        // A run that is at work has the lock: wait for it instead of failing.
        let isBusy = plan.blocker?.exit == .locked
        if !isBusy, try await isDone(plan) {
            tellLeft(plan)
            return plan
        }
        let record = await record()
        return try await context.holding(locks, record) { (hasWaited) async throws(Failure) in
            let isOvertaken = try await self.isOvertaken()
            if hasWaited || isBusy || isOvertaken {
                // The other run may have done all of it.
                let plan = try await self.plan(patience: Self.nearTime)
                try approval?.allows(plan)
                if let blocker = plan.blocker { try await context.dateIntents(record, blocker) }
                if try await isDone(plan) { return plan }
                try await carryOut(plan, nil, record, isApproved: approval != nil)
                return plan
            }
            try await carryOut(plan, try await seen(at: first), record, isApproved: approval != nil)
            return plan
        }
    }

    /// - Parameter seen: what was seen already of the world; nil if all has to be looked at.
    private func carryOut(
        _ plan: Plan, _ seen: ObservedGraph?, _ record: RunRecord, isApproved: Bool
    ) async throws(Failure) {
        context.emit(.planned(context.environment, plan))
        let recorder = try await Recorder.begin(record, in: context)
        do {
            var observed = ObservedGraph(graph, clock: context.clock)
            // To write the first entry may have taken long.
            if isNew, let seen { observed = seen }
            try await converge(observed, recorder, approved: isApproved ? ApprovedSteps(of: plan) : nil)
        } catch {
            let failure = await atDeadline(error)
            // What has ended the run outranks that the end cannot be recorded, unless the ledger itself is in trouble.
            do { try await recorder.end(failure) } catch {
                throw error.exit == .ledger && failure.code != .leaseLost ? error : failure
            }
            throw failure
        }
        try await recorder.end(nil)
    }

    /// A run that ends at its deadline says whether something is still under way: an open intent was accepted, or its call
    /// may have had its effect.
    private func atDeadline(_ failure: Failure) async -> Failure {
        guard failure.code == .deadlineReached, let limit = context.clock.limit else { return failure }
        do throws(Failure) {
            guard let open = try await openIntents().last(where: isOurs) else { return failure }
            return Failure(
                .timedOut, "the time-out of \(limit.text) is over; \(open.action.rawValue) may still be under way",
                of: open.resource,
                hint: "run the same command again: it resumes from here, and takes over what is still running",
                cause: failure.cause)
        } catch {
            return failure
        }
    }

    /// Writes down what the world tells and the ledger does not hold: facts by their marks, and how it ended what was under
    /// way. Changes nothing but the ledger.
    ///
    /// - Returns: the facts that were adopted.
    public func learn(record: RunRecord) async throws(Failure) -> [Fact] {
        try await context.holding(locks, record) { (_) async throws(Failure) in
            let recorder = try await Recorder.begin(record, in: context)
            var observed = ObservedGraph(graph, clock: context.clock)
            do throws(Failure) { _ = try await look(&observed, recorder: recorder) } catch {
                try await recorder.end(error)
                throw error
            }
            try await recorder.end(nil)
            return observed.adopted
        }
    }

    /// Whether nothing is left to do, not even to find out how something ended or to record what another user has done.
    ///
    /// - Throws: the failure of a step that is blocked.
    private func isDone(_ plan: Plan) async throws(Failure) -> Bool {
        if let blocker = plan.blocker {
            // An end that is seen now may not be shown by AWS an hour later.
            if plan.showsEnd { return false }
            throw blocker
        }
        guard plan.isConverged, plan.news.isEmpty else { return false }
        let left = Set(plan.left.map(\.resource))
        return try await !openIntents().contains { isOurs($0) && !left.contains($0.resource) }
    }

    /// Only intents of this graph's resources count: those of another cluster, or of what the manifest no longer names, are
    /// left open.
    func isOurs(_ intent: Intent) -> Bool {
        graph.resources.contains { intent.isAbout($0, in: context.environment) }
    }

    func openIntents() async throws(Failure) -> [Intent] {
        try await context.ledger.openIntents(
            of: Set(graph.resources.flatMap(\.names)), environment: context.environment)
    }

    /// - Parameter approved: the steps beyond which nothing may be done; nil for whatever is needed.
    private func converge(
        _ seen: ObservedGraph, _ recorder: Recorder, approved: ApprovedSteps?
    ) async throws(Failure) {
        var (observed, approved) = (seen, approved)
        let retry = Retry(in: context)
        var waits = WaitClock(context.clock)
        var skipped: Set<ResourceID> = []
        var failures: [ResourceID: Tries] = [:]
        // What was looked at again for a step: once, however long that takes.
        var fresh: ResourceID?
        for _ in 0..<steps {
            let plan = try await settledPlan(&observed, recorder, &waits, skipping: skipped)
            if let blocker = plan.blocker { throw blocker }
            guard let step = plan.next(skipping: skipped) else {
                if plan.isConverged { return tellLeft(plan) }
                throw Self.stuck(plan)
            }
            if let limit = context.clock.limit, context.clock.isOver {
                throw .deadlineReached(after: limit, last: nil)
            }
            // Calls that are tried again take their time: what the step relies on may be of before.
            if fresh != step.resource, observed.doubt(graph[step.resource]?.dependencies ?? [], olderThan: .seconds(1))
            {
                fresh = step.resource
                continue
            }
            try approved?.allows(step)
            do {
                try await carryOut(step, &observed, recorder)
                waits.begin(step.resource)
                approved?.take(step)
                failures[step.resource] = nil
            } catch let error where step.change.need.isNote && error.code.exit != .ledger && error.code != .leaseLost {
                // Retried once: a lost answer must not keep others from being marked.
                if error.isTransient || error.effect == .unknown, failures[step.resource] == nil {
                    failures[step.resource, default: Tries()].add(error)
                    try await retry.pause(after: error, failures[step.resource, default: Tries()])
                    observed.doubt(step.resource)
                    continue
                }
                skipped.insert(step.resource)
                context.emit(
                    .warning(step.resource, "\(error.summary); the next run that changes something tries again"))
            } catch let error where error.isTransient || error.effect == .unknown {
                failures[step.resource, default: Tries()].add(error)
                try await retry.pause(after: error, failures[step.resource, default: Tries()])
            }
            observed.doubt(step.resource)
            observed.doubt(
                dependentsOf: step.resource, with: try await openIntents(), in: context.environment)
        }
        throw .broken("\(steps) steps did not bring the environment to its desired state")
    }

    private func tellLeft(_ plan: Plan) {
        for step in plan.left { context.emit(.left(step.resource, step.change.reason)) }
    }

    /// Mutating steps in one run: a graph that never settles is a bug, not a reason to go on. A resource has a few changes,
    /// and each may be tried again.
    private var steps: Int { graph.resources.count * 8 + 40 }

    private static func stuck(_ plan: Plan) -> Failure {
        .broken(
            "nothing can be done next, although the plan is not empty",
            cause: plan.changes.map { "\($0.resource): \($0.change.action.rawValue), \($0.change.reason)" })
    }

    private func carryOut(
        _ step: Plan.Step, _ observed: inout ObservedGraph, _ recorder: Recorder
    ) async throws(Failure) {
        guard let seen = observed[step.resource], let resource = graph[step.resource] else { return }
        let intent = try await recorder.intend(step, try seen.intention(step.change, observed.outputs), about: resource)
        if !step.change.need.isNote { context.emit(.started(step.resource, step.change)) }
        let reply: Reply<JSON>
        do {
            reply = try await seen.converge(step.change, intent, context)
        } catch {
            try await recorder.fail(intent, error)
            throw error
        }
        switch reply {
        case .done(let evidence, let facts):
            try await recorder.settle(intent, .succeeded(evidence: evidence, facts: facts))
        case .accepted(let acceptance): try await recorder.accept(intent, acceptance)
        case .refused(let failure, let facts):
            try await recorder.settle(intent, .failed(failure, evidence: [:], facts: facts))
        }
    }

}
