import JSON

/// What a resource needs to come to its desired state.
public enum Action: String, Sendable, CaseIterable {
    case none
    /// Register a task-definition revision.
    case register
    /// Run the migration.
    case migrate
    /// Ask the database which version it has.
    case probe
    /// Run a command that somebody asks for. Never part of an apply.
    case run
    /// Point something that exists at another state.
    case update
    /// End what is under way. Never part of a plan: a person asks for it.
    case stop
    /// Leave a trace of what is known where a lost ledger can find it. Never what a plan is about: best effort.
    case mark
    /// Under way already: nothing to do but to watch.
    case wait
    /// Must not go on; the change's failure says why.
    case blocked

    /// Whether carrying it out calls something that changes the world.
    public var isMutating: Bool {
        switch self {
        case .register, .migrate, .probe, .run, .update, .stop, .mark: true
        case .none, .wait, .blocked: false
        }
    }
}

/// One difference between what is and what is wanted. Values that might be secret are fingerprints already.
public struct FieldChange: Sendable, Hashable {
    /// Such as `containerDefinitions[app].image`.
    public let path: String
    public let from: String?
    public let to: String?

    public init(path: String, from: String?, to: String?) {
        self.path = path
        self.from = from
        self.to = to
    }
}

/// A resource's need, with its reason in words and the fields that differ.
public struct Change: Sendable, Equatable {
    public var action: Action
    public var reason: String
    public var fields: [FieldChange]
    /// All that the change would send; nil for one that sends nothing that a plan can know.
    public var content: Content?
    /// Remarks for people that change nothing, such as that a base was moved by somebody else.
    public var notes: [String]
    /// Whether the ledger has to be told of what nobody has to change: a run is made for that alone.
    public var isNews = false
    /// Why a blocked change may not go on.
    public var failure: Failure?
    /// How long a wait may last before the run detaches, and what to tell then.
    public var patience: Patience?

    /// What a change would send, for an approval that has to cover all of it.
    public struct Content: Sendable, Equatable {
        /// What may be shown.
        public let shown: JSON
        /// Values by name that may be secret: an approval keeps no more of them than lets them be compared.
        public let hidden: [String: String]

        public init(_ shown: JSON, hidden: [String: String] = [:]) {
            self.shown = shown
            self.hidden = hidden
        }
    }

    public struct Patience: Sendable, Equatable {
        public let limit: Duration
        /// A sentence that says what continues after the command stops waiting.
        public let atWork: String
        public let hint: String
        /// Whether the end is a matter of seconds, however long it has been waited for.
        public let isNear: Bool

        public init(limit: Duration, atWork: String = "AWS is still working.", hint: String, isNear: Bool = false) {
            self.limit = limit
            self.atWork = atWork
            self.hint = hint
            self.isNear = isNear
        }
    }

    public init(
        _ action: Action, _ reason: String, fields: [FieldChange] = [], notes: [String] = [], content: Content? = nil,
        failure: Failure? = nil, patience: Patience? = nil
    ) {
        self.action = action
        self.reason = reason
        self.fields = fields
        self.notes = notes
        self.content = content
        self.failure = failure
        self.patience = patience
    }

    public static func none(_ reason: String, notes: [String] = []) -> Change { Change(.none, reason, notes: notes) }

    public static func blocked(_ failure: Failure) -> Change { Change(.blocked, failure.summary, failure: failure) }

    /// - Parameter notes: why it may last, for people; a time-out has them as its cause.
    public static func wait(_ reason: String, _ patience: Patience, notes: [String] = []) -> Change {
        Change(.wait, reason, notes: notes, patience: patience)
    }

    /// Whether the resource is in its desired state. A missing mark alone is no change.
    public var isSettled: Bool { action == .none || action == .mark }
}
