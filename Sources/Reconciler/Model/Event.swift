import Base
import Ledger

/// What a run tells while it goes on, for a terminal, a log or a JSON stream to show.
public enum Event: Sendable {
    /// What is going to be done to an environment.
    case planned(String, Plan)
    /// A mutating step begins; its intent is in the ledger.
    case started(ResourceID, Change)
    /// Something under way was looked at.
    case progress(ResourceID, Progress)
    /// A line of the migration's own log, as untrusted as any program's output.
    case log(ResourceID, String)
    /// A step has come to its end; how long it took where this run began it.
    case finished(ResourceID, Action, summary: String, took: Duration?)
    /// Worth knowing, changes nothing.
    case warning(ResourceID?, String)
}

/// How far something under way is.
public struct Progress: Sendable, Equatable {
    /// In a few words, such as `RUNNING` or `1 of 2 tasks on the new revision`.
    public let state: String
    public let running: Int?
    public let desired: Int?

    public init(_ state: String, running: Int? = nil, desired: Int? = nil) {
        self.state = state
        self.running = running
        self.desired = desired
    }
}
