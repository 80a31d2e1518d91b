/// A migration's program that ECS knows nothing of: a function's invocation, or a process of a machine.
struct ForeignProgram: Sendable, Equatable {
    /// Whose database it migrates.
    let cluster: String
    /// When it ends, by the world's clock.
    let endsAt: Int
    /// nil while it runs.
    var end: ProgramEnd?
    /// What it writes.
    let log: String
}

/// How such a program ends.
enum ProgramEnd: Sendable, Equatable {
    case exited(Int)
    /// It was ended at its time-out.
    case cutOff
    /// It is gone without a trace.
    case lost
    /// Its command is not there.
    case notFound

    var isUndecided: Bool { self == .cutOff || self == .lost }
}
