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

    /// Its truth value; nil where it has none, which is reported.
    ///
    /// - Parameter name: what it is called in messages.
    func bool(_ name: String, _ variables: Variables, _ problems: Problems) -> Bool? {
        if case .scalar(.bool(let bool)) = content { return bool }
        guard case .string(let raw) = content, mayHoldVariables else {
            problems.add(at: offset, "\(name) must be true or false, \(kind) found", hint: Self.truth(json))
            return nil
        }
        guard let text = variables.resolve(raw, at: offset, problems) else { return nil }
        if let bool = Bool(text) { return bool }
        problems.add(at: offset, "\(name) must be true or false once its variables are replaced")
        return nil
    }

    /// Which truth value other languages' words for it stand for.
    private static func truth(_ json: JSON) -> String? {
        let word = json.string?.lowercased() ?? json.integer.map(String.init) ?? ""
        if ["true", "yes", "on", "y", "1"].contains(word) { return "write true, without quotes" }
        return ["false", "no", "off", "n", "0"].contains(word) ? "write false, without quotes" : nil
    }

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
