import Base

/// The one plan that a run may carry out.
public struct Approval: Sendable {
    private let check: @Sendable (Plan) throws(Failure) -> Void

    /// - Parameter check: throws a ``Failure`` with code `plan-changed` for any other plan.
    public init(check: @escaping @Sendable (Plan) throws(Failure) -> Void) { self.check = check }

    func allows(_ plan: Plan) throws(Failure) { try check(plan) }

    /// What a run finds to do after it has started must have been a part of the plan.
    static func allows(_ step: Plan.Step, after plan: Plan) throws(Failure) {
        // No one approves a question or a note: they change nothing.
        guard case .change = step.change.need else { return }
        let isApproved = plan.steps.contains {
            $0.resource == step.resource && $0.change.action == step.change.action
                && ($0.change.content == nil || $0.change.content == step.change.content)
        }
        guard !isApproved else { return }
        throw Failure(
            .planChanged, "the world has moved since the plan was made: \(step.change.reason)", of: step.resource,
            hint: "see what happened, then make a new plan and get it approved: reconcile status MANIFEST",
            cause: ["\(step.resource): \(step.change.action.rawValue) is needed now, and was not approved"])
    }
}
