import AWS
import JSON
import Reconciler

/// What a migration task's state proves. Success needs positive evidence; everything else is named for what it is.
enum MigrationVerdict: Sendable, Equatable {
    /// Still on its way, or in a state that this release does not know: only time bounds it.
    case running(String)
    case succeeded
    /// It stopped, and not with success.
    case failed(Failure)
    /// It stopped, and what it did cannot be told.
    case undecided(Failure)

    /// - Parameters:
    ///   - container: the one whose command was replaced by the migration's.
    ///   - rerunnable: whether the manifest says that running it again after an unknown end is safe.
    ///   - log: the last lines of its log.
    static func judge(
        _ task: ECSTask, container: String, rerunnable: Bool, of resource: ResourceID, log: [String]
    ) -> MigrationVerdict {
        guard task.lastStatus == "STOPPED" else { return .running(task.lastStatus) }
        let own = task.containers.first { $0.name == container }
        let cause = StopReason.lines(task, container: container) + StopReason.logLines(log)
        // A task that somebody stopped may end with 0 because its program ended in good order, work undone.
        let endedByItself = task.stopCode == nil || task.stopCode == "EssentialContainerExited"
        func cutOff(_ why: String) -> MigrationVerdict {
            rerunnable
                ? .failed(MigrationVerdict.cutOff(why, resource, cause)) : .undecided(undecided(why, resource, cause))
        }
        switch own?.exitCode {
        case 0? where endedByItself: return .succeeded
        case 0?: return cutOff("its task was stopped from outside, although its command ended with exit code 0")
        case let code? where endedByItself:
            return .failed(
                Failure(
                    .migrationFailed, "the migration failed: \(container) ended with exit code \(code)", of: resource,
                    hint: "mend the migration, then run the same command again: no service was moved", cause: cause))
        case let code?:
            return cutOff("its task was stopped from outside, and \(container) ended with exit code \(code)")
        case nil where task.stopCode == "TaskFailedToStart" || !task.hasStarted:
            return .failed(
                Failure(
                    .migrationNotStarted, "the migration was never started: the task stopped before its command ran",
                    of: resource,
                    hint: StopReason.advice(task) ?? "mend what the cause names, then run the same command again",
                    cause: cause))
        case nil where own == nil:
            return .undecided(undecided("ECS shows no container \(container) in its task", resource, cause))
        case nil: return cutOff("its task was cut off, and \(container) has no exit code")
        }
    }

    /// What the manifest says may be run again.
    static func cutOff(_ why: String, _ resource: ResourceID, _ cause: [String]) -> Failure {
        Failure(
            .migrationFailed, "the migration was cut off: \(why)", of: resource,
            hint: "run the same command again: the manifest says that this migration may be run again", cause: cause)
    }

    static func undecided(_ why: String, _ resource: ResourceID, _ cause: [String]) -> Failure {
        Failure(
            .schemaUndecided, "it cannot be told whether the migration succeeded: \(why)", of: resource,
            hint: "look at the database, then tell what you found: reconcile resolve MANIFEST \(resource) "
                + "--succeeded|--failed|--rerun --reason TEXT",
            cause: cause)
    }
}
