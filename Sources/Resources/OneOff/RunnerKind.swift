import Manifest

/// What is said and known of the kinds of runners.
extension RunnerKind {
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
