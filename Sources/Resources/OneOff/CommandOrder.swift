import Hashing
import JSON
import Ledger
import Reconciler

extension Action {
    /// Run a command that someone asks for. Never part of an apply.
    public static let run = Action("run")
}

/// What is written down before a one-off command is started.
struct CommandOrder: Record {
    /// Its text, values hidden.
    let command: String
    let container: String
    let service: String
    /// The ARN of the revision that it runs from.
    let revision: String
    let startedBy: String
    /// The database that it has for itself; nil if it runs next to others.
    let database: String?
    let environmentNames: [String]
    let taskRole: String?
    let isDetached: Bool

    init(
        _ spec: CommandSpec, container: String, service: String, revision: String, startedBy: String,
        database: String?
    ) {
        command = spec.text
        self.container = container
        self.service = service
        self.revision = revision
        self.startedBy = startedBy
        self.database = database
        environmentNames = spec.environment.keys.sorted { $0.precedes($1) }
        taskRole = spec.taskRoleARN
        isDetached = spec.isDetached
    }

    init?(_ json: JSON) {
        guard let command = json["command"]?.string, let container = json["container"]?.string,
            let revision = json["revision"]?.string, let startedBy = json["startedBy"]?.string
        else { return nil }
        self.command = command
        self.container = container
        service = json["service"]?.string ?? ""
        self.revision = revision
        self.startedBy = startedBy
        database = json["database"]?.string
        environmentNames = json["environmentNames"]?.elements.compactMap(\.string) ?? []
        taskRole = json["taskRole"]?.string
        isDetached = json["detached"]?.bool ?? false
    }

    var json: JSON {
        .members([
            "command": command, "container": container, "service": service, "revision": revision,
            "startedBy": startedBy, "database": database, "environmentNames": environmentNames, "taskRole": taskRole,
            "detached": isDetached ? true : nil,
        ])
    }
}

/// Of a step of a command: what is ordered, or that a person has asked for its end.
enum CommandStepOrder: Record {
    case run(CommandOrder)
    case stop

    init?(_ json: JSON) {
        if json["action"]?.string == Action.stop.rawValue {
            self = .stop
        } else if let order = CommandOrder(json) {
            self = .run(order)
        } else {
            return nil
        }
    }

    var json: JSON {
        switch self {
        case .run(let order): order.json
        case .stop: [:]
        }
    }
}

/// An open command: its intent, and what its records say.
struct CommandStep: Sendable {
    let intent: Intent
    let order: CommandOrder
    /// nil if no answer was recorded.
    let receipt: TaskReceipt?

    init?(_ step: Pending<CommandStepOrder, TaskReceipt>) {
        guard case .run(let order) = step.order else { return nil }
        intent = step.intent
        self.order = order
        receipt = step.receipt
    }

    /// nil for what is not one, or cannot be read.
    init?(_ intent: Intent) {
        guard intent.action == .run, let step = Pending<CommandStepOrder, TaskReceipt>(intent) else { return nil }
        self.init(step)
    }
}

/// The RunTask token of a command: of the ledger and the entry that asks for it, and so the same for each repeat of the call,
/// and a new one for each new command.
enum CommandToken {
    static func of(_ intent: Intent, in context: Context) -> String {
        SHA256.hex("command\n\(context.ledger.lineage)\n\(intent.sequence)")
    }
}
