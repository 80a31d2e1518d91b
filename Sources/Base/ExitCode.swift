/// The exit codes of the command line: stable, documented, tested.
public enum ExitCode: Int32, Sendable, CaseIterable {
    case converged = 0
    case failed = 1
    case changesPending = 2
    case migrationFailed = 3
    case rolloutFailed = 4
    case detached = 5
    case undecided = 6
    case usage = 64
    case manifestInvalid = 65
    case broken = 70
    case ledger = 74
    case locked = 75
    case denied = 77
    case interrupted = 130
}
