import AWS
import JSON

/// How a migration's program ended, whoever ran it.
struct MigrationEnd: Sendable, Equatable {
    enum Way: Sendable, Equatable {
        /// It ended by itself.
        case exited(Int)
        /// It never ran; what usually helps.
        case neverStarted(advice: String?)
        /// It was ended from outside, or its end was not seen: what it did is not known.
        case cutOff(String)
        /// The same, and what is shown is none of what a manifest can have meant when it says that it may be run again.
        case unknowable(String)
    }

    let way: Way
    /// Of which kind its program is, in a word.
    let noun: String
    /// What ran it, such as a container's name.
    let who: String
    /// Why, line by line, for people.
    let cause: [String]
    let log: LogTail
    /// What the ledger keeps of it. No values.
    let evidence: JSON
    /// Whether success may be believed without the end of its log.
    var mayLackLog = false

    /// Whether what the program said may outweigh how it ended.
    var dependsOnLog: Bool { if case .exited = way { true } else { false } }

    init(_ way: Way, _ kind: RunnerKind, who: String, cause: [String], log: LogTail, evidence: JSON) {
        self.way = way
        noun = kind.noun
        self.who = who
        self.cause = cause
        self.log = log
        self.evidence = evidence
    }

    /// - Parameter container: the one whose command was replaced by the migration's.
    /// - Returns: nil for a task that has not stopped: also in a state that this release does not know, only time bounds it.
    init?(_ task: ECSTask, container: String, log: LogTail) {
        guard task.lastStatus == "STOPPED" else { return nil }
        let own = task.containers.first { $0.name == container }
        self.init(
            Self.way(task, container, own), .ecsTask, who: container,
            cause: StopReason.lines(task, container: container), log: log,
            evidence: TaskEvidence.of(task, log: log.lines))
    }

    private static func way(_ task: ECSTask, _ container: String, _ own: ECSTask.Container?) -> Way {
        // A task that somebody stopped may end with 0 because its program ended in good order, work undone.
        let endedByItself = task.stopCode == nil || task.stopCode == "EssentialContainerExited"
        switch own?.exitCode {
        case let code? where endedByItself: return .exited(code)
        case 0?:
            return .cutOff("its task was stopped from outside, although its command ended with exit code 0")
        case let code?:
            return .cutOff("its task was stopped from outside, and \(container) ended with exit code \(code)")
        case nil where task.stopCode == "TaskFailedToStart" || !task.hasStarted:
            return .neverStarted(advice: StopReason.advice(task))
        case nil where own == nil: return .unknowable("ECS shows no container \(container) in its task")
        case nil: return .cutOff("its task was cut off, and \(container) has no exit code")
        }
    }
}
