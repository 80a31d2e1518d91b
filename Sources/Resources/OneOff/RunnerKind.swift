import JSON
import Manifest

/// The kinds of runners, as intents name them.
enum RunnerKind: String, Sendable {
    case ecsTask = "ecs-task"
    case lambda
    case process

    init(_ spec: MigrateSpec.Runner) {
        self =
            switch spec {
            case .ecsTask: .ecsTask
            case .lambda: .lambda
            case .process: .process
            }
    }

    /// What it runs, in a word.
    var noun: String {
        switch self {
        case .ecsTask: "task"
        case .lambda: "function"
        case .process: "process"
        }
    }

    /// What is shown to who stops waiting for it.
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
    /// do so: else the run would give up a moment before it knows.
    func patience(_ timeout: Duration) -> Duration {
        switch self {
        case .ecsTask: timeout
        case .lambda: timeout + .seconds(120)
        case .process: timeout + .seconds(60)
        }
    }
}
