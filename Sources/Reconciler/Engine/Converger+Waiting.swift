import Base
import Ledger

/// Waiting is looking again.
extension Converger {
    /// Looks until there is something to do or nothing left: settles what has ended, waits for what is under way.
    func settledPlan(
        _ observed: inout ObservedGraph, _ recorder: Recorder, _ waits: inout WaitClock,
        skipping skipped: Set<ResourceID>
    ) async throws(Failure) -> Plan {
        let retry = Retry(in: context)
        var hasWaited = false
        var waiting: Plan.Step?
        while true {
            let start = context.clock.elapsed()
            var current = observed
            let plan: Plan
            do throws(Failure) {
                plan = try await retry.reading { () throws(Failure) in try await look(&current, recorder: recorder) }
            } catch {
                // A look that the deadline has cut off says less of what was waited for than the one before it.
                guard error.code == .deadlineReached, let waiting, let limit = context.clock.limit else { throw error }
                throw WaitClock.timedOut(waiting, after: limit)
            }
            observed = current
            let pending = plan.waits
            if pending.isEmpty || plan.blocker != nil || plan.next(skipping: skipped) != nil {
                guard hasWaited else { return plan }
                // The world may have moved while one thing was waited for: nothing is started on what was seen before.
                hasWaited = false
                observed.doubtAll(before: start, isLast: plan.isConverged)
                continue
            }
            try waits.check(pending)
            try await expect(pending, &waits)
            for wait in pending where wait.change.patience?.isNear == true { recorder.isNearEnd(wait.resource) }
            try await context.ledger.flush()
            // A run that has lost its locks would wait for what is another's by now.
            try await LockProof.current.check()
            try await context.clock.wait(waits.pause())
            try waits.check(pending)
            hasWaited = true
            waiting = pending.first
            for wait in pending { observed.doubt(wait.resource) }
        }
    }

    /// Finds out how long what is waited for took the last time.
    private func expect(_ pending: [Plan.Step], _ waits: inout WaitClock) async throws(Failure) {
        let unknown = pending.filter { !waits.knowsUsual(of: $0.resource) }
        if unknown.isEmpty { return }
        let open = try await openIntents()
        for wait in unknown {
            let intent = open.last { intent in
                graph[wait.resource].map { intent.isAbout($0, in: context.environment) } ?? false
            }
            var usual: Duration?
            if let intent { usual = try await UsualTime.of(intent, in: context.ledger) }
            waits.expect(usual, of: wait.resource)
        }
    }
}
