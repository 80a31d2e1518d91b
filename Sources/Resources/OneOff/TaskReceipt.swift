import AWS
import JSON
import Ledger

/// A task that was asked for.
struct TaskReceipt: Record {
    let arn: String
    /// Whether it had ended before this run asked for it: an attempt of a run whose ledger is not at hand.
    var isStopped = false
    /// The revision that it runs, where that is not the one of the order: another ledger has started it with the token. Empty
    /// where ECS did not show it.
    var revision: String?

    /// The last part of the ARN, which people see.
    var id: String { arn.split(separator: "/").last.map(String.init) ?? arn }

    init(arn: String, isStopped: Bool = false, revision: String? = nil) {
        self.arn = arn
        self.isStopped = isStopped
        self.revision = revision
    }

    /// Of a task that the order's token has started already.
    init(adopting task: ECSTask, for ordered: String) {
        self.init(
            arn: task.arn, isStopped: task.lastStatus == "STOPPED",
            revision: task.taskDefinition == ordered ? nil : task.taskDefinition)
    }

    init?(_ json: JSON) {
        guard let arn = json["task"]?.string else { return nil }
        self.init(arn: arn, isStopped: json["stopped"]?.bool ?? false, revision: json["revision"]?.string)
    }

    var json: JSON {
        .members(["task": arn, "stopped": isStopped ? true : nil, "revision": revision])
    }
}
