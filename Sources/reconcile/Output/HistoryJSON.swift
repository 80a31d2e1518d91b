import JSON
import Ledger

/// A run for programs: the form that is documented and does not change.
enum HistoryJSON {
    /// - Parameter durations: of the resource that was asked for, in all runs; nil where none was.
    static func render(_ run: HistoryRun, durations: [StepDurations]? = nil) -> JSON {
        .members([
            "environment": run.environment, "epoch": Int(run.epoch), "began": run.began.iso8601, "user": run.user,
            "host": run.host, "command": run.command, "release": run.release.map(release), "exit": run.exit.orNull,
            "failure": run.failure.orNull, "seconds": run.seconds.orNull, "steps": run.steps.map(step),
            "durations": durations.map(Self.durations),
        ])
    }

    private static func release(_ release: HistoryRun.Release) -> JSON {
        .members(["image": release.image, "digest": release.digest, "schema": release.schema])
    }

    private static func durations(_ all: [StepDurations]) -> JSON {
        var object: JSON = [:]
        for steps in all {
            object[steps.action] = .members([
                "count": steps.count, "medianSeconds": Int(steps.median), "longestSeconds": Int(steps.longest),
            ])
        }
        return object
    }

    private static func step(_ step: HistoryStep) -> JSON {
        .members([
            "resource": step.resource.orNull, "action": step.action, "reason": step.reason,
            "result": step.result.orNull, "summary": step.summary.orNull, "seconds": step.seconds.orNull,
            "token": step.token, "intent": step.intent, "intentEpoch": step.intentEpoch,
            "byHand": step.isByHand ? true : nil, "settledIn": step.settledIn,
        ])
    }
}
