import JSON

/// Brings a graph to its desired state: look, plan, do the first thing that may be done, look again, until nothing is left.
///
/// It knows no kinds. Every mutating call has its intent in the ledger before it; what its sighting then shows settles it.
public struct Converger: Sendable {
    private let graph: Graph
    private let context: Context
    private let limits: Limits
    private let locks: RunLocks.Wish

    /// The bounds of a run: no loop without one.
    public struct Limits: Sendable {
        /// The whole run, waits included.
        public var run: Duration = .seconds(2 * 3600)
        /// Transient failures of AWS in a row, before one is taken as the end.
        public var patience = 6
        /// Mutating steps in one run: a graph that never settles is a bug, not a reason to go on.
        public var steps = 200

        public init() {}
    }

    /// - Parameter locks: what a run that changes anything takes first.
    public init(_ graph: Graph, in context: Context, limits: Limits = Limits(), locks: RunLocks.Wish = .none) {
        self.graph = graph
        self.context = context
        self.limits = limits
        self.locks = locks
    }

    /// What apply would do now. Changes nothing and records nothing.
    public func plan() async throws(Failure) -> Plan {
        var survey = Survey(graph)
        return try await look(&survey, recorder: nil)
    }

    /// Converges.
    ///
    /// - Parameter record: what the ledger says of the run, asked for only where there is something to do.
    /// - Returns: the plan that was carried out; empty where the world was as desired already, and then nothing was written.
    public func apply(record: @Sendable () async -> JSON) async throws(Failure) -> Plan {
        let plan = try await plan()
        if let blocker = plan.blocker { throw blocker }
        let open = try await context.ledger.openIntents(environment: context.environment)
        guard !plan.isConverged || !open.isEmpty else { return plan }
        let payload = await record()
        var holder = payload
        holder["since"] = .string(context.clock.wall().iso8601)
        let held = try await RunLocks.take(locks, beside: context.ledger.path, holder: holder, clock: context.clock)
        context.emit(.planned(context.environment, plan))
        let run = try await context.ledger.begin(
            payload, environment: context.environment, time: context.clock.wall(), awsTime: context.awsTime())
        let recorder = Recorder(run: run, context: context)
        do {
            try await converge(recorder)
        } catch {
            try await recorder.end(error)
            throw error
        }
        try await recorder.end(nil)
        withExtendedLifetime(held) {}
        return plan
    }

    private func converge(_ recorder: Recorder) async throws(Failure) {
        var survey = Survey(graph)
        var waits = WaitClock(limit: limits.run, now: context.clock.elapsed)
        var skipped: Set<ResourceID> = []
        for _ in 0..<limits.steps {
            let plan = try await settledPlan(&survey, recorder, &waits)
            if let blocker = plan.blocker { throw blocker }
            if plan.isConverged && plan.next(skipping: skipped) == nil { return }
            guard let step = plan.next(skipping: skipped) else {
                throw Failure(
                    .invariantBroken, "nothing can be done next, although the plan is not empty",
                    hint: "this is a bug: please report it with the output of plan",
                    cause: plan.changes.map { "\($0.resource): \($0.change.action.rawValue), \($0.change.reason)" })
            }
            do {
                try await carryOut(step, &survey, recorder)
                waits.recovered()
            } catch let error where step.change.action == .mark && error.code.exit != .ledger {
                skipped.insert(step.resource)
                context.emit(
                    .warning(step.resource, "\(error.summary); the next run that changes something tries again"))
            } catch let error where error.isTransient || error.effect == .unknown {
                try await pause(&waits, after: error)
            }
            survey.doubt(step.resource)
        }
        throw Failure(
            .invariantBroken, "\(limits.steps) steps did not bring the environment to its desired state",
            hint: "this is a bug: please report it with the output of apply --verbose")
    }

    /// Looks until there is something to do or nothing left: settles what has ended, waits for what is under way.
    private func settledPlan(
        _ survey: inout Survey, _ recorder: Recorder, _ waits: inout WaitClock
    ) async throws(Failure) -> Plan {
        while true {
            let plan = try await look(&survey, recorder, &waits)
            let pending = plan.waits
            if pending.isEmpty || plan.blocker != nil || plan.next() != nil { return plan }
            try waits.check(pending)
            try await sleep(waits.pause())
            for wait in pending { survey.doubt(wait.resource) }
        }
    }

    private func carryOut(
        _ step: Plan.Step, _ survey: inout Survey, _ recorder: Recorder
    ) async throws(Failure) {
        guard let seen = survey[step.resource] else { return }
        let intent = try await recorder.intend(step, seen.intention(step.change, survey.outputs))
        if step.change.action != .mark { context.emit(.started(step.resource, step.change)) }
        do {
            switch try await seen.converge(step.change, intent, context) {
            case .done(let evidence, let facts):
                try await recorder.settle(intent, .succeeded(evidence: evidence, facts: facts))
            case .accepted(let acceptance): try await recorder.accept(intent, acceptance)
            }
        } catch let error where error.effect == .none && error.code.exit != .ledger {
            // The server refused it or never saw it, so there is nothing to look for.
            try await recorder.settle(intent, .abandoned(error.summary), quietly: true)
            throw error
        }
    }

    /// One look, tried again where AWS fails for a moment.
    private func look(
        _ survey: inout Survey, _ recorder: Recorder, _ waits: inout WaitClock
    ) async throws(Failure) -> Plan {
        while true {
            do {
                let plan = try await look(&survey, recorder: recorder)
                waits.recovered()
                return plan
            } catch let error where error.isTransient {
                try await pause(&waits, after: error)
            }
        }
    }

    private func look(
        _ survey: inout Survey, recorder: Recorder?
    ) async throws(Failure) -> Plan {
        let pending = try await context.ledger.openIntents(environment: context.environment)
        return try await survey.look(pending: pending, in: context, recorder: recorder)
    }

    private func pause(_ waits: inout WaitClock, after failure: Failure) async throws(Failure) {
        guard let pause = waits.pauseAfterFailure(upTo: limits.patience) else { throw failure }
        context.emit(.warning(failure.resource, "\(failure.summary); trying again"))
        try await sleep(pause)
    }

    private func sleep(_ duration: Duration) async throws(Failure) {
        do { try await context.clock.sleep(duration) } catch {
            throw Failure(
                .interrupted, "interrupted",
                hint: "run the same command again: it goes on from here, and adopts what is still running")
        }
    }
}
