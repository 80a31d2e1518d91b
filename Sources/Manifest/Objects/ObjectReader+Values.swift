import Base
import JSON

/// The values of keys: what is declared of a key is checked, and its default counts where it is left out.
extension ObjectReader {
    /// - Parameter hint: what to write instead of something else than a text; nil for its own text in quotes.
    func value(_ key: ManifestKey<String?>, hint: String? = nil) -> String? {
        if key.facts.isRequired, node(key) == nil { missing(key) }
        guard let text = string(key, hint: hint) else { return nil }
        if case .text(.filled) = key.facts.form, text.isEmpty {
            complain(key, "must not be empty", hint: "leave the key out")
            return nil
        }
        return text
    }

    func value(_ key: ManifestKey<String>) -> String { string(key) ?? key.standard }

    func value(_ key: ManifestKey<Bool>) -> Bool { bool(key) ?? key.standard }
    func value(_ key: ManifestKey<Bool?>) -> Bool? { bool(key) }

    func value<Choice: RawRepresentable & CaseIterable>(_ key: ManifestKey<Choice>) -> Choice
    where Choice.RawValue == String {
        choice(key) ?? key.standard
    }

    /// One of the values of an enumeration; nil where it is left out, or is none of them.
    func choice<Choice: RawRepresentable & CaseIterable>(_ key: ManifestKey<Choice>) -> Choice?
    where Choice.RawValue == String {
        let known = Choice.allCases.map(\.rawValue)
        let hint = "known are: \(known.joined(separator: ", "))"
        // How other keys are read depends on it.
        guard let text = local.string(key, hint: hint), let node = node(key) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        problems.add(
            at: node.offset, "\(path(key)) cannot be \(node.written)",
            hint: (node.mayHoldVariables ? nil : NearestKey.hint(text, among: known)) ?? hint)
        return nil
    }

    /// A list of at least one text.
    /// - Parameter hint: what to write instead of something else than a list; nil for what a command is.
    func value(_ key: ManifestKey<[String]?>, hint: String? = nil) -> [String]? {
        if key.facts.isRequired, node(key) == nil { missing(key) }
        return strings(key, hint: hint)
    }

    func value(_ key: ManifestKey<[String]>, hint: String? = nil) -> [String] {
        strings(key, hint: hint) ?? key.standard
    }

    private func strings<Value>(_ key: ManifestKey<Value>, hint: String?) -> [String]? {
        let hint = hint ?? "write a list of texts: the program, then each of its arguments"
        guard let elements = elements(key, hint: hint) else { return nil }
        if elements.isEmpty {
            complain(key, "must not be empty")
            return nil
        }
        return elements.compactMap { text($0, "\(path(key)) must hold strings only") }
    }

    /// Names and texts, as environments are written.
    func value(_ key: ManifestKey<[String: String]>) -> [String: String] {
        guard let node = node(key) else { return key.standard }
        guard case .object(let members) = node.content else {
            complain(
                key, "must be an object, \(node.kind) found", hint: "write names and texts: { \"NAME\": \"VALUE\" }")
            return key.standard
        }
        var seen: [String: String] = [:]
        for member in members {
            let value = text(
                member.value, "\(path(key)): \(quoted(member.key)) must be a string", maySecret: true)
            if seen.updateValue(value ?? "", forKey: member.key) != nil {
                problems.addRepeated(member)
            }
        }
        return seen
    }

    /// A document in AWS's own shape: its keys are not ours to know, its variables are.
    func value(_ key: ManifestKey<JSON?>) -> JSON? {
        guard let node = node(key) else { return nil }
        let json = DocumentReader(variables: variables, problems: problems).json(node)
        switch key.facts.form {
        case .document where json.object == nil:
            complain(key, "must be an object, \(node.kind) found")
        case .list where json.array == nil:
            complain(key, "must be a list, \(node.kind) found")
        case .document(let member?) where json[member]?.object == nil:
            complain(key, "needs the object \(quoted(member))")
        default: break
        }
        return json
    }

    /// A required name that goes into tags.
    func label(_ key: ManifestKey<String?>) -> String? {
        guard let text = value(key) else { return nil }
        guard Syntax.label.admit(text) else {
            refuse(key, "is not a usable name", hint: "use 1 to 64 letters, digits, dots, hyphens and underscores")
            return nil
        }
        return text
    }

    /// The text of a member, variables replaced.
    private func string<Value>(_ key: ManifestKey<Value>, hint: String? = nil) -> String? {
        guard let node = node(key) else { return nil }
        return text(node, "\(path(key)) must be a string", hint: hint)
    }

    private func bool<Value>(_ key: ManifestKey<Value>) -> Bool? {
        node(key).flatMap { $0.bool(path(key), variables, problems) }
    }
}
