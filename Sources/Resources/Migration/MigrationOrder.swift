import JSON
import Ledger
import Manifest

/// What is written down before a migration is started.
struct MigrationOrder: Record {
    let database: String
    let version: String
    /// Whether the version is the image's identity, which no database knows.
    let isImage: Bool
    /// The digest of what the migration is known by (``MigrationIdentity``).
    let identity: String
    let attempt: Int
    /// What the database was at: only what comes after that can have passed this migration.
    let from: String?
    /// The latest declaration before it.
    let declared: Declaration
    /// The ARN of the revision that it runs from.
    let revision: String
    let container: String
    /// The command's digest.
    let command: String
    let environmentNames: [String]
    /// What runs it, and what that has to know later.
    let runner: RunnerOrder

    init(
        of identity: MigrationIdentity, isImage: Bool, attempt: Int, from: String?, declared: Declaration,
        revision: String,
        container: String,
        command: String, environmentNames: [String], runner: RunnerOrder
    ) {
        database = identity.database
        version = identity.version
        self.identity = identity.digest
        self.isImage = isImage
        self.attempt = attempt
        self.from = from
        self.declared = declared
        self.revision = revision
        self.container = container
        self.command = command
        self.environmentNames = environmentNames
        self.runner = runner
    }

    init?(_ json: JSON) {
        guard let version = json["version"]?.string, let identity = json["identity"]?.string,
            let revision = json["revision"]?.string, let container = json["container"]?.string,
            let runner = RunnerOrder(json)
        else { return nil }
        database = json["database"]?.string ?? ""
        self.version = version
        isImage = json["isImage"]?.bool ?? false
        self.identity = identity
        attempt = json["attempt"]?.integer ?? 1
        from = json["from"]?.string
        declared = json["declared"]?.string.flatMap(Declaration.init(fact:)) ?? .none
        self.revision = revision
        self.container = container
        command = json["command"]?.string ?? ""
        environmentNames = json["environmentNames"]?.elements.compactMap(\.string) ?? []
        self.runner = runner
    }

    var json: JSON {
        var json: JSON = .members([
            "database": database, "version": version, "isImage": isImage, "identity": identity, "attempt": attempt,
            "revision": revision, "container": container, "command": command, "environmentNames": environmentNames,
        ])
        json["from"] = from.map(JSON.string)
        json["declared"] = declared == .none ? nil : .string(declared.fact)
        for member in runner.json.object?.members ?? [] { json[member.key] = member.value }
        return json
    }
}

/// What runs a migration, with what a later run needs to find it again.
enum RunnerOrder: Record {
    case task
    /// - Parameters:
    ///   - timeout: how long it may run, in seconds.
    ///   - image: the reference of the image that is wanted.
    case function(String, timeout: Int?, image: String?)
    case process(Process)

    /// A process on one machine.
    struct Process: Sendable, Equatable {
        let host: String
        /// Which of the machine's starts it was.
        let boot: String
        /// In seconds.
        let timeout: Int?
        /// What is kept of the values that it was given (``StrangeValues``).
        let hidden: JSON?
    }

    var kind: RunnerKind {
        switch self {
        case .task: .ecsTask
        case .function: .lambda
        case .process: .process
        }
    }

    init?(_ json: JSON) {
        let timeout = json["timeout"]?.integer
        // Older orders name no runner: they are for tasks.
        switch json["runner"]?.string.map(RunnerKind.init(rawValue:)) ?? .ecsTask {
        case .ecsTask?: self = .task
        case .lambda?:
            guard let function = json["function"]?.string else { return nil }
            self = .function(function, timeout: timeout, image: json["image"]?.string)
        case .process?:
            guard let host = json["host"]?.string, let boot = json["boot"]?.string else { return nil }
            self = .process(Process(host: host, boot: boot, timeout: timeout, hidden: json["hidden"]))
        case nil: return nil
        }
    }

    var json: JSON {
        switch self {
        case .task: [:]
        case .function(let function, let timeout, let image):
            .members(["runner": kind.rawValue, "function": function, "timeout": timeout, "image": image])
        case .process(let process):
            .members([
                "runner": kind.rawValue, "host": process.host, "boot": process.boot, "timeout": process.timeout,
                "hidden": process.hidden,
            ])
        }
    }
}
