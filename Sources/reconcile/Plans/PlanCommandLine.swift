import Reconciler

/// The command that makes a plan again, as one would type it.
enum PlanCommandLine {
    /// - Parameter path: the plan's file.
    static func text(_ plan: PlanFile, at path: String) -> String {
        let options = CommandHint(overrides: plan.overrides).words(of: "plan")
        return ShellWord.line(["reconcile", "plan"] + plan.members.map(\.path) + options + ["--out", path])
    }
}
