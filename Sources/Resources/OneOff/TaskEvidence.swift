import AWS
import JSON

/// What is kept of a stopped task, which ECS forgets after about an hour. No values.
enum TaskEvidence {
    static func of(_ task: ECSTask, log: [String]) -> JSON {
        .members([
            "task": task.arn, "lastStatus": task.lastStatus, "stopCode": task.shownStopCode.map { "\($0)" },
            "stoppedReason": task.stoppedReason.map { "\($0)" },
            "containers": task.containers.map { container in
                JSON.members([
                    "name": container.name, "exitCode": container.exitCode,
                    "reason": container.reason.map { "\($0)" }, "imageDigest": container.imageDigest,
                ])
            },
            "log": log,
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
