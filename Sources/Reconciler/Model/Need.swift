import Base
import Ledger

/// What a resource needs to come to its desired state.
public enum Need: Sendable, Equatable {
    case nothing
    /// A call that changes the world.
    case change(Action)
    /// A call that asks what nothing else can tell. It needs no approval.
    case question(Action)
    /// A trace of what is known, where a lost ledger can find it. Best effort: no plan is about it.
    case note(Action)
    /// Under way already: nothing to do but to watch.
    case wait(Patience)
    /// Under way, and that is enough: it is watched only where something depends on its end.
    case leave(Patience)
    /// It must not go on, and why.
    case blocked(Failure)

    /// How long a wait may last before the run detaches, and what to tell then.
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

    /// In a word, as plans and the ledger have it.
    public var action: Action {
        switch self {
        case .nothing: .none
        case .change(let action), .question(let action), .note(let action): action
        case .wait, .leave: .wait
        case .blocked: .blocked
        }
    }

    /// Whether carrying it out makes a call that may change something.
    public var isCall: Bool {
        switch self {
        case .change, .question, .note: true
        case .nothing, .wait, .leave, .blocked: false
        }
    }

    /// Whether it goes on by itself, and a run need not wait for it.
    public var isLeft: Bool { if case .leave = self { true } else { false } }

    public var isNote: Bool { if case .note = self { true } else { false } }
}
