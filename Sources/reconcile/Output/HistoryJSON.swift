import JSON
import Ledger

/// A run for programs: the form that is documented and does not change.
enum HistoryJSON {
    /// - Parameter durations: of the resource that was asked for, in all runs; nil where none was.
    static func render(_ run: HistoryRun, durations: [StepDurations]? = nil) -> JSON {
        .object(dropping: [
            "environment": .string(run.environment), "epoch": .integer(Int(run.epoch)),
            "began": .string(run.began.iso8601), "user": .string(run.user), "host": .string(run.host),
            "command": .string(run.command),
            "release": run.release.map(release), "exit": run.exit.map(JSON.integer) ?? .null,
            "failure": run.failure ?? .null, "seconds": seconds(run.seconds),
            "steps": .array(run.steps.map(step)), "durations": durations.map(Self.durations),
        ])
    }

    private static func release(_ release: HistoryRun.Release) -> JSON {
        .object(dropping: [
            "image": .string(release.image), "digest": release.digest.map(JSON.string),
            "schema": release.schema.map(JSON.string),
        ])
    }

    private static func durations(_ all: [StepDurations]) -> JSON {
        var object: JSON = [:]
        for steps in all {
            object[steps.action] = [
                "count": .integer(steps.count), "medianSeconds": .integer(Int(steps.median)),
                "longestSeconds": .integer(Int(steps.longest)),
            ]
        }
        return object
    }

    private static func step(_ step: HistoryStep) -> JSON {
        .object(dropping: [
            "resource": step.resource.map { .string($0.description) } ?? .null, "action": .string(step.action),
            "reason": step.reason.map(JSON.string), "result": step.result.map(JSON.string) ?? .null,
            "summary": step.summary.map(JSON.string) ?? .null, "seconds": seconds(step.seconds),
            "token": .string(step.token), "intent": step.intent.map { .integer(Int($0)) },
            "intentEpoch": step.intentEpoch.map { .integer(Int($0)) }, "byHand": step.isByHand ? true : nil,
            "settledIn": step.settledIn.map { .integer(Int($0)) },
        ])
    }

    private static func seconds(_ seconds: Int64?) -> JSON { seconds.map { .integer(Int($0)) } ?? .null }
}
