import Base
import JSON

/// Reads the members of one object: what is missing, repeated, unknown or of another type becomes a problem with its
/// place, and reading goes on, so that one look at a manifest finds all that is wrong with it.
struct ObjectReader {
    let node: Node
    let problems: Problems
    private let variables: Variables
    private let name: String
    private let members: [Node.Member]

    /// - Parameters:
    ///   - name: what the object is called in messages, such as `schema.migrate`; empty for the manifest itself.
    ///   - known: the keys that it may have.
    init(_ node: Node, name: String, known: [String], variables: Variables, problems: Problems) {
        self.node = node
        self.name = name
        self.variables = variables
        self.problems = problems
        guard case .object(let members) = node.content else {
            problems.add(
                at: node.offset, "\(name.isEmpty ? "the manifest" : name) must be an object, \(node.kind) found",
                hint: "its keys are: \(known.joined(separator: ", "))")
            self.members = []
            return
        }
        var seen: Set<String> = []
        for member in members where !problems.isFull {
            if !seen.insert(member.key).inserted {
                problems.add(
                    at: member.keyOffset, "the key \(quoted(member.key)) is listed twice", hint: "keep one of the two")
            } else if !known.contains(member.key) {
                problems.add(
                    at: member.keyOffset, "unknown key \(quoted(member.key))\(name.isEmpty ? "" : " in \(name)")",
                    hint: Self.advice(member.key, known))
            }
        }
        self.members = members
    }

    private static func advice(_ key: String, _ known: [String]) -> String {
        if let home = ManifestKeys.home(of: key) { return "it belongs to \(home)" }
        return NearestKey.of(key, among: known).map { "did you mean \"\($0)\"?" }
            ?? "known are: \(known.joined(separator: ", "))"
    }

    /// Whether it is one at all: what is no object has been told of, and nothing can be missing in it.
    var isObject: Bool { if case .object = node.content { true } else { false } }

    /// The member's node; an explicit null counts as absent.
    func node(_ key: String) -> Node? {
        members.last { $0.key == key }?.value.presence
    }

    /// Tells of a section that was started and left empty: taken for absent, it would switch off what someone wanted.
    func refuseEmpty(_ key: String, hint: String) {
        guard let member = members.last(where: { $0.key == key }), member.value.presence == nil else { return }
        problems.add(at: member.keyOffset, "\(path(key)) is empty", hint: hint)
    }

    /// The text of a member, variables replaced.
    /// - Parameter hint: what to write instead of something else than a text; nil for its own text in quotes.
    func string(_ key: String, hint: String? = nil) -> String? {
        guard let node = node(key) else { return nil }
        return text(node, "\(path(key)) must be a string", hint: hint)
    }

    /// A text that says something.
    func filled(_ key: String) -> String? {
        guard let text = string(key) else { return nil }
        guard !text.isEmpty else {
            problems.add(at: place(key), "\(path(key)) must not be empty", hint: "leave the key out")
            return nil
        }
        return text
    }

    func required(_ key: String, hint: String? = nil) -> String? {
        if node(key) == nil { missing(key) }
        return string(key, hint: hint)
    }

    func missing(_ key: String) {
        if isObject {
            problems.add(at: node.offset, "\(name.isEmpty ? "the manifest" : name) needs the key \"\(key)\"")
        }
    }

    func bool(_ key: String) -> Bool? {
        guard let node = node(key) else { return nil }
        if case .scalar(.bool(let bool)) = node.content { return bool }
        if node.mayHoldVariables {
            guard let text = text(node, "") else { return nil }
            if let bool = Bool(text) { return bool }
            problems.add(at: node.offset, "\(path(key)) must be true or false once its variables are replaced")
            return nil
        }
        problems.add(
            at: node.offset, "\(path(key)) must be true or false, \(node.kind) found", hint: Self.truth(node.json))
        return nil
    }

    /// Which truth value other languages' words for it stand for.
    static func truth(_ json: JSON) -> String? {
        let word = json.string?.lowercased() ?? json.integer.map(String.init) ?? ""
        if ["true", "yes", "on", "y", "1"].contains(word) { return "write true, without quotes" }
        return ["false", "no", "off", "n", "0"].contains(word) ? "write false, without quotes" : nil
    }

    /// One of the values of an enumeration.
    func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, _: Choice.Type) -> Choice?
    where Choice.RawValue == String {
        let known = Choice.allCases.map(\.rawValue)
        let hint = "known are: \(known.joined(separator: ", "))"
        guard let text = string(key, hint: hint), let node = node(key) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        problems.add(
            at: node.offset, "\(path(key)) cannot be \(node.written)",
            hint: (node.mayHoldVariables ? nil : NearestKey.of(text, among: known)).map { "did you mean \"\($0)\"?" }
                ?? hint)
        return nil
    }

    /// A list of at least one text.
    /// - Parameter hint: what to write instead of something else than a list; nil for what a command is.
    func strings(_ key: String, hint: String? = nil) -> [String]? {
        let hint = hint ?? "write a list of texts: the program, then each of its arguments"
        guard let elements = elements(key, hint: hint) else { return nil }
        if elements.isEmpty, let node = node(key) {
            problems.add(at: node.offset, "\(path(key)) must not be empty")
            return nil
        }
        return elements.compactMap { text($0, "\(path(key)) must hold strings only") }
    }

    /// Names and texts, as environments are written.
    func dictionary(_ key: String) -> [String: String]? {
        guard let node = node(key) else { return nil }
        guard case .object(let members) = node.content else {
            problems.add(
                at: node.offset, "\(path(key)) must be an object, \(node.kind) found",
                hint: "write names and texts: { \"NAME\": \"VALUE\" }")
            return nil
        }
        var seen: [String: String] = [:]
        for member in members {
            let value = text(
                member.value, "\(path(key)): \(quoted(member.key)) must be a string", maySecret: true)
            if seen.updateValue(value ?? "", forKey: member.key) != nil {
                problems.add(
                    at: member.keyOffset, "the key \(quoted(member.key)) is listed twice", hint: "keep one of the two")
            }
        }
        return seen
    }

    func elements(_ key: String, hint: String = "write it in brackets: [ … ]") -> [Node]? {
        guard let node = node(key) else { return nil }
        guard case .array(let elements) = node.content else {
            problems.add(at: node.offset, "\(path(key)) must be a list, \(node.kind) found", hint: hint)
            return nil
        }
        return elements
    }

    func object(_ key: String, known: [String]) -> ObjectReader? {
        node(key).map {
            ObjectReader($0, name: path(key), known: known, variables: variables, problems: problems)
        }
    }

    /// A document in AWS's own shape: its keys are not ours to know, its variables are.
    ///
    /// - Parameter check: what is wrong with it, told after its name.
    func document(_ key: String, _ check: (JSON) -> String? = { _ in nil }) -> JSON? {
        guard let node = node(key) else { return nil }
        let json = DocumentReader(variables: variables, problems: problems).json(node)
        if let complaint = check(json) {
            problems.add(
                at: node.offset, "\(path(key)) \(complaint)\(complaint.hasPrefix("must") ? ", \(node.kind) found" : "")"
            )
        }
        return json
    }

    /// A network configuration as RunTask and UpdateService take it.
    func network(_ key: String) -> JSON? {
        document(key) {
            guard $0.object != nil else { return "must be an object" }
            return $0["awsvpcConfiguration"]?.object == nil ? "needs the object \"awsvpcConfiguration\"" : nil
        }
    }

    /// A required name that goes into tags.
    func label(_ key: String) -> String? {
        guard let text = required(key) else { return nil }
        guard Syntax.isLabel(text) else {
            problems.add(
                at: place(key), "\(path(key)) \(written(key)) is not a usable name",
                hint: "use 1 to 64 letters, digits, dots, hyphens and underscores")
            return nil
        }
        return text
    }

    /// Where a member is, or its object where an option of the command line took its place.
    func place(_ key: String) -> Int { (node(key) ?? node).offset }

    func written(_ key: String) -> String { node(key)?.written ?? "" }
    func path(_ key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }

    /// - Parameter maySecret: whether what is there may be a password: then it is not repeated.
    func text(
        _ node: Node, _ complaint: String, hint: String? = nil, maySecret: Bool = false
    ) -> String? {
        guard case .string(let raw) = node.content else {
            problems.add(
                at: node.offset, "\(complaint), \(node.kind) found", hint: hint ?? inQuotes(node, maySecret: maySecret))
            return nil
        }
        do { return try variables.resolve(raw) } catch {
            problems.add(at: node.offset, error.message, hint: error.hint)
            return nil
        }
    }

    /// As it is written: a version 1.10 is not meant to be 1.1.
    func inQuotes(_ node: Node, maySecret: Bool) -> String? {
        switch node.content {
        case .scalar(.null): "write \"\" for an empty text"
        case .scalar where maySecret: "write it in quotes"
        case .scalar: "write it in quotes: \"\(problems.source.word(at: node.offset))\""
        default: nil
        }
    }
}
