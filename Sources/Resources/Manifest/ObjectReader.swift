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
                at: node.offset, "\(name.isEmpty ? "the manifest" : name) must be an object, \(node.kind) found")
            self.members = []
            return
        }
        var seen: Set<String> = []
        for member in members {
            if !seen.insert(member.key).inserted {
                problems.add(
                    at: member.keyOffset, "the key \"\(member.key)\" stands twice", hint: "keep one of the two")
            } else if !known.contains(member.key) {
                let near = NearestKey.of(member.key, among: known)
                problems.add(
                    at: member.keyOffset, "unknown key \"\(member.key)\"\(name.isEmpty ? "" : " in \(name)")",
                    hint: near.map { "did you mean \"\($0)\"?" } ?? "known are: \(known.joined(separator: ", "))")
            }
        }
        self.members = members
    }

    /// The member's node; an explicit null counts as absent.
    func node(_ key: String) -> Node? {
        members.last { $0.key == key }?.value.presence
    }

    /// Tells of a section that was begun and left empty: taken for absent, it would switch off what somebody wanted.
    func refuseEmpty(_ key: String, hint: String) {
        guard let member = members.last(where: { $0.key == key }), member.value.presence == nil else { return }
        problems.add(at: member.keyOffset, "\(path(key)) is empty", hint: hint)
    }

    /// The text of a member, variables replaced.
    func string(_ key: String) -> String? {
        guard let node = node(key) else { return nil }
        return text(node, "\(path(key)) must be a string")
    }

    func required(_ key: String) -> String? {
        if node(key) == nil { missing(key) }
        return string(key)
    }

    func missing(_ key: String) {
        // A node that is no object has been told of already.
        if case .object = node.content {
            problems.add(at: node.offset, "\(name.isEmpty ? "the manifest" : name) needs the key \"\(key)\"")
        }
    }

    func bool(_ key: String) -> Bool? {
        guard let node = node(key) else { return nil }
        if case .scalar(.bool(let bool)) = node.content { return bool }
        if node.mayHoldVariables {
            guard let text = text(node, "") else { return nil }
            if let bool = Bool(text) { return bool }
        }
        problems.add(at: node.offset, "\(path(key)) must be true or false, \(node.kind) found")
        return nil
    }

    func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let node = node(key) else { return nil }
        var value: Int?
        if case .scalar(let json) = node.content { value = json.integer }
        if node.mayHoldVariables {
            guard let text = text(node, "") else { return nil }
            value = Int(text)
        }
        guard let value else {
            problems.add(at: node.offset, "\(path(key)) must be a whole number, \(node.kind) found")
            return nil
        }
        guard range.contains(value) else {
            problems.add(at: node.offset, "\(path(key)) must be from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return value
    }

    func duration(_ key: String, atMost limit: Duration) -> Duration? {
        guard let text = string(key), let node = node(key) else { return nil }
        guard let duration = DurationText.parse(text), duration > .zero else {
            problems.add(
                at: node.offset, "\(path(key)) must be a duration",
                hint: "write seconds, minutes or hours: 90s, 15m, 2h")
            return nil
        }
        guard duration <= limit else {
            problems.add(at: node.offset, "\(path(key)) must be at most \(limit.components.seconds / 3_600)h")
            return nil
        }
        return duration
    }

    /// One of the values of an enumeration.
    func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, _: Choice.Type) -> Choice?
    where Choice.RawValue == String {
        guard let text = string(key), let node = node(key) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let known = Choice.allCases.map(\.rawValue)
        let near = NearestKey.of(text, among: known)
        problems.add(
            at: node.offset, "\(path(key)) cannot be \"\(text)\"",
            hint: near.map { "did you mean \"\($0)\"?" } ?? "known are: \(known.joined(separator: ", "))")
        return nil
    }

    /// A list of at least one text.
    func strings(_ key: String) -> [String]? {
        guard let elements = elements(key) else { return nil }
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
            problems.add(at: node.offset, "\(path(key)) must be an object, \(node.kind) found")
            return nil
        }
        var seen: [String: String] = [:]
        for member in members {
            let value = text(member.value, "\(path(key)).\(member.key) must be a string")
            if seen.updateValue(value ?? "", forKey: member.key) != nil {
                problems.add(
                    at: member.keyOffset, "the key \"\(member.key)\" stands twice", hint: "keep one of the two")
            }
        }
        return seen
    }

    func elements(_ key: String) -> [Node]? {
        guard let node = node(key) else { return nil }
        guard case .array(let elements) = node.content else {
            problems.add(at: node.offset, "\(path(key)) must be a list, \(node.kind) found")
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
    func document(_ key: String, _ check: (JSON) -> String? = { _ in nil }) -> JSON? {
        guard let node = node(key) else { return nil }
        let json = DocumentReader(variables: variables, problems: problems).json(node)
        if let complaint = check(json) { problems.add(at: node.offset, "\(path(key)) \(complaint)") }
        return json
    }

    /// A required name that goes into tags.
    func label(_ key: String) -> String? {
        guard let text = required(key) else { return nil }
        guard Syntax.isLabel(text) else {
            problems.add(
                at: place(key), "\(path(key)) \"\(text)\" is not a usable name",
                hint: "use 1 to 64 letters, digits, dots, hyphens and underscores")
            return nil
        }
        return text
    }

    /// Where a member stands, or its object where an option of the command line took its place.
    func place(_ key: String) -> Int { (node(key) ?? node).offset }

    func path(_ key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }

    private func text(_ node: Node, _ complaint: String) -> String? {
        guard case .string(let raw) = node.content else {
            let hint: String? =
                if case .scalar(let json) = node.content { "write it in quotes: \"\(json.compact)\"" } else { nil }
            problems.add(at: node.offset, "\(complaint), \(node.kind) found", hint: hint)
            return nil
        }
        do { return try variables.resolve(raw) } catch {
            problems.add(at: node.offset, error.message, hint: error.hint)
            return nil
        }
    }
}

extension Node {
    /// nil for an explicit null.
    var presence: Node? { content == .scalar(.null) ? nil : self }

    /// Whether it is a text whose variables may stand for a number or a truth value.
    var mayHoldVariables: Bool {
        if case .string(let text) = content { Variables.mayHoldVariables(text) } else { false }
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
