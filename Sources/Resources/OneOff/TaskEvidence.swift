import AWS
import JSON

/// What is kept of a stopped task, which ECS forgets after about an hour. No values.
enum TaskEvidence {
    static func of(_ task: ECSTask, log: [String]) -> JSON {
        .object(dropping: [
            "task": .string(task.arn), "lastStatus": .string(task.lastStatus),
            "stopCode": task.shownStopCode.map { .string("\($0)") },
            "stoppedReason": task.stoppedReason.map { .string("\($0)") },
            "containers": .array(
                task.containers.map { container in
                    .object(dropping: [
                        "name": .string(container.name), "exitCode": container.exitCode.map(JSON.integer),
                        "reason": container.reason.map { .string("\($0)") },
                        "imageDigest": container.imageDigest.map(JSON.string),
                    ])
                }),
            "log": JSON(log),
        ])
    }
}

extension JSON {
    /// Evidence with what it comes to, in a few words.
    func summed(up summary: String) -> JSON {
        var evidence = self
        evidence["summary"] = .string(summary)
        return evidence
    }
}
