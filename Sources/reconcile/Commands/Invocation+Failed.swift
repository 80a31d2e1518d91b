import Reconciler

extension Invocation.End {
    /// The end of a look that found no answer.
    static func failed(
        _ failure: Failure, _ member: Fleet.Member, environment: String?, _ options: CommonOptions
    ) -> Invocation.End {
        Invocation.End(exit: failure.exit) {
            FailureOutput.show(failure, manifest: member.path, environment: environment, options)
        }
    }
}
