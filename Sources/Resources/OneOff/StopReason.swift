import AWS

/// Says in words why a task stopped, and what usually helps.
enum StopReason {
    /// Stop code, reason, and how each container ended; the named container first.
    static func lines(_ task: ECSTask, container: String?) -> [String] {
        var lines: [String] = []
        if let code = task.shownStopCode { lines.append("stop code: \(code)") }
        if let reason = task.stoppedReason { lines.append("reason: \(reason)") }
        if let row = StopCause.row(for: task) { lines.append("meaning: \(row.meaning)") }
        let ordered = task.containers.sorted { ($0.name == container ? 0 : 1) < ($1.name == container ? 0 : 1) }
        for container in ordered {
            let exit = container.exitCode.map { "exit code \($0)\(meaning($0))" } ?? "no exit code"
            let reason = container.reason.map { ", \($0)" } ?? ""
            lines.append("container \(container.name): \(exit)\(reason)")
        }
        lines.append("task: \(task.arn)")
        return lines
    }

    static func logLines(_ log: [String]) -> [String] {
        log.isEmpty ? ["no log lines were found"] : ["last log lines:"] + log.map { "  \($0)" }
    }

    /// What the exit codes above 128 stand for: the signal that ended the program.
    private static func meaning(_ code: Int) -> String {
        switch code {
        case 126: " (the command could not be executed)"
        case 127: " (the command was not found)"
        case 137: " (killed: out of memory, or stopped)"
        case 139: " (crashed)"
        case 143: " (terminated)"
        default: ""
        }
    }

    /// The usual remedy, in the imperative.
    static func advice(_ task: ECSTask) -> String? {
        StopCause.row(for: task).map { row in
            row.remedy == StopCause.again ? row.remedy : "\(row.remedy), then run the same command again"
        }
    }
}
