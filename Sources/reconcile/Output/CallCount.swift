import AWS
import Synchronization

/// Calls to AWS of one invocation.
struct CallCount: Sendable {
    var all = 0
    /// Those that may change something.
    var mutating = 0

    static func - (left: CallCount, right: CallCount) -> CallCount {
        CallCount(all: left.all - right.all, mutating: left.mutating - right.mutating)
    }
}

/// Counts calls, and tells of each where that is wanted.
final class CallCounter: Sendable {
    private let count = Mutex(CallCount())
    private let verbose: Bool

    private static let mutating: Set = [
        "ecs:RegisterTaskDefinition", "ecs:RunTask", "ecs:UpdateService", "ecs:TagResource", "ecs:StopTask",
        "lambda:InvokeFunction",
    ]

    init(verbose: Bool) { self.verbose = verbose }

    var total: CallCount { count.withLock(\.self) }

    func record(_ record: Caller.Record) {
        count.withLock { count in
            count.all += 1
            if Self.mutating.contains(record.operation) { count.mutating += 1 }
        }
        guard verbose else { return }
        let status = record.status.map(String.init) ?? "no answer"
        let request = record.requestID.map { " (request \($0))" } ?? ""
        Terminal.write("call: \(record.operation) \(status)\(request)\n", to: .error)
    }
}
