/// The command that makes a plan again, as one would type it.
enum PlanCommandLine {
    /// - Parameters:
    ///   - path: the plan's file.
    ///   - options: those that the plan is applied with, the plan's own included.
    static func text(_ plan: PlanFile, at path: String, _ options: CommonOptions) -> String {
        let words = ["reconcile", "plan"] + plan.members.map(\.path) + CommandHint.words(options) + ["--out", path]
        return words.map(CommandHint.quoted).joined(separator: " ")
    }
}
