import Base
import JSON

extension Node {
    /// nil for an explicit null.
    var presence: Node? { content == .scalar(.null) ? nil : self }

    /// A member's value; of a key that is listed twice the last, and nil for an explicit null.
    func member(_ key: String) -> Node? {
        guard case .object(let members) = content else { return nil }
        return members.last { $0.key == key }?.value.presence
    }

    /// Whether it is a text whose variables may stand for a number or a truth value.
    var mayHoldVariables: Bool {
        if case .string(let text) = content { Variables.mayHoldVariables(text) } else { false }
    }

    /// As a message quotes it: as it is written in the source. What a variable means may be a secret.
    var written: String { if case .string(let text) = content { quoted(text) } else { kind } }

    /// What it is, with its article.
    var kind: String {
        switch content {
        case .scalar(.null): "null"
        case .scalar(.bool): "a truth value"
        case .scalar: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }
}
