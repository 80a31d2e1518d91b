import AWS
import Base
import JSON

/// What the state of a command's task proves.
enum CommandVerdict: Sendable, Equatable {
    case running(String)
    case succeeded
    case failed(Failure)
    /// It stopped, and what it did is not known.
    case undecided(Failure)

    var isEnd: Bool { if case .running = self { false } else { true } }

    var failure: Failure? {
        switch self {
        case .failed(let failure), .undecided(let failure): failure
        case .running, .succeeded: nil
        }
    }

    /// - Parameters:
    ///   - container: the one whose command was replaced.
    ///   - command: its text, as the ledger has it.
    ///   - log: the last lines of its log.
    static func judge(
        _ task: ECSTask, container: String, of resource: ResourceID, command: String, log: LogTail
    ) -> CommandVerdict {
        guard task.lastStatus == "STOPPED" else { return .running(task.lastStatus) }
        let cause = StopReason.lines(task, container: container) + StopReason.logLines(log.lines)
        let text = command
        let endedByItself = MigrationEnd.endedByItself(task)
        switch task.containers.first(where: { $0.name == container })?.exitCode {
        case 0? where endedByItself: return .succeeded
        case let code? where endedByItself:
            return .failed(
                Failure(
                    .commandFailed, "\(text) ended with exit code \(code)", of: resource,
                    hint: "see its last log lines; nothing else was changed", cause: cause))
        case nil where task.stopCode == "TaskFailedToStart" || !task.hasStarted:
            return .failed(
                Failure(
                    .commandNotStarted, "\(text) was never started: its task stopped before", of: resource,
                    hint: StopReason.advice(task) ?? "fix what the cause names, then run the same command again",
                    cause: cause))
        default:
            return .undecided(
                Failure(
                    .commandUndecided, "\(text) was stopped from outside: what it did is unknown", of: resource,
                    hint: "look at what it was to change, before you run it again", cause: cause))
        }
    }

    static func gone(_ arn: String, _ resource: ResourceID) -> Failure {
        Failure(
            .commandUndecided, "ECS no longer shows the command's task: how it ended is unknown", of: resource,
            hint: "look at what it was to change, before you run it again", cause: ["task: \(arn)"])
    }

    static func unanswered(_ resource: ResourceID) -> Failure {
        Failure(
            .commandUndecided, "an earlier command got no response: it may or may not have run", of: resource,
            hint: "look at what it was to change, then run the same command again")
    }

    static func busy(_ arn: String, _ resource: ResourceID) -> Failure {
        Failure(
            .migrationRunning, "a migration of this database, or another command, is running", of: resource,
            hint: "wait until it has ended, then run the same command again; or add --no-lock to start it anyway",
            cause: ["task: \(arn)"])
    }
}
