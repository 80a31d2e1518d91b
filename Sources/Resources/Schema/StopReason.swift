import AWS

/// Says in words why a task stopped, and what usually helps.
enum StopReason {
    /// Stop code, reason, and how each container ended; the named container first.
    static func lines(_ task: ECSTask, container: String?) -> [String] {
        var lines: [String] = []
        if let code = task.stopCode { lines.append("stop code: \(code)") }
        if let reason = task.stoppedReason { lines.append("reason: \(reason)") }
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

    /// The usual remedy for a task that never started.
    /// (Amazon ECS Developer Guide, "Stopped task error messages" and "TaskFailedToStart errors".)
    static func advice(_ task: ECSTask) -> String? {
        let text = ([task.stoppedReason] + task.containers.map(\.reason)).compactMap(\.self).joined(separator: "\n")
        let remedies = [
            ("CannotPullContainerError", "check that the image exists and that the task can reach its registry"),
            ("CannotPull", "check that the image exists and that the task can reach its registry"),
            (
                "ResourceInitializationError",
                "check the execution role's permissions and the route from the task's subnets to AWS's services"
            ),
            ("CannotStartContainerError", "check the command: is it on the image's PATH and executable?"),
            ("CannotCreateContainerError", "check the command: is it on the image's PATH and executable?"),
            ("OutOfMemoryError", "give the task more memory"),
            ("Network Interface", "check that the subnets have free addresses"),
            ("Capacity is unavailable", "run the same command again in a few minutes"),
        ]
        return remedies.first { text.contains($0.0) }.map { "\($0.1), then run the same command again" }
    }
}
