import Base
import JSON
import Ledger

/// How an intent ended, by evidence.
public enum Settlement: Sendable, Equatable {
    case succeeded(evidence: JSON, facts: [Fact])
    case failed(Failure, evidence: JSON, facts: [Fact])
    /// It failed, and something else is wanted by now: recorded and shown, and the run goes on.
    case overtaken(Failure, evidence: JSON, facts: [Fact])
    /// Known to have had no effect, or of no interest any more.
    case abandoned(String)
    /// The evidence is gone or contradicts itself: the intent stays open until a person or a probe decides.
    case indeterminate(Failure)

    /// Whether the step is not open any more.
    public var isEnd: Bool { if case .indeterminate = self { false } else { true } }

    /// What is known for good by it.
    public var facts: [Fact] {
        switch self {
        case .succeeded(_, let facts), .failed(_, _, let facts), .overtaken(_, _, let facts): facts
        case .abandoned, .indeterminate: []
        }
    }
}
