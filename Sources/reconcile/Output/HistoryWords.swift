import Ledger

/// The words for runs and steps of the past, the same in text and in Markdown.
enum HistoryWords {
    static let underWay = "under way"
    static let noEnd = "no end recorded: cut off, or still under way"

    /// - Parameter ledger: where the run is recorded, and its lock is.
    static func end(of run: HistoryRun, in ledger: String) -> String {
        let took = run.seconds.map(duration)
        switch run.exit {
        case 0?: return success(of: run.command) + (took.map { " in \($0)" } ?? "")
        case let exit?:
            let summary = run.failure?["summary"]?.string.map { ": \(oneLine($0))" } ?? ""
            return "exit code \(exit)" + (took.map { " after \($0)" } ?? "") + summary
        case nil:
            return run.isOvertaken
                ? "cut off before its end" : run.isUnderWay(beside: ledger) ? underWay : noEnd
        }
    }

    static func success(of command: String) -> String { command == "apply" ? "converged" : "done" }

    static func who(_ run: HistoryRun) -> String {
        "\(run.began.iso8601) by \(oneLine(run.user)) on \(oneLine(run.host))"
    }

    /// What a run was to release.
    static func release(_ release: HistoryRun.Release) -> String {
        let digest = release.image.contains("@") ? nil : release.digest.map { " (\($0))" }
        let schema = release.schema.map { ", schema \($0)" } ?? ""
        return oneLine("image \(release.image)\(digest ?? "")\(schema)")
    }

    /// What is said of a step next to its result.
    static func note(on step: HistoryStep, of run: HistoryRun) -> String {
        if let later = step.settledIn { return "its end was recorded by run \(later)" }
        if run.exit != nil || run.isOvertaken, step.result == "open" { return "whether it was done is not recorded" }
        if step.result == "open" || step.result == "accepted" { return "its end is not recorded" }
        var text = oneLine(step.summary ?? "")
        if step.isByHand { text = "manually, by \(oneLine(run.user)): \(text)" }
        guard let epoch = step.intentEpoch, epoch != run.epoch else { return text }
        return text + (text.isEmpty ? "" : " ") + "(started by run \(epoch))"
    }

    static func duration(_ seconds: Int64) -> String { seconds == 0 ? "<1s" : Duration.seconds(seconds).text }

    /// How long steps of one kind took, all of them together.
    static func durations(_ steps: StepDurations) -> String {
        let head = "\(steps.resource): \(steps.action) succeeded"
        if steps.count == 1 { return "\(head) once, in \(duration(steps.longest))" }
        return "\(head) \(steps.count) times, median \(duration(steps.median)), longest \(duration(steps.longest))"
    }

    static func older(_ count: Int) -> String {
        "\(count) older \(count == 1 ? "run is" : "runs are") not shown: see --limit"
    }

    /// A text of another user's on the line on which it is.
    private static func oneLine(_ text: String) -> String {
        String(
            text.map {
                $0.isNewline || $0.unicodeScalars.contains { $0.properties.generalCategory == .control } ? " " : $0
            })
    }
}
