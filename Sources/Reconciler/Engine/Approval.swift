import Base

/// The one plan that a run may carry out.
public struct Approval: Sendable {
    private let check: @Sendable (Plan) throws(Failure) -> Void

    /// - Parameter check: throws a ``Failure`` with code `plan-changed` for any other plan.
    public init(check: @escaping @Sendable (Plan) throws(Failure) -> Void) { self.check = check }

    func allows(_ plan: Plan) throws(Failure) { try check(plan) }
}

/// The steps of an approved plan. What a run finds to do after it has started must be one of them, and each is made once.
struct ApprovedSteps {
    private var left: [Plan.Step]

    init(of plan: Plan) { left = plan.steps }

    func allows(_ step: Plan.Step) throws(Failure) {
        guard isChange(step), place(of: step) == nil else { return }
        throw Failure(
            .planChanged, "the world has moved since the plan was made: \(step.change.reason)", of: step.resource,
            hint: "see what happened: reconcile status MANIFEST; then make a new plan and get it approved",
            cause: ["\(step.resource): \(step.change.action.rawValue) is needed now, and was not approved"])
    }

    /// The server has taken it: once more is more than was approved.
    mutating func take(_ step: Plan.Step) {
        if isChange(step), let place = place(of: step) { left.remove(at: place) }
    }

    /// No one approves a question or a note: they change nothing.
    private func isChange(_ step: Plan.Step) -> Bool { if case .change = step.change.need { true } else { false } }

    private func place(of step: Plan.Step) -> Int? {
        left.firstIndex {
            $0.resource == step.resource && $0.change.action == step.change.action
                && ($0.change.content == nil || $0.change.content == step.change.content)
        }
    }
}
