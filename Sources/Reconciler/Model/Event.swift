import Base
import Ledger
import Time

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
    /// What goes on by itself after the run, and how far it is.
    case left(ResourceID, String)
    /// Worth knowing, changes nothing.
    case warning(ResourceID?, String)
}

/// How far something under way is.
public struct Progress: Sendable, Equatable {
    /// In a few words, such as `RUNNING` or `1 of 2 tasks on the new revision`.
    public let state: String
    public let running: Int?
    public let desired: Int?
    /// For what goes through stages.
    public let stage: Stage?

    /// A stage, and what it waits for.
    public struct Stage: Sendable, Equatable {
        /// As AWS names it.
        public let name: String
        /// How much of the traffic has moved.
        public let trafficPercent: Double?
        /// The id of a hook that is open.
        public let hook: String?
        /// Whether that waits for a person.
        public let isPaused: Bool
        public let hookExpires: Timestamp?

        public init(
            name: String, trafficPercent: Double?, hook: String?, isPaused: Bool, hookExpires: Timestamp?
        ) {
            self.name = name
            self.trafficPercent = trafficPercent
            self.hook = hook
            self.isPaused = isPaused
            self.hookExpires = hookExpires
        }
    }

    public init(_ state: String, running: Int? = nil, desired: Int? = nil, stage: Stage? = nil) {
        self.state = state
        self.running = running
        self.desired = desired
        self.stage = stage
    }
}
