import Base
import Reconciler

/// The turns of a command that changes environments: each is shown while it lasts, and its end.
protocol ChangeWork: FleetWork {
    var reporter: any Reporter { get }
    /// What a turn that has done its work has done.
    var verb: String { get }
    /// - Returns: the plan that was carried out.
    func change(_ member: Fleet.Member, after earlier: [Ended], _ access: SharedAccess) async throws(Failure) -> Plan
}

extension ChangeWork {
    func work(on member: Fleet.Member, after earlier: [Ended], _ access: SharedAccess) async -> ExitCode {
        let start = ContinuousClock.now
        let tally = CallTally()
        let end = await CallTally.$current.withValue(tally) {
            var plan: Plan?
            var failure: Failure?
            do throws(Failure) { plan = try await change(member, after: earlier, access) } catch { failure = error }
            return RunEnd(
                verb: verb, manifest: member.path, environment: member.environment, plan: plan, failure: failure,
                elapsed: ContinuousClock.now - start, calls: tally.total)
        }
        reporter.finish(end)
        return end.exit
    }

    func skip(_ member: Fleet.Member, _ failure: Failure) async { reporter.finish(.skipped(member, failure)) }
}
