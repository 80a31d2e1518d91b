import Base
import Reconciler

/// What a plan promises: the calls that it means, and no others.
enum PlanPromise {
    /// - Parameter calls: those that had their effect.
    static func broken(_ plan: Plan, _ calls: [String], _ runner: Launch.Runner) -> String? {
        // What is needed once something under way has ended, the plan cannot tell.
        guard plan.waits.isEmpty else { return nil }
        let promised = plan.changes.compactMap { step -> String? in
            switch step.change.action {
            case .update where step.resource.kind == Kind.schedule: "PutTargets"
            case .register: "RegisterTaskDefinition"
            case .migrate: call(of: runner)
            case .run: "RunTask"
            case .update, .restart: "UpdateService"
            case .create: "CreateService"
            default: nil
            }
        }
        // The mark of a migration that an earlier run began is set by the one that saw its end.
        let marks = calls.count { $0 == "TagResource" }
        func told(_ calls: [String]) -> [String] {
            calls.filter { $0 != "TagResource" }
        }
        let migrations = plan.changes.count { $0.change.action == .migrate }
        guard told(calls) != told(promised) || marks > max(1, migrations, marked(plan)) else { return nil }
        return "the plan stands for \(promised), and \(calls) were made"
    }

    /// How many revisions a note says that the apply marks.
    private static func marked(_ plan: Plan) -> Int {
        let notes = plan.steps.flatMap(\.change.notes).filter { $0.hasPrefix("apply marks ") }
        return notes.map { $0.split(separator: ": the database")[0].split(separator: " and ").count }.max() ?? 0
    }

    private static func call(of runner: Launch.Runner) -> String {
        switch runner {
        case .task: "RunTask"
        case .lambda: "InvokeFunction"
        case .process: "StartProcess"
        }
    }
}
