import JSON
import Reconciler

/// The kinds of runners, as intents name them.
enum RunnerKind: String, Sendable {
    case ecsTask = "ecs-task"
    case lambda
    case process

    static let key = "runner"

    init(_ spec: MigrateSpec.Runner) {
        self =
            switch spec {
            case .ecsTask: .ecsTask
            case .lambda: .lambda
            case .process: .process
            }
    }

    /// What began an intent. One that says nothing of it was begun as a task.
    init?(of intent: Intent) {
        guard let name = intent.payload[Self.key]?.string else {
            self = .ecsTask
            return
        }
        self.init(rawValue: name)
    }

    /// What it runs, in a word.
    var noun: String {
        switch self {
        case .ecsTask: "task"
        case .lambda: "function"
        case .process: "process"
        }
    }

    /// What is told to who stops waiting for it.
    var atWork: String {
        switch self {
        case .ecsTask: "AWS is still working."
        case .lambda: "The migration's function may still be at work."
        case .process: "The migration's process is still running."
        }
    }

    /// Whether what it runs can be ended on demand.
    var canStop: Bool { self != .lambda }

    /// How long a run waits for an end. What ends its program by itself after the manifest's time-out is given the time to
    /// do so: else the run would give up a moment before it is told.
    func patience(_ timeout: Duration) -> Duration {
        switch self {
        case .ecsTask: timeout
        case .lambda: timeout + .seconds(120)
        case .process: timeout + .seconds(60)
        }
    }
}

extension Intent {
    /// What its program is known by, in the words of whatever runs it.
    var program: String {
        acceptance?["task"]?.string ?? acceptance?["request"]?.string ?? acceptance?["folder"]?.string ?? "unknown"
    }
}
