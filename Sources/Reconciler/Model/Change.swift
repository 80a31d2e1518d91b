import Base
import JSON
import Ledger

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
    public var need: Need
    public var reason: String
    public var fields: [FieldChange]
    /// All that the change would send; nil for one that sends nothing that a plan can know.
    public var content: Content?
    /// Remarks for people that change nothing, such as that a base was moved by another user.
    public var notes: [String]
    /// Whether the ledger has to record what no one has to change: a run is made for that alone.
    public var isUnrecorded = false

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

    public init(
        _ need: Need, _ reason: String, fields: [FieldChange] = [], notes: [String] = [], content: Content? = nil
    ) {
        self.need = need
        self.reason = reason
        self.fields = fields
        self.notes = notes
        self.content = content
    }

    /// A change by a call of the resource's kind.
    public init(
        _ action: Action, _ reason: String, fields: [FieldChange] = [], notes: [String] = [], content: Content? = nil
    ) {
        self.init(.change(action), reason, fields: fields, notes: notes, content: content)
    }

    public static func none(_ reason: String, notes: [String] = []) -> Change { Change(.nothing, reason, notes: notes) }

    public static func blocked(_ failure: Failure) -> Change { Change(.blocked(failure), failure.summary) }

    /// - Parameter notes: why it may last, for people; a time-out has them as its cause.
    public static func wait(_ reason: String, _ patience: Need.Patience, notes: [String] = []) -> Change {
        Change(.wait(patience), reason, notes: notes)
    }

    /// In a word, as plans and the ledger have it.
    public var action: Action { need.action }

    /// Why it must not go on; nil if nothing blocks it.
    public var failure: Failure? { if case .blocked(let failure) = need { failure } else { nil } }

    /// How long it may be waited for; nil if there is nothing to wait for.
    public var patience: Need.Patience? { if case .wait(let patience) = need { patience } else { nil } }

    /// Whether the resource is in its desired state. A missing note alone is no change.
    public var isSettled: Bool { need == .nothing || need.isNote || need.isLeft }

    /// The same, watched to its end.
    var awaited: Change {
        guard case .leave(let patience) = need else { return self }
        var change = self
        change.need = .wait(patience)
        return change
    }
}
