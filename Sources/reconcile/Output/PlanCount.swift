import Reconciler

/// How many steps a plan has, for people: what is blocked, or only waited for, is not a change.
struct PlanCount {
    /// The steps that make a call.
    let changes: Int
    private let waiting: Int
    private let blocked: Int

    init(_ plan: Plan) {
        waiting = plan.waits.count
        blocked = plan.changes.count { $0.change.failure != nil }
        changes = plan.changes.count - waiting - blocked
    }

    /// - Parameter changed: the words for a number of changes; left out where there is none.
    func text(_ changed: (Int) -> String = Self.changes) -> String {
        [(changes, changed(changes)), (waiting, "\(waiting) under way"), (blocked, "\(blocked) blocked")]
            .filter { $0.0 > 0 }.map(\.1).joined(separator: ", ")
    }

    static func changes(_ count: Int) -> String { count == 1 ? "1 change" : "\(count) changes" }
}
