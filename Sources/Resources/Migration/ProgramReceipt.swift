import JSON
import Ledger

/// What is known of a program that was started: all that is needed to find it again.
enum ProgramReceipt: Record {
    case task(TaskReceipt)
    /// A function has answered by the time that there is a receipt.
    case function(LambdaAnswer)
    case process(ProcessReceipt)

    init?(_ json: JSON) {
        if let task = TaskReceipt(json) {
            self = .task(task)
        } else if let process = ProcessReceipt(json) {
            self = .process(process)
        } else if let answer = LambdaAnswer(json) {
            self = .function(answer)
        } else {
            return nil
        }
    }

    var json: JSON {
        switch self {
        case .task(let receipt): receipt.json
        case .function(let answer): answer.json
        case .process(let receipt): receipt.json
        }
    }

    /// What the program is known by, in the words of whatever runs it.
    var program: String {
        switch self {
        case .task(let receipt): receipt.arn
        case .function(let answer): answer.request ?? "unknown"
        case .process(let receipt): receipt.folder
        }
    }
}

/// A process that was started on one machine.
struct ProcessReceipt: Record {
    let folder: String
    let host: String
    let boot: String
    /// nil for one that had ended at once.
    var pid: Int?
    /// When it was started, in the machine's own terms.
    var start: String?

    init(folder: String, host: String, boot: String) {
        self.folder = folder
        self.host = host
        self.boot = boot
    }

    init?(_ json: JSON) {
        guard let folder = json["folder"]?.string, let host = json["host"]?.string, let boot = json["boot"]?.string
        else { return nil }
        self.init(folder: folder, host: host, boot: boot)
        pid = json["pid"]?.integer
        start = json["start"]?.string
    }

    var json: JSON {
        .members(["folder": folder, "host": host, "boot": boot, "pid": pid, "start": start])
    }
}
