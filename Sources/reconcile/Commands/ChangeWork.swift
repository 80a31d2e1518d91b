import Base

/// The turns of a command that changes environments: each is shown while it lasts, and its end.
protocol ChangeWork: FleetWork {
    var reporter: any Reporter { get }
    func change(_ member: Fleet.Member, after earlier: [Ended], _ shared: Shared) async -> RunEnd
}

extension ChangeWork {
    func work(on member: Fleet.Member, after earlier: [Ended], _ shared: Shared) async -> ExitCode {
        let end = await CallTally.$current.withValue(CallTally()) {
            await change(member, after: earlier, shared)
        }
        reporter.finish(end)
        return end.exit
    }

    func skip(_ member: Fleet.Member, _ failure: Failure) async { reporter.finish(.skipped(member, failure)) }
}
