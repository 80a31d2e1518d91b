import AWS
import JSON
import Manifest

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
    /// When it ended, by AWS's time, in seconds since 1970; nil where that is not known.
    private(set) var endedAt: Int64?
    /// Whether success may be believed without the end of its log.
    var mayLackLog = false

    /// Whether what the program said may outweigh how it ended.
    let dependsOnLog: Bool

    /// - Parameter dependsOnLog: nil where it follows from how it ended.
    init(
        _ way: Way, _ kind: RunnerKind, who: String, cause: [String], log: LogTail, evidence: JSON,
        dependsOnLog: Bool? = nil
    ) {
        self.way = way
        let hasExited = if case .exited = way { true } else { false }
        self.dependsOnLog = dependsOnLog ?? hasExited
        noun = kind.noun
        self.who = who
        self.cause = cause
        self.log = log
        self.evidence = evidence
    }

    /// - Parameters:
    ///   - container: the one whose command was replaced by the migration's.
    ///   - optional: containers that are not essential: their end ends no task.
    /// - Returns: nil for a task that has not stopped: also in a state that this release does not know, only time bounds it.
    init?(_ task: ECSTask, container: String, optional: Set<String> = [], log: LogTail) {
        guard task.lastStatus == "STOPPED" else { return nil }
        let own = task.containers.first { $0.name == container }
        let other = Self.failed(in: task, beside: container).first { !optional.contains($0.name) }
        self.init(
            Self.way(task, container, own, killer: log.answer == nil ? other : nil), .ecsTask, who: container,
            cause: StopReason.lines(task, container: container), log: log,
            evidence: TaskEvidence.of(task, log: log.lines),
            dependsOnLog: own?.exitCode != nil && Self.endedByItself(task))
        endedAt = task.executionStoppedAt
    }

    /// Other containers that ended by a fault of their own: neither in good order nor by the signals that ECS stops with.
    static func failed(in task: ECSTask, beside container: String) -> [ECSTask.Container] {
        task.containers.filter {
            guard $0.name != container, let code = $0.exitCode, code != 0 else { return false }
            // The kernel ends what has no memory left with the signal that ECS stops with, too. (ECS Developer Guide, "Stopped
            // tasks error codes": OutOfMemoryError.)
            return ![137, 143].contains(code) || $0.reason?.contains("OutOfMemory") == true
        }
    }

    /// Whether it ended because one of its containers did. (ECS API Reference, Task, "stopCode"; servers that leave it out
    /// tell the reason alone.)
    static func endedByItself(_ task: ECSTask) -> Bool {
        guard let code = task.stopCode else {
            return task.stoppedReason.map { $0.hasPrefix("Essential container in task exited") } ?? true
        }
        return code == "EssentialContainerExited"
    }

    /// - Parameter killer: a container whose own failure may have ended the task before the migration was through.
    private static func way(
        _ task: ECSTask, _ container: String, _ own: ECSTask.Container?, killer: ECSTask.Container?
    ) -> Way {
        // A program that is asked to stop may end with 0 because it ended in good order, work undone.
        let endedByItself = endedByItself(task)
        switch own?.exitCode {
        case 0? where endedByItself && killer != nil:
            let other = killer.map { "\($0.name) ended with exit code \($0.exitCode ?? 0)" } ?? ""
            return .cutOff(
                "\(other), and ECS may have stopped \(container) for that, although it ended with exit code 0")
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
