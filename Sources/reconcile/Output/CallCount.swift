import AWS
import Synchronization

/// Calls to AWS of one environment's part in an invocation.
struct CallCount: Sendable {
    var all = 0
    /// Those that may change something.
    var mutating = 0
}

/// Counts the calls of one environment, also while others are looked at next to it. A reading that serves several counts for
/// the one whose turn it was.
final class CallTally: Sendable {
    /// Whose calls the present task makes; nil where they are made for all.
    @TaskLocal static var current: CallTally?

    private let count = Mutex(CallCount())

    var total: CallCount { count.withLock(\.self) }

    func take(isMutating: Bool) {
        count.withLock { count in
            count.all += 1
            if isMutating { count.mutating += 1 }
        }
    }
}

/// Counts calls, and tells of each where that is wanted.
struct CallCounter: Sendable {
    let verbose: Bool

    private static let mutating: Set = [
        "ecs:RegisterTaskDefinition", "ecs:RunTask", "ecs:UpdateService", "ecs:CreateService",
        "ecs:ContinueServiceDeployment", "ecs:StopServiceDeployment", "ecs:TagResource", "ecs:StopTask",
        "lambda:InvokeFunction", "events:PutTargets", "scheduler:UpdateSchedule",
    ]

    func record(_ record: Caller.Record) {
        let isMutating = Self.mutating.contains(record.operation)
        CallTally.current?.take(isMutating: isMutating)
        guard verbose else { return }
        let status = record.status.map(String.init) ?? "no answer"
        let request = record.requestID.map { " (request \($0))" } ?? ""
        Terminal.write("call: \(record.operation) \(status)\(request)\n", to: .error)
    }
}
